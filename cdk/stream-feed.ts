import { Duration, Validations } from 'aws-cdk-lib'
import type { Table } from 'aws-cdk-lib/aws-dynamodb'
import { EventSourceMapping, FilterCriteria, StartingPosition } from 'aws-cdk-lib/aws-lambda'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { NodeFunction } from './node-function.ts'

export interface StreamFeedProps {
  /** A table with a stream. */
  readonly table: Table
  readonly reader: NodeFunction
  /** Which records the function gets, as a pattern of Lambda's event filtering; all if absent. */
  readonly filter?: object
}

/**
 * Feeds a table's stream to a function: from the oldest record on, in order, without waiting for a batch to fill.
 * A record that cannot be read is split off and given up in the end; its place in the stream then goes to a queue.
 */
export class StreamFeed extends Construct {
  readonly givenUp: Queue

  constructor(scope: Construct, id: string, { table, reader, filter }: StreamFeedProps) {
    super(scope, id)
    const streamArn = table.tableStreamArn
    if (!streamArn) throw new TypeError(`${table.node.path} has no stream`)
    this.givenUp = new Queue(this, 'GivenUp', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    })
    Validations.of(this.givenUp).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is the end of the line itself: nothing consumes it that could fail in turn.',
    })
    reader.allow(READ_STREAM, streamArn)
    reader.allow(['sqs:SendMessage'], this.givenUp.queueArn)
    new EventSourceMapping(this, 'Mapping', {
      target: reader,
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(0),
      parallelizationFactor: 1,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      ...(filter && { filters: [FilterCriteria.filter(filter)] }),
      // Attempts end a record that can never be read; the age leaves room for an outage, well within the stream's 24 h.
      retryAttempts: 100,
      maxRecordAge: Duration.hours(12),
      onFailure: { bind: () => ({ destination: this.givenUp.queueArn }) },
    })
  }
}

// ---------------------------------------------------------------------------

/** What Lambda's poller needs; it polls with the role of the function. */
const READ_STREAM = [
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
]
