import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb'
import { EXPIRES, type Table, type TableSchema, tableSchemas } from './tables.ts'

/** Creates the tables that are missing, under the given names, and waits until they can be used. For one machine and tests. */
export async function createTables(client: DynamoDBClient, names: Readonly<Record<Table, string>>): Promise<void> {
  await Promise.all(
    Object.entries(tableSchemas).map(([table, schema]) => createTable(client, names[table as Table], schema)),
  )
}

// ---------------------------------------------------------------------------

async function createTable(client: DynamoDBClient, name: string, schema: TableSchema): Promise<void> {
  await client.send(new CreateTableCommand(definition(name, schema))).catch(unless('ResourceInUseException'))
  await waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 0.05, maxDelay: 1 }, { TableName: name })
  const expiry = { Enabled: true, AttributeName: EXPIRES }
  await client
    .send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification: expiry }))
    .catch(unless('ValidationException')) // enabled already
}

function unless(expected: string): (error: Error) => void {
  return (error) => {
    if (error.name !== expected) throw error
  }
}

function definition(name: string, { partitionKey, sortKey, streamed }: TableSchema): CreateTableCommandInput {
  const sort = sortKey === undefined ? [] : [sortKey]
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: partitionKey, AttributeType: 'S' },
      ...sort.map((key) => ({ AttributeName: key.name, AttributeType: key.type })),
    ],
    KeySchema: [
      { AttributeName: partitionKey, KeyType: 'HASH' },
      ...sort.map((key) => ({ AttributeName: key.name, KeyType: 'RANGE' as const })),
    ],
    ...(streamed && { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } }),
  }
}
