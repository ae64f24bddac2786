import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb'
import { reached } from './client.ts'
import type { Item } from './items.ts'

/** All items of a small table; strongly consistent. */
export function scanItems(client: DynamoDBClient, table: string): Promise<Item[]> {
  return reached(collect(client, table))
}

// ---------------------------------------------------------------------------

async function collect(client: DynamoDBClient, table: string): Promise<Item[]> {
  const items: Item[] = []
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table, ConsistentRead: true })) {
    items.push(...Items)
  }
  return items
}
