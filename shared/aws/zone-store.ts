import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  paginateScan,
} from '@aws-sdk/client-dynamodb'
import type { ZoneStore } from '../records/ports.ts'
import { reached } from './client.ts'
import { type Item, itemOf, readable, zoneOf } from './items.ts'

/** The served zones in a DynamoDB table, one item each. */
export function dynamoDbZoneStore(client: DynamoDBClient, table: string): ZoneStore {
  return {
    list: async () => readable(await reached(scan(client, table)), zoneOf),

    async add(zone) {
      const condition = 'attribute_not_exists(#zone)'
      const command = new PutItemCommand({
        TableName: table,
        Item: itemOf(zone),
        ConditionExpression: condition,
        ExpressionAttributeNames: { '#zone': 'zone' },
      })
      try {
        await reached(client.send(command))
        return true
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false
        throw error
      }
    },
  }
}

// ---------------------------------------------------------------------------

async function scan(client: DynamoDBClient, table: string): Promise<Item[]> {
  const items: Item[] = []
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table, ConsistentRead: true })) {
    items.push(...Items)
  }
  return items
}
