import { randomUUID } from 'node:crypto'
import type { DynamoDBRecord } from 'aws-lambda'
import type { GiveUpCondition } from './delivery.ts'

/** Records that the function will not get again. */
export interface GivenUp {
  readonly condition: GiveUpCondition
  readonly shard: string
  readonly streamArn: string
  readonly functionArn: string
  readonly records: readonly DynamoDBRecord[]
  readonly invocations: number
  /** Whether the last invocation threw; undefined if there was none. */
  readonly threw: boolean | undefined
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** What Lambda sends to the on-failure destination of an event source mapping: where the records are, not the records. */
export function failureRecord({ condition, shard, streamArn, functionArn, records, ...given }: GivenUp) {
  const [first, last] = [records[0]?.dynamodb, records.at(-1)?.dynamodb]
  return {
    requestContext: { requestId: randomUUID(), functionArn, condition, approximateInvokeCount: given.invocations },
    ...(given.threw !== undefined && {
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        ...(given.threw && { functionError: 'Unhandled' }),
      },
    }),
    version: '1.0',
    timestamp: new Date(given.at).toISOString(),
    DDBStreamBatchInfo: {
      shardId: shard,
      startSequenceNumber: first?.SequenceNumber,
      endSequenceNumber: last?.SequenceNumber,
      approximateArrivalOfFirstRecord: arrival(first?.ApproximateCreationDateTime),
      approximateArrivalOfLastRecord: arrival(last?.ApproximateCreationDateTime),
      batchSize: records.length,
      streamArn,
    },
  }
}

// ---------------------------------------------------------------------------

function arrival(seconds = 0): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}
