import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { DescribeTimeToLiveCommand } from '@aws-sdk/client-dynamodb'
import { type DynamoDb, startDynamoDb } from '../../local/dynamodb.ts'
import { TABLES } from '../../local/environment.ts'
import { findJava } from '../../local/java.ts'
import { dynamoDbClient } from '../../shared/aws/client.ts'
import { createTables } from '../../shared/aws/create-tables.ts'
import { dynamoDbNameStore } from '../../shared/aws/name-store.ts'
import { openStream, type StreamReader } from '../../shared/aws/stream-reader.ts'
import { a, nameOf, record } from '../contract/records.ts'
import { testCredentials } from '../dynamodb.ts'

const java = await findJava(fileURLToPath(new URL('../../.namestream', import.meta.url)), () => {})
const tables = TABLES
const scratch = mkdtempSync(join(tmpdir(), 'namestream dynamodb='))
after(() => rmSync(scratch, { recursive: true }))

test('it answers when it is started and is gone when it is stopped', async (t) => {
  const { endpoint, pid, ended, stop } = await start(t)
  await withClient(endpoint, (client) => createTables(client, tables))
  await stop()
  await ended
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' })
  await assert.rejects(fetch(endpoint))
})

test('it listens on loopback only', async (t) => {
  const outside = Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address),
  )
  if (outside.length === 0) return t.skip('this machine has no address but loopback')
  const { endpoint } = await start(t)
  await assert.rejects(fetch(endpoint.replace('127.0.0.1', outside[0] ?? '')))
})

test('tables are made once, with their expiry', async (t) => {
  const { endpoint } = await start(t)
  await withClient(endpoint, async (client) => {
    for (let i = 0; i < 2; i++) await createTables(client, tables)
    for (const TableName of Object.values(tables)) {
      const { TimeToLiveDescription: expiry } = await client.send(new DescribeTimeToLiveCommand({ TableName }))
      assert.deepEqual([expiry?.AttributeName, expiry?.TimeToLiveStatus], ['expires', 'ENABLED'])
    }
  })
})

for (const end of ['stopped', 'killed'] as const) {
  test(`records, and where a reader of the stream was, are there again after it was ${end}`, async (t) => {
    const data = join(scratch, end)
    const first = await start(t, data)
    const before = await withClient(first.endpoint, async (client) => {
      await createTables(client, tables)
      const names = dynamoDbNameStore(client, tables.names)
      for (let version = 1; version <= 3; version++) {
        await names.write(record('h', version, states(version)), version - 1)
      }
      return position(await openStream(tables.names))
    })
    assert.equal(before.versions.length, 3)
    if (end === 'killed') process.kill(first.pid, 'SIGKILL')
    else await first.stop()
    await first.ended

    const second = await start(t, data)
    await withClient(second.endpoint, async (client) => {
      await createTables(client, tables)
      const names = dynamoDbNameStore(client, tables.names)
      assert.deepEqual(await names.read(nameOf('h')), record('h', 3, states(3)))
      const stream = await openStream(tables.names)
      assert.deepEqual(await position(stream), before)
      await names.write(record('h', 4, states(4)), 3)
      const { versions } = await position(stream, before.last)
      assert.deepEqual(versions, ['4'])
    })
  })
}

test('it ends when its parent is killed', async (t) => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PARENT], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TEST_JAVA: java },
  })
  t.after(() => child.kill('SIGKILL'))
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data')
  const { pid, endpoint } = JSON.parse(line)
  assert.equal((await fetch(endpoint)).status, 400)
  child.kill('SIGKILL')
  while (isRunning(pid)) await new Promise(setImmediate)
})

describe('a start that fails says why in one line', () => {
  test('no Java', async () => {
    await assert.rejects(startDynamoDb({ java: '/no/such/java' }), oneLine(/\/no\/such\/java: not found/))
  })

  test('a port that is taken', async (t) => {
    const server = createServer().listen(0, '127.0.0.1')
    t.after(() => server.close())
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    await assert.rejects(startDynamoDb({ java, port }), oneLine(/Address already in use/))
  })

  test('a folder that is a file', async () => {
    const file = join(scratch, 'file')
    writeFileSync(file, '')
    await assert.rejects(startDynamoDb({ java, data: file }), oneLine(/EEXIST/))
  })

  test('a database file that is none', async () => {
    const data = join(scratch, 'broken')
    mkdirSync(data)
    writeFileSync(join(data, 'shared-local-instance.db'), 'no database'.repeat(1000))
    await assert.rejects(startDynamoDb({ java, data }), oneLine(/file is encrypted or is not a database/))
  })
})

// ---------------------------------------------------------------------------

const PARENT = `
import { startDynamoDb } from ${JSON.stringify(new URL('../../local/dynamodb.ts', import.meta.url).href)}
const { pid, endpoint } = await startDynamoDb({ java: process.env.TEST_JAVA })
console.log(JSON.stringify({ pid, endpoint }))
setInterval(() => {}, 1000)
`

/** Starts one that is stopped when the test is over, however it ends. */
async function start(t: TestContext, data?: string): Promise<DynamoDb> {
  const started = await startDynamoDb({ java, ...(data !== undefined && { data }) })
  t.after(() => started.stop())
  return started
}

async function withClient<T>(endpoint: string, use: (client: ReturnType<typeof dynamoDbClient>) => Promise<T>) {
  Object.assign(process.env, testCredentials(endpoint))
  const client = dynamoDbClient()
  try {
    return await use(client)
  } finally {
    client.destroy()
  }
}

function states(version: number) {
  return a(60, `192.0.2.${version}`)
}

/** The shards of a stream, and the versions and the last sequence number of what follows a place in the first of them. */
async function position(stream: StreamReader, after?: string) {
  const shards = await stream.shards()
  const iterator = await stream.iterator(shards[0]?.id ?? '', after)
  const page = await stream.read(iterator ?? '', 100)
  const records = page.kind === 'records' ? page.records : []
  const versions = records.map(({ dynamodb }) => dynamodb?.NewImage?.version?.N)
  return { streamArn: stream.streamArn, shards, versions, last: records.at(-1)?.dynamodb?.SequenceNumber }
}

function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return 'State:\tZ' // gone meanwhile
  }
}

/** A zombie, whose parent is gone and which nobody has collected yet, counts as gone. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  return process.platform !== 'linux' || !/^State:\tZ/m.test(readStatus(pid))
}

function oneLine(pattern: RegExp) {
  return (error: Error) => pattern.test(error.message) && !error.message.includes('\n')
}
