/**
 * The part of an event source mapping that decides: what becomes of the records that were read from a shard, given
 * what the function made of them. Pure, so that every course of events can be tried in a test.
 */

export interface FeedSettings {
  /** Records handed to the function at once. */
  readonly batchSize: number
  /** How often a failed batch is sent again; Infinity: until it is too old. */
  readonly maxRetries: number
  /** Records older than this are given up without being sent. */
  readonly maxAgeMs: number
  /** Halve a failed batch before it is sent again, so that in the end the failing record stands alone. */
  readonly bisect: boolean
  /** Heed `batchItemFailures` in the function's result. */
  readonly reportFailures: boolean
}

export interface Sequenced {
  readonly sequenceNumber: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
}

/** Records of one shard on their way to the function: batches in stream order, the first is the one at work. */
export type Delivery<R extends Sequenced> = readonly Batch<R>[]

export interface Batch<R extends Sequenced> {
  readonly records: readonly R[]
  /** How often these records were sent, alone or with others. */
  readonly invocations: number
  /** Failures that count against `maxRetries`. */
  readonly failures: number
  readonly notBefore: number
}

export type Step<R extends Sequenced> =
  | { readonly kind: 'invoke'; readonly batch: Batch<R> }
  | { readonly kind: 'wait'; readonly until: number }
  | { readonly kind: 'give-up'; readonly batch: Batch<R>; readonly condition: GiveUpCondition }
  | { readonly kind: 'done' }

export type GiveUpCondition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded'

/** What an invocation came to: the function's result, or that it threw or overran its time. */
export type Outcome = { readonly kind: 'result'; readonly result: unknown } | { readonly kind: 'error' }

export function deliveryOf<R extends Sequenced>(records: readonly R[]): Delivery<R> {
  return records.length === 0 ? [] : [{ records, invocations: 0, failures: 0, notBefore: 0 }]
}

/** What to do now. */
export function nextStep<R extends Sequenced>(delivery: Delivery<R>, now: number, settings: FeedSettings): Step<R> {
  const [batch] = delivery
  if (batch === undefined) return { kind: 'done' }
  const fresh = batch.records.findIndex(({ createdAt }) => now - createdAt <= settings.maxAgeMs)
  if (fresh !== 0) return { kind: 'give-up', batch: upTo(batch, fresh), condition: 'RecordAgeExceeded' }
  if (batch.failures > settings.maxRetries) return { kind: 'give-up', batch, condition: 'RetryAttemptsExhausted' }
  if (batch.notBefore > now) return { kind: 'wait', until: batch.notBefore }
  return { kind: 'invoke', batch }
}

/** The delivery after its first batch was sent. What is no longer in it is done. */
export function afterInvocation<R extends Sequenced>(
  delivery: Delivery<R>,
  outcome: Outcome,
  now: number,
  settings: FeedSettings,
): Delivery<R> {
  const [sent, ...rest] = delivery
  if (sent === undefined) return delivery
  const failedAt = firstFailure(sent.records, outcome, settings)
  if (failedAt === undefined) return rest
  const invocations = sent.invocations + 1
  const failed = { ...sent, records: sent.records.slice(failedAt), invocations, notBefore: now + backoff(1) }
  const { length } = failed.records
  // Where the first record failed, nothing is known of the others; splitting costs no retry.
  if (failedAt === 0 && settings.bisect && length > 1) {
    const half = Math.ceil(length / 2)
    return [upTo(failed, half), { ...failed, records: failed.records.slice(half), notBefore: 0 }, ...rest]
  }
  const failures = failedAt === 0 ? sent.failures + 1 : 1 // another record is the first now
  return [{ ...failed, failures, notBefore: now + backoff(failures) }, ...rest]
}

/** The delivery without the records that were given up. */
export function afterGivingUp<R extends Sequenced>(delivery: Delivery<R>, given: Batch<R>): Delivery<R> {
  const [batch, ...rest] = delivery
  if (batch === undefined) return delivery
  const records = batch.records.slice(given.records.length)
  return records.length === 0 ? rest : [{ ...batch, records, failures: 0 }, ...rest]
}

// ---------------------------------------------------------------------------

const FIRST_BACKOFF_MS = 100
const MAX_BACKOFF_MS = 10_000

function backoff(failures: number): number {
  return Math.min(FIRST_BACKOFF_MS * 2 ** (failures - 1), MAX_BACKOFF_MS)
}

function upTo<R extends Sequenced>(batch: Batch<R>, end: number): Batch<R> {
  return end < 0 ? batch : { ...batch, records: batch.records.slice(0, end) }
}

/**
 * Index of the first record that has to be sent again; undefined if none has. The lowest reported sequence number
 * counts, and a report that cannot be understood fails the whole batch.
 */
function firstFailure(records: readonly Sequenced[], outcome: Outcome, settings: FeedSettings): number | undefined {
  if (outcome.kind === 'error') return 0
  const { result } = outcome
  if (!settings.reportFailures || result === undefined || result === null) return undefined
  if (typeof result !== 'object') return 0
  const { batchItemFailures: reported } = result as { batchItemFailures?: unknown }
  if (reported === undefined || reported === null) return undefined
  if (!Array.isArray(reported)) return 0
  const failures = reported.map((one) => {
    const id = one?.itemIdentifier
    return Math.max(0, typeof id === 'string' ? records.findIndex(({ sequenceNumber }) => sequenceNumber === id) : 0)
  })
  return failures.length === 0 ? undefined : Math.min(...failures)
}
