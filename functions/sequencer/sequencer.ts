import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda'
import type { Measure } from '../../shared/metrics/measure.ts'
import type { Sequence } from './sequence.ts'
import { readWrites } from './writes.ts'

export type Report = (message: string, error: unknown, sequenceNumber: string | undefined) => void

/**
 * Takes a batch of the names table's stream. What could not be logged is reported by the sequence number of the first
 * such record: Lambda goes on from there. If that is the first of the batch, the batch as a whole has failed and is
 * halved, until a bad record stands alone and is set aside in the end, so that it holds up nothing for ever.
 */
export function createSequencer(sequence: Sequence, measure: Measure<'sequencer'>, report: Report) {
  return async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const read = readWrites(Records)
    const { logged, error } = await sequence(read.writes)
    if (logged === Records.length) return { batchItemFailures: [] }
    const sequenceNumber = Records[logged]?.dynamodb?.SequenceNumber
    measure('RecordsNotLogged', 1)
    report('stream record not logged', error ?? read.error, sequenceNumber)
    return { batchItemFailures: [{ itemIdentifier: logged > 0 && sequenceNumber ? sequenceNumber : WHOLE_BATCH }] }
  }
}

// ---------------------------------------------------------------------------

/** Only this is documented to halve the batch: a batch that goes on at its own first record might be given up whole. */
const WHOLE_BATCH = ''
