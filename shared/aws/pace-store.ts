import { type DynamoDBClient, UpdateItemCommand, type UpdateItemCommandOutput } from '@aws-sdk/client-dynamodb'
import type { PaceStore } from '../mirror/ports.ts'
import { type Conditional, conditional } from './conditional.ts'
import { itemOf } from './items.ts'

/**
 * The pace of an account in the mirror's table, one item: pk = pace, sk = account, next = the first slot that is free.
 *
 * A call that the client repeats, because its answer was lost, reserves a second slot: the first one passes unused.
 */
export function dynamoDbPaceStore(client: DynamoDBClient, table: string): PaceStore {
  return {
    async reserve(intervalMs, now, latest) {
      if (now > latest) return undefined
      const after = now + intervalMs
      const idle = await update('#next = :after', `attribute_not_exists(#next) OR #next <= :now`, {
        ':after': after,
        ':now': now,
      })
      if (idle.done) return now
      // From here on `next` is later than now, for it never goes back: whoever comes takes it and moves it on.
      if (Number(idle.stored?.next?.N) > latest) return undefined
      const queued = await update('#next = #next + :interval', '#next <= :latest', {
        ':interval': intervalMs,
        ':latest': latest,
      })
      return queued.done ? Number(queued.output.Attributes?.next?.N) : undefined
    },

    async defer(until) {
      await update('#next = :until', 'attribute_not_exists(#next) OR #next < :until', { ':until': until })
    },
  }

  /** Gives `next` as it was before. */
  function update(set: string, condition: string, values: object): Promise<Conditional<UpdateItemCommandOutput>> {
    const command = new UpdateItemCommand({
      TableName: table,
      Key: itemOf({ pk: 'pace', sk: 'account' }),
      UpdateExpression: `SET ${set}`,
      ConditionExpression: condition,
      ExpressionAttributeNames: { '#next': 'next' },
      ExpressionAttributeValues: itemOf(values),
      ReturnValues: 'UPDATED_OLD',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    })
    return conditional(client.send(command))
  }
}
