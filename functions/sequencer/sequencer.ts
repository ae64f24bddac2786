import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda'
import type { Sequence } from './sequence.ts'
import { readWrites } from './writes.ts'

export type Report = (message: string, error: unknown, sequenceNumber: string | undefined) => void

/**
 * Takes a batch of the names table's stream. What could not be logged is reported by the sequence number of the first
 * such record: Lambda goes on from there, halves the batch until a bad record stands alone, and in the end sets that
 * aside, so that it holds up nothing for ever.
 */
export function createSequencer(sequence: Sequence, report: Report) {
  return async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const read = readWrites(Records)
    const { logged, error } = await sequence(read.writes)
    if (logged === Records.length) return { batchItemFailures: [] }
    const sequenceNumber = Records[logged]?.dynamodb?.SequenceNumber
    report('stream record not logged', error ?? read.error, sequenceNumber)
    return { batchItemFailures: [{ itemIdentifier: sequenceNumber ?? '' }] } // without number: the whole batch again
  }
}
