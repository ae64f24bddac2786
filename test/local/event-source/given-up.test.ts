import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failureRecord, type GivenUp } from '../../../local/event-source/given-up.ts'

const record = (number: string, seconds: number) => ({
  dynamodb: { SequenceNumber: number, ApproximateCreationDateTime: seconds },
})
const givenUp: GivenUp = {
  condition: 'RetryAttemptsExhausted',
  shard: 'shardId-1',
  streamArn: 'arn:stream',
  functionArn: 'arn:function',
  records: [record('100', 1_700_000_000), record('101', 1_700_000_001)],
  invocations: 4,
  threw: true,
  at: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
}

test('the record of Lambda for its on-failure destination', () => {
  const { requestContext, ...rest } = failureRecord(givenUp)
  assert.match(requestContext.requestId, /^[0-9a-f-]{36}$/)
  assert.deepEqual(requestContext, {
    requestId: requestContext.requestId,
    functionArn: 'arn:function',
    condition: 'RetryAttemptsExhausted',
    approximateInvokeCount: 4,
  })
  assert.deepEqual(rest, {
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: '2026-01-02T03:04:05.678Z',
    DDBStreamBatchInfo: {
      shardId: 'shardId-1',
      startSequenceNumber: '100',
      endSequenceNumber: '101',
      approximateArrivalOfFirstRecord: '2023-11-14T22:13:20Z',
      approximateArrivalOfLastRecord: '2023-11-14T22:13:21Z',
      batchSize: 2,
      streamArn: 'arn:stream',
    },
  })
})

test('a reported failure is no function error, and records that were never sent had no response', () => {
  assert.deepEqual(failureRecord({ ...givenUp, threw: false }).responseContext, {
    statusCode: 200,
    executedVersion: '$LATEST',
  })
  assert.equal(
    'responseContext' in failureRecord({ ...givenUp, threw: undefined, condition: 'RecordAgeExceeded' }),
    false,
  )
})
