import {
  type CancellationReason,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import type { Name } from '../dns/name.ts'
import { NamingError } from '../records/faults.ts'
import type { NameChange, Segment } from '../records/model.ts'
import { type AppendOutcome, type ChangeLogReader, type ChangeLogWriter, EMPTY_LOG } from '../records/ports.ts'
import { reached } from './client.ts'
import { type Item, itemOf, segmentOf } from './items.ts'

/**
 * The change log in a DynamoDB table:
 *
 *     pk = log           sk = 2, 3, 4 …   a segment: at, changes, expires
 *     pk = log           sk = HEAD        the number of the last segment: seq, at
 *     pk = name#<name>   sk = 0           the name's mark, how far its writes are logged: version, expires
 *
 * The head has the highest sort key, so the query for what is new returns it as well, last.
 */
export function dynamoDbChangeLogReader(client: DynamoDBClient, table: string): ChangeLogReader {
  return {
    head: () => readHead(client, table),

    async after(cursor) {
      const command = new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :log AND sk > :cursor',
        ExpressionAttributeValues: itemOf({ ':log': LOG, ':cursor': cursor }),
        ConsistentRead: true,
      })
      const { Items = [] } = await reached(client.send(command))
      const last = Items.at(-1)
      const head = last?.sk?.N === String(HEAD) ? last : undefined
      const segments = (head ? Items.slice(0, -1) : Items).map(segmentOf)
      if (head !== undefined) return { segments, head: Number(head.seq?.N) }
      return { segments, head: segments.length === 0 ? EMPTY_LOG : await readHead(client, table) } // a page ended before the head
    },
  }
}

/** Partition key of segments and head. */
export const LOG = 'log'

/** What an event source mapping of the table's stream is to pass on: segments, but neither marks nor the moves of the head. */
export const SEGMENTS_ONLY = { eventName: ['INSERT'], dynamodb: { Keys: { pk: { S: [LOG] } } } }

export interface ChangeLogTables {
  readonly changelog: string
  readonly zones: string
}

export function dynamoDbChangeLogWriter(client: DynamoDBClient, tables: ChangeLogTables): ChangeLogWriter {
  return {
    head: () => readHead(client, tables.changelog),

    async append(segment): Promise<AppendOutcome> {
      for (const zones = new Set(segment.changes.map(({ zone }) => zone)); ; ) {
        const actions = appendActions(segment, [...zones], tables)
        const reasons = await transact(client, actions)
        if (reasons === undefined) return { kind: 'appended' }
        const failed = (at: number) => reasons[at]?.Code === 'ConditionalCheckFailed'

        const unserved = [...zones].filter((_, i) => failed(HEAD_AND_SEGMENT + i))
        for (const zone of unserved) zones.delete(zone) // removed meanwhile: it has no serial to move
        const marks = HEAD_AND_SEGMENT + zones.size + unserved.length
        const logged = segment.changes.flatMap(({ name }, i): [Name, number][] =>
          failed(marks + i) ? [[name, Number(reasons[marks + i]?.Item?.version?.N)]] : [],
        )
        if (logged.length > 0) return { kind: 'already-logged', versions: new Map(logged) }
        if (failed(0) || failed(1) || reasons.some(({ Code }) => Code === 'TransactionConflict')) {
          return { kind: 'head-moved' }
        }
        if (unserved.length === 0) throw new NamingError('unavailable', `the change log refused: ${codes(reasons)}`)
      }
    },
  }
}

// ---------------------------------------------------------------------------

const HEAD = Number.MAX_SAFE_INTEGER
const HEAD_AND_SEGMENT = 2
/** How long segments and marks stay: twice as long as a stream record can be on its way. */
const LOG_SECONDS = 48 * 3600

async function readHead(client: DynamoDBClient, table: string): Promise<number> {
  const key = itemOf({ pk: LOG, sk: HEAD })
  const { Item: head } = await reached(
    client.send(new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true })),
  )
  return Number(head?.seq?.N ?? EMPTY_LOG)
}

/** The reasons why the transaction was cancelled, one an action; undefined if it was carried out. */
async function transact(
  client: DynamoDBClient,
  actions: TransactWriteItem[],
): Promise<readonly CancellationReason[] | undefined> {
  try {
    await reached(client.send(new TransactWriteItemsCommand({ TransactItems: actions })))
    return undefined
  } catch (error) {
    if (error instanceof TransactionCanceledException) return error.CancellationReasons ?? []
    throw error
  }
}

/** Head, segment, zones, marks: in this order, by which the reasons of a refusal are told apart. */
function appendActions(segment: Segment, zones: readonly Name[], tables: ChangeLogTables): TransactWriteItem[] {
  const { seq, at, changes } = segment
  const expires = Math.floor(at / 1000) + LOG_SECONDS
  const first = seq === EMPTY_LOG + 1
  const moveHead: TransactWriteItem = {
    Update: {
      TableName: tables.changelog,
      Key: itemOf({ pk: LOG, sk: HEAD }),
      UpdateExpression: 'SET seq = :seq, #at = :at',
      ConditionExpression: first ? 'attribute_not_exists(seq)' : 'seq = :before',
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: itemOf({ ':seq': seq, ':at': at, ...(!first && { ':before': seq - 1 }) }),
    },
  }
  const putSegment: TransactWriteItem = {
    Put: {
      TableName: tables.changelog,
      Item: itemOf({ pk: LOG, sk: seq, at, changes, expires }),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  }
  return [
    moveHead,
    putSegment,
    ...zones.map((zone) => moveSerial(tables.zones, zone, seq)),
    ...changes.map((change) => raiseMark(tables.changelog, change, expires)),
  ]
}

/** The serial is the segment's number, in the 32 bits that a serial has and never 0 (RFC 1982). */
function moveSerial(table: string, zone: Name, seq: number): TransactWriteItem {
  return {
    Update: {
      TableName: table,
      Key: itemOf({ zone }),
      UpdateExpression: 'SET serial = :serial',
      ConditionExpression: 'attribute_exists(#zone)',
      ExpressionAttributeNames: { '#zone': 'zone' },
      ExpressionAttributeValues: itemOf({ ':serial': seq % 2 ** 32 || 1 }),
    },
  }
}

function raiseMark(table: string, { name, first, version }: NameChange, expires: number): TransactWriteItem {
  const key: Item = itemOf({ pk: `name#${name}`, sk: 0 })
  return {
    Update: {
      TableName: table,
      Key: key,
      UpdateExpression: 'SET version = :version, expires = :expires',
      ConditionExpression: 'attribute_not_exists(version) OR version < :first',
      ExpressionAttributeValues: itemOf({ ':version': version, ':expires': expires, ':first': first }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  }
}

function codes(reasons: readonly CancellationReason[]): string {
  return [...new Set(reasons.map(({ Code }) => Code).filter((code) => code !== 'None'))].join(', ')
}
