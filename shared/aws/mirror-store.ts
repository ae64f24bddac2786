import { DeleteItemCommand, type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { MirrorStore } from '../mirror/ports.ts'
import type { Now } from '../records/ports.ts'
import { reached } from './client.ts'
import { type Item, itemOf } from './items.ts'
import { changeNoteOf, inflightItem, inflightOf } from './mirror-items.ts'
import { mirrorLeases } from './mirror-leases.ts'
import { mirrorMarks } from './mirror-marks.ts'
import { mirrorRows } from './mirror-rows.ts'
import { EXPIRES } from './tables.ts'

/**
 * The memory of the mirror in a DynamoDB table, of each hosted zone:
 *
 *     pk = zone#<id>      sk = state            how often it was woken, its lease, and what is known of it as a whole
 *     pk = zone#<id>      sk = inflight         the change batch whose outcome is not noted yet: sentAt, batch
 *     pk = mark#<id>      sk = <name>           a name that may differ: token, at
 *     pk = row#<id>       sk = <order key>      a MirrorRow; sorted as Route 53 lists names
 *     pk = refused#<id>   sk = <name>           the names whose rows have refused RRsets
 *     pk = change#<id>    sk = change           of a change, not of a hosted zone: status, askedAt
 *
 * The pace of the account is in the same table: see `pace-store.ts`.
 */
export function dynamoDbMirrorStore(client: DynamoDBClient, table: string, now: Now = Date.now): MirrorStore {
  return {
    ...mirrorMarks(client, table),
    ...mirrorLeases(client, table),
    ...mirrorRows(client, table, now),

    async inflight(hostedZone) {
      const item = await read(inflightKey(hostedZone))
      return item && inflightOf(item)
    },
    async setInflight(hostedZone, inflight) {
      const key = inflightKey(hostedZone)
      if (inflight !== undefined) return put({ ...key, ...inflightItem(inflight) })
      await reached(client.send(new DeleteItemCommand({ TableName: table, Key: key })))
    },

    async changeNote(id) {
      const item = await read(changeKey(id))
      return item && changeNoteOf(item)
    },
    async noteChange(id, note) {
      const expires = Math.floor(now() / 1000) + CHANGE_SECONDS
      await put({ ...changeKey(id), ...itemOf({ ...note, [EXPIRES]: expires }) })
    },
  }

  async function read(key: Item): Promise<Item | undefined> {
    return (await reached(client.send(new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true })))).Item
  }

  async function put(item: Item): Promise<void> {
    await reached(client.send(new PutItemCommand({ TableName: table, Item: item })))
  }
}

// ---------------------------------------------------------------------------

/** How long a change can be asked for: days longer than Route 53 takes to carry it out. */
const CHANGE_SECONDS = 48 * 3600

const inflightKey = (hostedZone: string) => itemOf({ pk: `zone#${hostedZone}`, sk: 'inflight' })
const changeKey = (id: string) => itemOf({ pk: `change#${id}`, sk: 'change' })
