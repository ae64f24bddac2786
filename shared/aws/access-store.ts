import { isDeepStrictEqual } from 'node:util'
import { DeleteItemCommand, type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { AccessStore } from '../access/ports.ts'
import { GRANT, grantItem, grantKey, grantOf, TOKEN, tokenItem, tokenKey, tokenOf } from './access-items.ts'
import { reached } from './client.ts'
import { conditional } from './conditional.ts'
import { type Item, itemOf, readable } from './items.ts'
import { queryPages } from './query.ts'
import { scanItems } from './scan.ts'

/**
 * Grants and tokens in a DynamoDB table:
 *
 *     pk = grant#<principal>   sk = <id>    a grant
 *     pk = token#<id>          sk = token   a token
 *
 * A caller's grants are one query, its token is one read. A grant that cannot be read allows nothing.
 */
export function dynamoDbAccessStore(client: DynamoDBClient, table: string): AccessStore {
  return {
    async grantsOf(principal) {
      const query = {
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: itemOf({ ':pk': grantKey({ principal, id: '' }).pk }),
      }
      const items: Item[] = []
      for await (const { Items = [] } of queryPages(client, query)) items.push(...Items)
      return readable(items, grantOf)
    },

    grants: () => all(GRANT, grantOf),

    addGrant: (grant) => put(grantItem(grant), 'attribute_not_exists(pk)'),

    async removeGrant(grant) {
      const command = new DeleteItemCommand({
        TableName: table,
        Key: itemOf(grantKey(grant)),
        ConditionExpression: 'attribute_exists(pk)',
      })
      return (await conditional(client.send(command))).done
    },

    async token(id) {
      const command = new GetItemCommand({ TableName: table, Key: itemOf(tokenKey(id)), ConsistentRead: true })
      const { Item: item } = await reached(client.send(command))
      return item && tokenOf(item)
    },

    tokens: () => all(TOKEN, tokenOf),

    writeToken(next, expected) {
      if (expected === 0) return put(tokenItem(next), 'attribute_not_exists(pk)')
      return put(tokenItem(next), 'version = :expected', { ':expected': expected })
    },
  }

  /** The client repeats a call whose answer it did not get: then what stands in the way is this very item. */
  async function put(item: Item, condition: string, values?: object): Promise<boolean> {
    const command = new PutItemCommand({
      TableName: table,
      Item: item,
      ConditionExpression: condition,
      ...(values && { ExpressionAttributeValues: itemOf(values) }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    })
    const outcome = await conditional(client.send(command))
    return outcome.done || isDeepStrictEqual(outcome.stored, item)
  }

  /** For operators: whoever asks for a caller's own reads no more than that. */
  async function all<T>(prefix: string, read: (item: Item) => T): Promise<T[]> {
    const items = await scanItems(client, table)
    return readable(
      items.filter(({ pk }) => pk?.S?.startsWith(prefix)),
      read,
    )
  }
}
