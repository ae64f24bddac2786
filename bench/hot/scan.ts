/** Reads the table of names as `NameStore` does, and throws away what it reads. Prints how many items there were, and its CPU seconds. */
import { ScanCommand } from '@aws-sdk/client-dynamodb'
import { dynamoDbClient } from '../../shared/aws/client.ts'
import type { Item } from '../../shared/aws/items.ts'
import { tableName } from '../../shared/aws/tables.ts'

const SEGMENTS = 4

const client = dynamoDbClient()
let items = 0
await Promise.all(Array.from({ length: SEGMENTS }, (_, segment) => scan(segment)))
client.destroy()
const { user, system } = process.cpuUsage()
process.stdout.write(JSON.stringify({ items, cpu: (user + system) / 1e6 }))

// ---------------------------------------------------------------------------

async function scan(Segment: number): Promise<void> {
  const table = { TableName: tableName('names'), Segment, TotalSegments: SEGMENTS, ConsistentRead: true }
  let start: Item | undefined
  do {
    const page = await client.send(new ScanCommand({ ...table, ...(start && { ExclusiveStartKey: start }) }))
    items += page.Count ?? 0
    start = page.LastEvaluatedKey
  } while (start !== undefined)
}
