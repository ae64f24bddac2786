import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import type { Name } from '../dns/name.ts'
import type { HostedZoneId, Mark } from '../mirror/model.ts'
import type { MirrorStore } from '../mirror/ports.ts'
import { inParallel } from '../records/in-parallel.ts'
import { reached } from './client.ts'
import { conditional } from './conditional.ts'
import { itemOf } from './items.ts'
import { markOf } from './mirror-items.ts'
import { stateKey } from './mirror-leases.ts'
import { firstReadable } from './query.ts'

type Marks = Pick<MirrorStore, 'mark' | 'marks' | 'unmark' | 'restless'>

/** The marks of a MirrorStore, and which hosted zones have work left. */
export function mirrorMarks(client: DynamoDBClient, table: string): Marks {
  return {
    async mark(hostedZone, names) {
      const newestFirst = [...names].sort((one, other) => other.at - one.at)
      const marks = new Map(newestFirst.map((mark) => [mark.name, mark]))
      await inParallel(PARALLEL_WRITES, [...marks.values()], (mark) => markOne(hostedZone, mark))
    },

    async marks(hostedZone, after, limit) {
      return firstReadable(client, namesAfter(table, `mark#${hostedZone}`, after), markOf, limit)
    },

    async unmark(hostedZone, marks, now) {
      await inParallel(PARALLEL_WRITES, marks, (mark) => unmarkOne(hostedZone, mark, now))
    },

    async restless(hostedZones) {
      const found = new Set<HostedZoneId>()
      await inParallel(PARALLEL_READS, hostedZones, async (hostedZone) => {
        const outcomes = await Promise.all([hasMarks(hostedZone), isUnfinished(hostedZone)])
        if (outcomes.includes(true)) found.add(hostedZone)
      })
      return hostedZones.filter((hostedZone) => found.has(hostedZone))
    },
  }

  async function markOne(hostedZone: HostedZoneId, { name, at }: Pick<Mark, 'name' | 'at'>): Promise<void> {
    const command = new UpdateItemCommand({
      TableName: table,
      Key: itemOf(markKey(hostedZone, name)),
      UpdateExpression: 'SET #token = :token, #at = if_not_exists(#at, :at)',
      ExpressionAttributeNames: { '#token': 'token', '#at': 'at' },
      ExpressionAttributeValues: itemOf({ ':token': crypto.randomUUID(), ':at': at }),
    })
    await reached(client.send(command))
  }

  async function unmarkOne(hostedZone: HostedZoneId, { name, token, at }: Mark, now: number): Promise<void> {
    const key = { TableName: table, Key: itemOf(markKey(hostedZone, name)) }
    const command = new DeleteItemCommand({
      ...key,
      ConditionExpression: '#token = :token',
      ExpressionAttributeNames: { '#token': 'token' },
      ExpressionAttributeValues: itemOf({ ':token': token }),
    })
    if ((await conditional(client.send(command))).done) return
    const younger = new UpdateItemCommand({
      ...key,
      UpdateExpression: 'SET #at = :now',
      ConditionExpression: '#at = :at', // else it is gone
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: itemOf({ ':now': now, ':at': at }),
    })
    await conditional(client.send(younger))
  }

  async function hasMarks(hostedZone: HostedZoneId): Promise<boolean> {
    const query = namesAfter(table, `mark#${hostedZone}`, undefined)
    const command = new QueryCommand({ ...query, Select: 'COUNT', Limit: 1, ConsistentRead: true })
    return ((await reached(client.send(command))).Count ?? 0) > 0
  }

  /** Looks at the item as it is: a state that cannot be read must not hide that other zones have work to do. */
  async function isUnfinished(hostedZone: HostedZoneId): Promise<boolean> {
    const command = new GetItemCommand({ TableName: table, Key: stateKey(hostedZone), ConsistentRead: true })
    const { Item: state } = await reached(client.send(command))
    return state?.walk !== undefined || state?.leaseHolder !== undefined
  }
}

/** A query for the items of a partition whose sort key is a name, after a name, in the order of their text. */
export function namesAfter(table: string, partition: string, after: Name | undefined): QueryCommandInput {
  return {
    TableName: table,
    KeyConditionExpression: after === undefined ? 'pk = :pk' : 'pk = :pk AND sk > :after',
    ExpressionAttributeValues: itemOf({ ':pk': partition, ':after': after }),
  }
}

// ---------------------------------------------------------------------------

const PARALLEL_WRITES = 32
const PARALLEL_READS = 16

const markKey = (hostedZone: HostedZoneId, name: Name) => ({ pk: `mark#${hostedZone}`, sk: name })
