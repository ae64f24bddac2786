import type { DynamoDBClient, QueryCommandInput, WriteRequest } from '@aws-sdk/client-dynamodb'
import type { Name } from '../dns/name.ts'
import type { HostedZoneId, MirrorRow } from '../mirror/model.ts'
import { orderKey } from '../mirror/order.ts'
import type { MirrorStore } from '../mirror/ports.ts'
import type { Now } from '../records/ports.ts'
import { readItems, writeItems } from './batch.ts'
import { type Item, itemOf } from './items.ts'
import { mirrorRowOf, refusedNameOf } from './mirror-items.ts'
import { namesAfter } from './mirror-marks.ts'
import { countItems, firstReadable, queryPages } from './query.ts'
import { EXPIRES } from './tables.ts'

type Rows = Pick<MirrorStore, 'rows' | 'putRows' | 'rowsBetween' | 'refused' | 'counts'>

/**
 * The rows of a MirrorStore, and an index of those with refused RRsets. A row that cannot be read is an error and not
 * left out: what the mirror forgets to be its own it would take for somebody else's.
 */
export function mirrorRows(client: DynamoDBClient, table: string, now: Now): Rows {
  return {
    async rows(hostedZone, names) {
      const keys = [...new Set(names)].map((name) => itemOf(rowKey(hostedZone, name)))
      const rows = (await readItems(client, table, keys)).map(mirrorRowOf)
      return new Map(rows.map((row) => [row.name, row]))
    },

    async putRows(hostedZone, rows) {
      const latest = [...new Map(rows.map((row) => [row.name, row])).values()]
      // The index goes first: where the rows do not follow, the names still have their marks and are done again.
      await writeItems(client, table, await indexWrites(hostedZone, latest))
      await writeItems(
        client,
        table,
        latest.map((row) => ({ PutRequest: { Item: rowItem(hostedZone, row) } })),
      )
    },

    async *rowsBetween(hostedZone, from, before) {
      const first = from && orderKey(from)
      const end = before && orderKey(before)
      if (first !== undefined && end !== undefined && first >= end) return // DynamoDB refuses a range without a member
      for await (const { Items = [] } of queryPages(client, rangeQuery(table, `row#${hostedZone}`, first, end))) {
        yield Items.filter(({ sk }) => sk?.S !== end).map(mirrorRowOf)
      }
    },

    async refused(hostedZone, after, limit) {
      return firstReadable(client, namesAfter(table, `refused#${hostedZone}`, after), refusedNameOf, limit)
    },

    async counts(hostedZone) {
      const [marked, refused] = await Promise.all(
        ['mark', 'refused'].map((kind) => countItems(client, namesAfter(table, `${kind}#${hostedZone}`, undefined))),
      )
      return { marked: marked ?? 0, refused: refused ?? 0 }
    },
  }

  /** What keeps the index in step with rows. Few names are in it, and a read costs less than a delete in vain. */
  async function indexWrites(hostedZone: HostedZoneId, rows: readonly MirrorRow[]): Promise<WriteRequest[]> {
    const key = (row: MirrorRow): Item => itemOf({ pk: `refused#${hostedZone}`, sk: row.name })
    const [refused, clean] = [rows.filter(isRefused), rows.filter((row) => !isRefused(row))]
    const stale = await readItems(client, table, clean.map(key))
    return [
      ...refused.map((row) => ({ PutRequest: { Item: key(row) } })),
      ...stale.map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } as Item } })),
    ]
  }

  function rowItem(hostedZone: HostedZoneId, row: MirrorRow): Item {
    const empty = Object.keys(row.applied).length === 0 && !isRefused(row)
    const expires = empty ? Math.floor(now() / 1000) + EMPTY_ROW_SECONDS : undefined
    return itemOf({ ...rowKey(hostedZone, row.name), ...row, [EXPIRES]: expires })
  }
}

// ---------------------------------------------------------------------------

/** How long a row that stands for nothing stays, so that it can still be told when its name was taken away. */
const EMPTY_ROW_SECONDS = 72 * 3600

const rowKey = (hostedZone: HostedZoneId, name: Name) => ({ pk: `row#${hostedZone}`, sk: orderKey(name) })

function isRefused({ refused }: MirrorRow): boolean {
  return Object.keys(refused).length > 0
}

/** DynamoDB has no range that ends before a key: the item at `end`, if there is one, comes last and is not wanted. */
function rangeQuery(
  table: string,
  partition: string,
  first: string | undefined,
  end: string | undefined,
): QueryCommandInput {
  const range = end === undefined ? 'sk >= :first' : 'sk BETWEEN :first AND :end'
  return {
    TableName: table,
    KeyConditionExpression: `pk = :pk AND ${range}`,
    ExpressionAttributeValues: itemOf({ ':pk': partition, ':first': first ?? FIRST, ':end': end }),
  }
}

/** No key is before it; an empty one is not allowed. */
const FIRST = '\0'
