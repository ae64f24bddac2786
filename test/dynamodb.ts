/** DynamoDB Local for tests. */
import { randomUUID } from 'node:crypto'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import { DeleteTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { startDynamoDb } from '../local/dynamodb.ts'
import { findJava } from '../local/java.ts'
import { dynamoDbClient } from '../shared/aws/client.ts'
import { createTables } from '../shared/aws/create-tables.ts'
import { type Table, tableVariables } from '../shared/aws/tables.ts'

export type TableNames = Readonly<Record<Table, string>>

export interface TestDynamoDb {
  readonly endpoint: string
  readonly client: DynamoDBClient
  /** Creates a set of empty tables under names of their own. */
  newTables(): Promise<TableNames>
}

export interface TestTables extends TestDynamoDb {
  readonly names: TableNames
  /** What a process needs in its environment to work on these tables; set in this process already. */
  readonly environment: Readonly<Record<string, string>>
}

/**
 * The DynamoDB that NAMESTREAM_TEST_DYNAMODB names (the test runner starts one for all files), else one started here.
 * The tables made are dropped when the tests of the file are over. Call it once, at the top level of a test file.
 */
export async function testDynamoDb(): Promise<TestDynamoDb> {
  const { endpoint, stop } = await testEndpoint()
  Object.assign(process.env, testCredentials(endpoint))
  const client = dynamoDbClient()
  const made: string[] = []
  after(async () => {
    for (const name of made) await client.send(new DeleteTableCommand({ TableName: name }))
    client.destroy()
    await stop()
  })
  return {
    endpoint,
    client,
    async newTables() {
      const suffix = randomUUID()
      const named = Object.keys(tableVariables).map((table) => [table, `${table}-${suffix}`])
      const names: TableNames = Object.fromEntries(named)
      await createTables(client, names)
      made.push(...Object.values(names))
      return names
    },
  }
}

/** As `testDynamoDb`, with one set of tables for the whole file, which the environment names. */
export async function testTables(): Promise<TestTables> {
  const dynamoDb = await testDynamoDb()
  const names = await dynamoDb.newTables()
  const variables = Object.entries(tableVariables).map(([table, variable]) => [variable, names[table as Table]])
  const environment = { ...testCredentials(dynamoDb.endpoint), ...Object.fromEntries(variables) }
  Object.assign(process.env, environment)
  return { ...dynamoDb, names, environment }
}

/** The environment variables with which the SDK reaches a DynamoDB Local. */
export function testCredentials(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  }
}

// ---------------------------------------------------------------------------

async function testEndpoint(): Promise<{ endpoint: string; stop: () => Promise<void> }> {
  const shared = process.env.NAMESTREAM_TEST_DYNAMODB
  if (shared) return { endpoint: shared, stop: async () => {} }
  const folder = fileURLToPath(new URL('../.namestream', import.meta.url))
  const java = await findJava(folder, (line) => process.stderr.write(`${line}\n`))
  return startDynamoDb({ java })
}
