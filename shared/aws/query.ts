import {
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
} from '@aws-sdk/client-dynamodb'
import { reached } from './client.ts'
import { type Item, readable } from './items.ts'

/** All pages of a query, one call each, strongly consistent. */
export async function* queryPages(
  client: DynamoDBClient,
  query: QueryCommandInput,
): AsyncGenerator<QueryCommandOutput> {
  let start: Item | undefined
  do {
    const input = { ...query, ConsistentRead: true, ...(start && { ExclusiveStartKey: start }) }
    const page: QueryCommandOutput = await reached(client.send(new QueryCommand(input)))
    yield page
    start = page.LastEvaluatedKey
  } while (start !== undefined)
}

/** The first `limit` of a query's items that can be read; fewer only at its end. */
export async function firstReadable<T>(
  client: DynamoDBClient,
  query: QueryCommandInput,
  read: (item: Item) => T,
  limit: number,
): Promise<T[]> {
  const found: T[] = []
  for await (const { Items = [] } of queryPages(client, { ...query, Limit: limit })) {
    found.push(...readable(Items, read))
    if (found.length >= limit) break
  }
  return found.slice(0, limit)
}

/** How many items a query finds. */
export async function countItems(client: DynamoDBClient, query: QueryCommandInput): Promise<number> {
  let total = 0
  for await (const { Count = 0 } of queryPages(client, { ...query, Select: 'COUNT' })) total += Count
  return total
}
