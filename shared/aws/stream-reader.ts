import { DescribeTableCommand } from '@aws-sdk/client-dynamodb'
import {
  type _Record,
  type AttributeValue,
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams'
import type { DynamoDBRecord, AttributeValue as EventValue } from 'aws-lambda'
import { dynamoDbClient } from './client.ts'

/** A table's stream, as an event source mapping reads it. Calls reject if the stream cannot be reached. */
export interface StreamReader {
  readonly streamArn: string
  /** All shards that the stream still has, closed ones too. */
  shards(): Promise<readonly StreamShard[]>
  /** An iterator at the oldest record of a shard, or after the record with a sequence number; undefined if that was trimmed. */
  iterator(shard: string, after: string | undefined): Promise<string | undefined>
  read(iterator: string, limit: number): Promise<StreamPage>
}

export interface StreamShard {
  readonly id: string
  readonly parent?: string
}

export type StreamPage =
  /** Without `next` the shard is closed and was read to its end. */
  | { readonly kind: 'records'; readonly records: readonly DynamoDBRecord[]; readonly next: string | undefined }
  /** The iterator lived its 15 minutes. */
  | { readonly kind: 'expired' }
  /** The records after the iterator were trimmed. */
  | { readonly kind: 'trimmed' }

/** The reader of a table's current stream, at the endpoint that the environment names. Rejects if there is none. */
export async function openStream(table: string): Promise<StreamReader> {
  const tables = dynamoDbClient()
  const { Table } = await tables.send(new DescribeTableCommand({ TableName: table })).finally(() => tables.destroy())
  if (Table?.LatestStreamArn === undefined) throw new Error(`the table ${table} has no stream`)
  const client = new DynamoDBStreamsClient({
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  })
  return streamReader(client, Table.LatestStreamArn)
}

// ---------------------------------------------------------------------------

function streamReader(client: DynamoDBStreamsClient, streamArn: string): StreamReader {
  return {
    streamArn,

    async shards() {
      const shards: StreamShard[] = []
      let from: string | undefined
      do {
        const page = await client.send(
          new DescribeStreamCommand({ StreamArn: streamArn, ...(from && { ExclusiveStartShardId: from }) }),
        )
        for (const { ShardId, ParentShardId } of page.StreamDescription?.Shards ?? []) {
          if (ShardId !== undefined) shards.push({ id: ShardId, ...(ParentShardId && { parent: ParentShardId }) })
        }
        from = page.StreamDescription?.LastEvaluatedShardId
      } while (from !== undefined)
      return shards
    },

    async iterator(shard, after) {
      const position =
        after === undefined
          ? { ShardIteratorType: 'TRIM_HORIZON' as const }
          : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' as const, SequenceNumber: after }
      const command = new GetShardIteratorCommand({ StreamArn: streamArn, ShardId: shard, ...position })
      const found = await client.send(command).catch(unlessTrimmed)
      return found?.ShardIterator
    },

    async read(iterator, limit) {
      try {
        const command = new GetRecordsCommand({ ShardIterator: iterator, Limit: Math.min(limit, MAX_RECORDS) })
        const { Records = [], NextShardIterator } = await client.send(command)
        const records = Records.map((record) => eventRecord(record, streamArn))
        return { kind: 'records', records, next: NextShardIterator }
      } catch (error) {
        const { name } = error as Error
        if (name === 'ExpiredIteratorException') return { kind: 'expired' }
        if (name === 'TrimmedDataAccessException') return { kind: 'trimmed' }
        throw error
      }
    },
  }
}

const MAX_RECORDS = 1000 // of GetRecords

function unlessTrimmed(error: Error): undefined {
  if (error.name !== 'TrimmedDataAccessException') throw error
}

/** The record as it stands in a Lambda event: times in seconds, binary in base64, and the stream it came from. */
function eventRecord(record: _Record, streamArn: string): DynamoDBRecord {
  const { dynamodb = {}, userIdentity, ...rest } = record
  const { ApproximateCreationDateTime: at, Keys, NewImage, OldImage, ...other } = dynamodb
  const images = { Keys, NewImage, OldImage }
  const converted = Object.entries(images).flatMap(([name, image]) => (image ? [[name, eventImage(image)]] : []))
  return {
    ...rest,
    dynamodb: {
      ...(at && { ApproximateCreationDateTime: Math.floor(at.getTime() / 1000) }),
      ...Object.fromEntries(converted),
      ...other,
    },
    ...(userIdentity && { userIdentity: { type: userIdentity.Type, principalId: userIdentity.PrincipalId } }),
    eventSourceARN: streamArn,
  } as DynamoDBRecord
}

function eventImage(image: Record<string, AttributeValue>): Record<string, EventValue> {
  return Object.fromEntries(Object.entries(image).map(([name, value]) => [name, eventValue(value)]))
}

function eventValue(value: AttributeValue): EventValue {
  if (value.B !== undefined) return { B: base64(value.B) }
  if (value.BS !== undefined) return { BS: value.BS.map(base64) }
  if (value.M !== undefined) return { M: eventImage(value.M) }
  if (value.L !== undefined) return { L: value.L.map(eventValue) }
  return value as EventValue
}

function base64(octets: Uint8Array): string {
  return Buffer.from(octets).toString('base64')
}
