import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { reached } from './client.ts'
import type { Item } from './items.ts'

/** What became of a write with a condition. */
export type Conditional<T> =
  | { readonly done: true; readonly output: T }
  /** The condition failed; `stored` is the item that is there, if the call asked for it. */
  | { readonly done: false; readonly stored: Item | undefined }

/** Awaits a write with a condition. Faults of the way to the store become NamingError `unavailable`. */
export async function conditional<T>(call: Promise<T>): Promise<Conditional<T>> {
  try {
    return { done: true, output: await reached(call) }
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return { done: false, stored: error.Item }
    throw error
  }
}
