import {
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandOutput,
} from '@aws-sdk/client-dynamodb'
import { MAX_AHEAD_MS, type PaceStore } from '../mirror/ports.ts'
import { reached } from './client.ts'
import { type Conditional, conditional } from './conditional.ts'
import { itemOf } from './items.ts'

/**
 * The pace of an account in the mirror's table, one item: pk = pace, sk = account, next = the first slot that is free,
 * deferredUntil = when requests may be sent again.
 *
 * A call that the client repeats, because its answer was lost, reserves a second slot: the first one passes unused.
 */
export function dynamoDbPaceStore(client: DynamoDBClient, table: string): PaceStore {
  return {
    async reserve(intervalMs, now, latest) {
      if (now > latest) return undefined
      const after = now + intervalMs
      const idle = await update('SET #next = :after', 'attribute_not_exists(#next) OR #next <= :now', {
        ':after': after,
        ':now': now,
      })
      if (idle.done) return now
      const [next, deferred] = [Number(idle.stored?.next?.N), Number(idle.stored?.deferredUntil?.N ?? 0)]
      const farthest = now + MAX_AHEAD_MS
      if (next > farthest) {
        const forget = deferred > farthest ? ' REMOVE deferredUntil' : ''
        const values = { ':after': after, ':farthest': farthest }
        const reset = await update(`SET #next = :after${forget}`, '#next > :farthest', values)
        if (reset.done) return now
      } else if (next > latest) {
        return undefined
      }
      // From here on `next` is later than now: whoever comes takes it and moves it on.
      const queued = await update('SET #next = #next + :interval', '#next <= :latest', {
        ':interval': intervalMs,
        ':latest': latest,
      })
      return queued.done ? Number(queued.output.Attributes?.next?.N) : undefined
    },

    async defer(until) {
      const values = { ':until': until }
      const free = 'attribute_not_exists(#next) OR #next < :until'
      if ((await update('SET #next = :until, deferredUntil = :until', free, values)).done) return
      const earlier = 'attribute_not_exists(deferredUntil) OR deferredUntil < :until'
      await update('SET deferredUntil = :until', `attribute_exists(#next) AND (${earlier})`, values)
    },

    async deferredUntil() {
      const { Item: item } = await reached(
        client.send(new GetItemCommand({ TableName: table, Key: ACCOUNT, ConsistentRead: true })),
      )
      return Number(item?.deferredUntil?.N ?? 0)
    },
  }

  /** Gives the item as it was before. */
  function update(change: string, condition: string, values: object): Promise<Conditional<UpdateItemCommandOutput>> {
    const command = new UpdateItemCommand({
      TableName: table,
      Key: ACCOUNT,
      UpdateExpression: change,
      ConditionExpression: condition,
      ExpressionAttributeNames: { '#next': 'next' },
      ExpressionAttributeValues: itemOf(values),
      ReturnValues: 'ALL_OLD',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    })
    return conditional(client.send(command))
  }
}

// ---------------------------------------------------------------------------

const ACCOUNT = itemOf({ pk: 'pace', sk: 'account' })
