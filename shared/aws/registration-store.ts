import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateScan,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import type { RegistrationKey } from '../registrations/model.ts'
import type { RegistrationStore } from '../registrations/ports.ts'
import { reached } from './client.ts'
import { conditional } from './conditional.ts'
import { itemOf, readable } from './items.ts'
import { registrationItem, registrationOf } from './registration-items.ts'

/** Registrations in a DynamoDB table, one item each. Every read is strongly consistent. */
export function dynamoDbRegistrationStore(client: DynamoDBClient, table: string): RegistrationStore {
  return {
    async read(name, id) {
      const command = new GetItemCommand({ TableName: table, Key: itemOf({ name, id }), ConsistentRead: true })
      const { Item: item } = await reached(client.send(command))
      return item && registrationOf(item)
    },

    async put(registration, replaced) {
      const command = new PutItemCommand({
        TableName: table,
        Item: registrationItem(registration),
        ConditionExpression: replaced === undefined ? 'attribute_not_exists(nonce)' : 'nonce = :replaced',
        ...(replaced !== undefined && { ExpressionAttributeValues: itemOf({ ':replaced': replaced }) }),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      })
      const outcome = await conditional(client.send(command))
      return outcome.done || outcome.stored?.nonce?.S === registration.nonce // carried out the first time, its answer lost
    },

    renew: (key, until, now) =>
      update(key, 'SET #until = :until', '#until > :now AND attribute_not_exists(ending)', {
        ':until': until,
        ':now': now,
      }),

    end: (key, now, whenever = false) =>
      whenever
        ? update(key, 'SET ending = :true', undefined, { ':true': true })
        : update(key, 'SET ending = :true', '(#until <= :now OR attribute_exists(ending))', {
            ':true': true,
            ':now': now,
          }),

    async remove({ name, id, nonce }) {
      const command = new DeleteItemCommand({
        TableName: table,
        Key: itemOf({ name, id }),
        ConditionExpression: 'nonce = :nonce',
        ExpressionAttributeValues: itemOf({ ':nonce': nonce }),
      })
      await conditional(client.send(command))
    },

    async *scan() {
      const pages = paginateScan({ client }, { TableName: table, ConsistentRead: true })
      for (;;) {
        const { value, done } = await reached(pages.next())
        if (done) return
        yield readable(value?.Items ?? [], registrationOf)
      }
    },
  }

  /** False if it is another registration by now, or not as the condition has it. */
  async function update(
    { name, id, nonce }: RegistrationKey,
    expression: string,
    condition: string | undefined,
    values: object,
  ): Promise<boolean> {
    const uses = `${expression} ${condition ?? ''}`.includes('#until')
    const command = new UpdateItemCommand({
      TableName: table,
      Key: itemOf({ name, id }),
      UpdateExpression: expression,
      ConditionExpression: condition === undefined ? 'nonce = :nonce' : `nonce = :nonce AND ${condition}`,
      ...(uses && { ExpressionAttributeNames: { '#until': 'until' } }), // a reserved word
      ExpressionAttributeValues: itemOf({ ...values, ':nonce': nonce }),
    })
    return (await conditional(client.send(command))).done
  }
}
