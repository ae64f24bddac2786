import type { DynamoDBRecord } from 'aws-lambda'
import type { StreamPage } from '../../shared/aws/stream-reader.ts'
import { abortableSleep } from '../sleep.ts'
import { afterGivingUp, afterInvocation, type Delivery, deliveryOf, nextStep, type Outcome } from './delivery.ts'
import type { EventSourceOptions } from './event-source.ts'
import { matches } from './filter.ts'

/** Feeds one shard to the function, from its checkpoint to its end or until `signal` is aborted. Never rejects. */
export async function readShard(shard: string, options: EventSourceOptions, signal: AbortSignal): Promise<void> {
  const { reader, settings, filter, checkpoints, log, pollMs = 100, now = Date.now, sleep = abortableSleep } = options
  let iterator: string | undefined
  let trimmed = false
  let failures = 0
  while (!signal.aborted) {
    try {
      iterator ??= await reader.iterator(shard, trimmed ? undefined : checkpoints.after(shard))
      const page = iterator === undefined ? TRIMMED : await reader.read(iterator, settings.batchSize)
      if (failures > 0) log(`${shard} can be read again`)
      failures = 0
      iterator = page.kind === 'records' ? page.next : undefined
      if (page.kind === 'trimmed') {
        if (!trimmed && checkpoints.after(shard)) log(`${shard}: records were trimmed before they were read`)
        trimmed = true // from the oldest that is left
      }
      if (page.kind !== 'records') continue
      const records = page.records.map(sequenced).filter(isNew)
      await deliver(deliveryOf(records.filter(isWanted)))
      if (signal.aborted) return
      await leaveOut(records.at(-1))
      trimmed = trimmed && records.length === 0
      if (page.next === undefined) return await checkpoints.finish(shard)
      if (records.length === 0) await sleep(pollMs, signal)
    } catch (error) {
      iterator = undefined
      if (failures === 0) log(`${shard} cannot be read, trying again: ${(error as Error).message}`)
      await sleep(Math.min(pollMs * 2 ** failures, MAX_BACKOFF_MS), signal)
      failures++
    }
  }

  /** From the oldest record that is left, some may come again. */
  function isNew({ sequenceNumber }: SequencedRecord): boolean {
    const after = checkpoints.after(shard)
    return after === undefined || BigInt(sequenceNumber) > BigInt(after)
  }

  function isWanted({ record }: SequencedRecord): boolean {
    return filter === undefined || matches(filter, record)
  }

  /** What is behind the last wanted record is done with as well. */
  async function leaveOut(last: SequencedRecord | undefined): Promise<void> {
    if (last !== undefined && !isWanted(last)) await checkpoints.advance(shard, last.sequenceNumber)
  }

  async function deliver(delivery: Delivery<SequencedRecord>): Promise<void> {
    let threw: boolean | undefined
    let failed = false
    for (let left = delivery; !signal.aborted; ) {
      const step = nextStep(left, now(), settings)
      switch (step.kind) {
        case 'done':
          if (failed) log(`${shard}: the function goes on`)
          return
        case 'wait':
          await sleep(step.until - now(), signal)
          break
        case 'give-up': {
          const { records, invocations } = step.batch
          await options.giveUp(
            records.map(({ record }) => record),
            { shard, condition: step.condition, invocations, threw },
          )
          left = await advance(left, afterGivingUp(left, step.batch))
          break
        }
        case 'invoke': {
          const outcome = await invoke(step.batch.records)
          threw = outcome.kind === 'error'
          const after = afterInvocation(left, outcome, now(), settings)
          if (after.length >= left.length && !failed) {
            log(`${shard}: the function failed, trying again: ${outcome.reason ?? 'it reported failures'}`)
            failed = true
          }
          left = await advance(left, after)
        }
      }
    }
  }

  async function invoke(records: readonly SequencedRecord[]): Promise<Outcome & { readonly reason?: string }> {
    try {
      return { kind: 'result', result: await options.invoke({ Records: records.map(({ record }) => record) }) }
    } catch (error) {
      return { kind: 'error', reason: (error as Error).message }
    }
  }

  /** Moves the checkpoint to the last record that is no longer to be delivered. */
  async function advance(before: Delivery<SequencedRecord>, after: Delivery<SequencedRecord>) {
    const all = before.flatMap(({ records }) => records)
    const left = after.reduce((sum, { records }) => sum + records.length, 0)
    const last = all[all.length - left - 1]
    if (last !== undefined) await checkpoints.advance(shard, last.sequenceNumber)
    return after
  }
}

// ---------------------------------------------------------------------------

const MAX_BACKOFF_MS = 5000
const TRIMMED: StreamPage = { kind: 'trimmed' }

interface SequencedRecord {
  readonly sequenceNumber: string
  readonly createdAt: number
  readonly record: DynamoDBRecord
}

function sequenced(record: DynamoDBRecord): SequencedRecord {
  const { SequenceNumber = '', ApproximateCreationDateTime = 0 } = record.dynamodb ?? {}
  return { sequenceNumber: SequenceNumber, createdAt: ApproximateCreationDateTime * 1000, record }
}
