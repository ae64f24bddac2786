import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type DynamoDBClient,
  type QueryCommand,
} from '@aws-sdk/client-dynamodb'
import { dynamoDbMirrorStore } from '../../shared/aws/mirror-store.ts'
import { dynamoDbNameStore } from '../../shared/aws/name-store.ts'
import { testDynamoDb } from '../dynamodb.ts'
import { namesIn } from './mirror-names.ts'
import { a, apex, nameOf, record } from './records.ts'

const { client, newTables } = await testDynamoDb()
const tables = await newTables()

describe('a call that is done in part', () => {
  test('is asked for again until all is done', async () => {
    const busy = partly((size) => Math.ceil(size / 2))
    const store = dynamoDbMirrorStore(busy, tables.mirror)
    const rows = Array.from({ length: 60 }, (_, i) => ({
      name: nameOf(`n${i}`),
      applied: {},
      refused: { TXT: { code: 'invalid', message: 'not valid', at: 1000 } as const },
      version: 1,
    }))
    await store.putRows('Z0EXAMPLE', rows)
    assert.equal((await store.rows('Z0EXAMPLE', namesIn(rows))).size, 60)
    assert.deepEqual(await store.counts('Z0EXAMPLE'), { marked: 0, refused: 60 })
    const names = dynamoDbNameStore(busy, tables.names)
    await names.write(record('busy', 1000, a(60, '192.0.2.1')), 0)
    assert.equal((await names.readAll([nameOf('busy'), nameOf('none')])).records.size, 1)
  })

  test('is given up in the end', async () => {
    const store = dynamoDbMirrorStore(
      partly(() => 0),
      tables.mirror,
    )
    const row = { name: apex, applied: {}, refused: {}, version: 1 }
    const calls = [store.rows('Z0EXAMPLE', [apex]), store.putRows('Z0EXAMPLE', [row])]
    await Promise.all(calls.map((call) => assert.rejects(call, { code: 'unavailable' })))
  })
})

// ---------------------------------------------------------------------------

/** A client of which DynamoDB carries out `done` of so many reads or writes of a batch, and hands back the others. */
function partly(done: (size: number) => number): DynamoDBClient {
  const busy = Object.create(client)
  busy.send = async (command: unknown) => {
    if (command instanceof BatchGetItemCommand) {
      const [[table, { Keys = [], ...how }] = ['', { Keys: [] }]] = Object.entries(command.input.RequestItems ?? {})
      const [now, later] = [Keys.slice(0, done(Keys.length)), Keys.slice(done(Keys.length))]
      const UnprocessedKeys = { [table]: { Keys: later, ...how } }
      if (now.length === 0) return { UnprocessedKeys }
      const answer = await client.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys: now, ...how } } }))
      return { ...answer, UnprocessedKeys }
    }
    if (command instanceof BatchWriteItemCommand) {
      const [[table, writes] = ['', []]] = Object.entries(command.input.RequestItems ?? {})
      const [now, later] = [writes.slice(0, done(writes.length)), writes.slice(done(writes.length))]
      if (now.length > 0) await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: now } }))
      return { UnprocessedItems: { [table]: later } }
    }
    return client.send(command as QueryCommand)
  }
  return busy
}
