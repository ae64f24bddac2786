import type { Context } from 'aws-lambda'
import type { ReconcileOptions } from './reconcile.ts'

/** Half of what an account has for such requests, of everybody's (Lambda Developer Guide, "Lambda quotas": 15). */
export const REQUESTS_PER_SECOND = 8

/** Kept of the time that there is: to write what has been found out, and to end. */
const WRITE_MS = 60_000
const END_MS = 10_000

export function optionsOf(context: Context): ReconcileOptions {
  const [own = ''] = /^(?:[^:]+:){6}[^:]+/.exec(context.invokedFunctionArn) ?? []
  return {
    own,
    mayRead: () => context.getRemainingTimeInMillis() > WRITE_MS,
    mayWrite: () => context.getRemainingTimeInMillis() > END_MS,
    random: Math.random,
  }
}
