/**
 * Lambda's event source mapping at its worst: batches of any size, sent again though they were done, functions that die
 * in the middle of a call or are believed dead and go on, and a store that fails before or after it did what was asked.
 */
import type { DynamoDBRecord } from 'aws-lambda'
import { createSequence } from '../../functions/sequencer/sequence.ts'
import { createSequencer } from '../../functions/sequencer/sequencer.ts'
import { NamingError } from '../../shared/records/faults.ts'
import type { ChangeLogWriter } from '../../shared/records/ports.ts'
import { eventOf } from './stream.ts'

/** What may go wrong with one call of a port. */
export const FAULTS = [
  'fails before',
  'fails after',
  'dies before', // the function ends before or after the call is carried out
  'dies after',
  'lingers', // Lambda gives the function up and sends the batch again while it goes on
] as const

export type Fate = 'answered' | (typeof FAULTS)[number]

export interface Course {
  /** Each invocation's number of records. */
  batchSize(): number
  /** True if the batch that was just done is sent once more. */
  again(): boolean
  fate(): Fate
  /** A point at which anything else may happen first. */
  turn(): Promise<void>
}

/** Sends the records of one shard, in order, until the function has logged them all. */
export async function feed(records: readonly DynamoDBRecord[], log: ChangeLogWriter, course: Course): Promise<void> {
  let environment = newEnvironment(log, course)
  for (let at = 0; at < records.length; ) {
    const batch = records.slice(at, at + course.batchSize())
    const result = await environment.invoke(batch)
    if (result === 'given up') {
      environment = newEnvironment(log, course)
      continue
    }
    const [failure] = result.batchItemFailures
    const failed = batch.findIndex(({ dynamodb }) => dynamodb?.SequenceNumber === failure?.itemIdentifier)
    if (failure !== undefined) at += Math.max(0, failed)
    else if (!course.again()) at += batch.length
  }
}

// ---------------------------------------------------------------------------

/** One execution environment of the function. It serves one invocation after the other, until one is given up. */
function newEnvironment(log: ChangeLogWriter, course: Course) {
  const { promise: givenUp, resolve: giveUp } = Promise.withResolvers<'given up'>()

  async function call<T>(port: () => Promise<T>): Promise<T> {
    await course.turn()
    const fate = course.fate()
    if (fate === 'fails before') throw new NamingError('unavailable')
    if (fate === 'dies before') return die()
    if (fate === 'lingers') {
      giveUp('given up')
      await course.turn()
    }
    const result = await port()
    await course.turn()
    if (fate === 'fails after') throw new NamingError('unavailable')
    if (fate === 'dies after') return die()
    return result
  }
  function die(): Promise<never> {
    giveUp('given up')
    return new Promise(() => {})
  }

  const faulty: ChangeLogWriter = {
    head: () => call(() => log.head()),
    append: (segment) => call(() => log.append(segment)),
  }
  const measure = () => {}
  const sequence = createSequence({ log: faulty, now: Date.now, pause: course.turn, measure })
  const sequencer = createSequencer(sequence, measure, () => {})
  return { invoke: (batch: readonly DynamoDBRecord[]) => Promise.race([sequencer(eventOf(batch)), givenUp]) }
}
