import { setTimeout as pause } from 'node:timers/promises'
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type DynamoDBClient,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb'
import { NamingError } from '../records/faults.ts'
import { inParallel } from '../records/in-parallel.ts'
import { reached } from './client.ts'
import type { Item } from './items.ts'

/** The items of these keys, as many as there are, in no particular order; strongly consistent. No key may be there twice. */
export async function readItems(client: DynamoDBClient, table: string, keys: readonly Item[]): Promise<Item[]> {
  const items: Item[] = []
  await inParallel(PARALLEL_CALLS, chunks(keys, MAX_READS), (chunk) =>
    inRounds(chunk, async (left) => {
      const RequestItems = { [table]: { Keys: [...left], ConsistentRead: true } }
      const { Responses, UnprocessedKeys } = await reached(client.send(new BatchGetItemCommand({ RequestItems })))
      items.push(...(Responses?.[table] ?? []))
      return UnprocessedKeys?.[table]?.Keys ?? []
    }),
  )
  return items
}

/** Puts and deletes, in no particular order. No item may be written twice. */
export async function writeItems(
  client: DynamoDBClient,
  table: string,
  requests: readonly WriteRequest[],
): Promise<void> {
  await inParallel(PARALLEL_CALLS, chunks(requests, MAX_WRITES), (chunk) =>
    inRounds(chunk, async (left) => {
      const RequestItems = { [table]: [...left] }
      const { UnprocessedItems } = await reached(client.send(new BatchWriteItemCommand({ RequestItems })))
      return UnprocessedItems?.[table] ?? []
    }),
  )
}

// ---------------------------------------------------------------------------

const PARALLEL_CALLS = 8
const MAX_READS = 100 // keys of one BatchGetItem
const MAX_WRITES = 25 // requests of one BatchWriteItem
const MAX_ROUNDS = 8
const MAX_PAUSE_MS = 1000

/** DynamoDB may do a part of a call only, where it is busy: the rest is asked for again, after a pause that grows. */
async function inRounds<T>(all: readonly T[], call: (left: readonly T[]) => Promise<readonly T[]>): Promise<void> {
  let left = all
  for (let round = 0; left.length > 0; round++) {
    if (round === MAX_ROUNDS) throw new NamingError('unavailable')
    if (round > 0) await pause(Math.random() * Math.min(MAX_PAUSE_MS, 20 * 2 ** round))
    left = await call(left)
  }
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size))
}
