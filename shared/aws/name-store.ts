import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb'
import { NamingError } from '../records/faults.ts'
import type { NameRecord } from '../records/model.ts'
import type { NameStore, WriteOutcome } from '../records/ports.ts'
import { readItems } from './batch.ts'
import { reached } from './client.ts'
import { type Item, itemOf, nameRecordOf, readable } from './items.ts'

/**
 * Names in a DynamoDB table, one item each. Every read is strongly consistent.
 *
 * The client repeats a call whose answer it did not get. An item therefore carries the id of the write that made it, so
 * that a write which was carried out the first time is not taken for a lost race the second time.
 */
export function dynamoDbNameStore(client: DynamoDBClient, table: string): NameStore {
  return {
    async read(name) {
      const command = new GetItemCommand({ TableName: table, Key: itemOf({ name }), ConsistentRead: true })
      const { Item: item } = await reached(client.send(command))
      return item && nameRecordOf(item)
    },

    async readAll(names) {
      const keys = [...new Set(names)].map((name) => itemOf({ name }))
      const items = await readItems(client, table, keys)
      const records = new Map(readable(items, nameRecordOf).map((record) => [record.name, record]))
      const there = new Set(items.map((item) => item.name?.S))
      return { records, unreadable: new Set(names.filter((name) => there.has(name) && !records.has(name))) }
    },

    async write(next, expected): Promise<WriteOutcome> {
      const absent = expected === 0
      const writeId = crypto.randomUUID()
      const command = new PutItemCommand({
        TableName: table,
        Item: itemOf({ ...next, writeId }),
        ConditionExpression: absent ? 'attribute_not_exists(version)' : 'version = :expected',
        ...(!absent && { ExpressionAttributeValues: itemOf({ ':expected': expected }) }),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD', // a lost race needs no second read
      })
      try {
        await reached(client.send(command))
        return { written: true }
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) {
          if (error.Item?.writeId?.S === writeId) return { written: true }
          return { written: false, current: error.Item && nameRecordOf(error.Item) }
        }
        throw isTooLarge(error) ? new NamingError('name_too_large', undefined, { cause: error }) : error
      }
    },

    async *scan() {
      const pages = new Map<number, Promise<Page>>()
      const turnTo = (segment: number, start?: Item) => {
        const page = scanPage(segment, start)
        page.catch(() => {}) // told by the race, unless another page failed first
        pages.set(segment, page)
      }
      for (let segment = 0; segment < SCAN_SEGMENTS; segment++) turnTo(segment)
      while (pages.size > 0) {
        const { segment, records, next } = await Promise.race(pages.values())
        if (next === undefined) pages.delete(segment)
        else turnTo(segment, next)
        yield records
      }
    },
  }

  async function scanPage(segment: number, start: Item | undefined): Promise<Page> {
    const command = new ScanCommand({
      TableName: table,
      Segment: segment,
      TotalSegments: SCAN_SEGMENTS,
      ConsistentRead: true,
      ...(start && { ExclusiveStartKey: start }),
    })
    const { Items = [], LastEvaluatedKey: next } = await reached(client.send(command))
    return { segment, records: readable(Items, nameRecordOf), next }
  }
}

// ---------------------------------------------------------------------------

const SCAN_SEGMENTS = 4

interface Page {
  readonly segment: number
  readonly records: readonly NameRecord[]
  readonly next: Item | undefined
}

/** DynamoDB has no error of its own for an item above 400 KB. */
function isTooLarge(error: unknown): boolean {
  return error instanceof Error && error.name === 'ValidationException' && /item size/i.test(error.message)
}
