import {
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
  type UpdateItemCommandOutput,
} from '@aws-sdk/client-dynamodb'
import type { HostedZoneId } from '../mirror/model.ts'
import type { MirrorStore, StatePatch } from '../mirror/ports.ts'
import { reached } from './client.ts'
import { conditional } from './conditional.ts'
import { type Item, itemOf } from './items.ts'
import { mirrorStateOf } from './mirror-items.ts'

type Leases = Pick<MirrorStore, 'wake' | 'acquire' | 'extend' | 'release' | 'state' | 'note' | 'beginWalk'>

/**
 * The state of each hosted zone, who holds it included: one item, changed by one atomic call each time.
 *
 * The client repeats a call whose answer it did not get. So the item carries the ids of the calls that took the lease and
 * that began the walk: by them a call that was carried out the first time is not taken for a lost race the second time.
 * Whoever gave the lease back finds it gone, which is told as if it had been lost before, and a longer lease can be made
 * as long again.
 */
export function mirrorLeases(client: DynamoDBClient, table: string): Leases {
  return {
    async wake(hostedZone, now) {
      const { Attributes } = await reached(
        update(hostedZone, {
          UpdateExpression: 'ADD wake :one',
          ExpressionAttributeValues: itemOf({ ':one': 1 }),
          ReturnValues: 'ALL_NEW',
        }),
      )
      return !(Number(Attributes?.leaseUntil?.N ?? 0) > now)
    },

    async acquire(hostedZone, holder, now, until) {
      const call = crypto.randomUUID()
      const outcome = await conditional(
        update(hostedZone, {
          UpdateExpression:
            'SET wake = if_not_exists(wake, :never), leaseHolder = :holder, leaseUntil = :until, leaseCall = :call',
          ConditionExpression: 'attribute_not_exists(leaseUntil) OR leaseUntil <= :now',
          ExpressionAttributeValues: itemOf({
            ':never': 0,
            ':holder': holder,
            ':until': until,
            ':call': call,
            ':now': now,
          }),
          ReturnValues: 'ALL_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      )
      const item = outcome.done ? outcome.output.Attributes : outcome.stored
      return item?.leaseCall?.S === call ? mirrorStateOf(item) : undefined
    },

    async extend(hostedZone, holder, until) {
      const outcome = await conditional(
        update(hostedZone, {
          UpdateExpression: 'SET leaseUntil = :until',
          ConditionExpression: 'leaseHolder = :holder',
          ExpressionAttributeValues: itemOf({ ':until': until, ':holder': holder }),
        }),
      )
      return outcome.done
    },

    async release(hostedZone, holder, wake) {
      const outcome = await conditional(
        update(hostedZone, {
          UpdateExpression: 'REMOVE leaseHolder, leaseUntil, leaseCall',
          ConditionExpression: 'leaseHolder = :holder AND wake = :wake',
          ExpressionAttributeValues: itemOf({ ':holder': holder, ':wake': wake }),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      )
      return outcome.done || outcome.stored?.leaseHolder?.S !== holder
    },

    async state(hostedZone) {
      const item = await read(hostedZone)
      return item && mirrorStateOf(item)
    },

    async note(hostedZone, members) {
      const set = Object.entries(members).filter(([, value]) => value !== undefined)
      const removed = Object.keys(members).filter((name) => members[name as keyof StatePatch] === undefined)
      const sets = ['#wake = if_not_exists(#wake, :wake)', ...set.map(([name]) => `#${name} = :${name}`)]
      const removes = removed.length > 0 ? ` REMOVE ${removed.map((name) => `#${name}`).join(', ')}` : ''
      const names = ['wake', ...Object.keys(members)].map((name) => [`#${name}`, name])
      const values = set.map(([name, value]) => [`:${name}`, value])
      await reached(
        update(hostedZone, {
          UpdateExpression: `SET ${sets.join(', ')}${removes}`,
          ExpressionAttributeNames: Object.fromEntries(names),
          ExpressionAttributeValues: itemOf({ ':wake': 0, ...Object.fromEntries(values) }),
        }),
      )
    },

    async beginWalk(hostedZone, walk) {
      const call = crypto.randomUUID()
      const outcome = await conditional(
        update(hostedZone, {
          UpdateExpression: 'SET wake = if_not_exists(wake, :never), walk = :walk, walkCall = :call',
          ConditionExpression: 'attribute_not_exists(walk)',
          ExpressionAttributeValues: itemOf({ ':never': 0, ':walk': walk, ':call': call }),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      )
      return outcome.done || outcome.stored?.walkCall?.S === call
    },
  }

  function update(hostedZone: HostedZoneId, how: Partial<UpdateItemCommandInput>): Promise<UpdateItemCommandOutput> {
    return client.send(new UpdateItemCommand({ TableName: table, Key: stateKey(hostedZone), ...how }))
  }

  async function read(hostedZone: HostedZoneId): Promise<Item | undefined> {
    const command = new GetItemCommand({ TableName: table, Key: stateKey(hostedZone), ConsistentRead: true })
    return (await reached(client.send(command))).Item
  }
}

/** Where the state of a hosted zone is. */
export const stateKey = (hostedZone: HostedZoneId) => itemOf({ pk: `zone#${hostedZone}`, sk: 'state' })
