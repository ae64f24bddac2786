import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, beforeEach, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { DescribeTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams'
import { createSequence } from '../../functions/sequencer/sequence.ts'
import { dynamoDbChangeLogReader, dynamoDbChangeLogWriter } from '../../shared/aws/change-log.ts'
import { dynamoDbClient } from '../../shared/aws/client.ts'
import { dynamoDbNameStore } from '../../shared/aws/name-store.ts'
import { dynamoDbZoneStore } from '../../shared/aws/zone-store.ts'
import { NamingError } from '../../shared/records/faults.ts'
import { createWritable } from '../../shared/records/writable.ts'
import { testDynamoDb } from '../dynamodb.ts'
import { type Fate, faultyProxy, inTurn } from './faulty-proxy.ts'
import { a, apex, nameOf, record, registration, segment, zoneAt } from './records.ts'
import { anybody, writtenBy } from './writers.ts'

const { client, endpoint, newTables } = await testDynamoDb()
const proxy = await faultyProxy(endpoint)
process.env.AWS_ENDPOINT_URL_DYNAMODB = proxy.endpoint
const faulty = dynamoDbClient()
after(() => {
  faulty.destroy()
  proxy.close()
})

const tables = await newTables()
const names = dynamoDbNameStore(faulty, tables.names)
const zones = dynamoDbZoneStore(faulty, tables.zones)
const writer = dynamoDbChangeLogWriter(faulty, tables)
const reader = dynamoDbChangeLogReader(faulty, tables.changelog)
const writable = writtenBy(anybody, createWritable({ names, zones, now: Date.now, pause }))
await zones.add(zoneAt('example.org'))

beforeEach(() => {
  proxy.decide = () => 'answered'
})

describe('an answer that is lost on the way', () => {
  test('a name whose creation was carried out counts as created by who asked', async () => {
    proxy.decide = inTurn('PutItem', 'answer lost')
    await writable.create({ zone: apex, name: nameOf('created'), type: 'A', address: '192.0.2.1', ttl: 60 })
    assert.deepEqual((await names.read(nameOf('created')))?.rrsets, a(60, '192.0.2.1'))
  })

  test('a write is not carried out twice, and not taken for one of somebody else', async () => {
    await names.write(record('twice', 1000, a(60, '192.0.2.1')), 0)
    proxy.decide = inTurn('PutItem', 'answer lost', 'answer lost')
    const next = record('twice', 1001, a(60, '192.0.2.2'))
    assert.deepEqual(await names.write(next, 1000), { written: true })
    assert.deepEqual(await names.write(next, 1000), { written: false, current: next })
  })

  test('a segment is appended once', async () => {
    const before = await writer.head()
    proxy.decide = inTurn('TransactWriteItems', 'answer lost')
    assert.deepEqual(await writer.append({ ...segment(1, registration('once', 10)), seq: before + 1 }), {
      kind: 'appended',
    })
    assert.equal(await writer.head(), before + 1)
  })

  test('a segment whose answers are all lost is not appended again by the next try', async () => {
    const before = await writer.head()
    const writes = [{ new: record('never-heard', 10, a(60, '192.0.2.1')) }]
    proxy.decide = (operation) => (operation === 'TransactWriteItems' ? 'answer lost' : 'answered')
    const first = await createSequence({ log: writer, now: Date.now, pause, measure() {} })(writes)
    assert.deepEqual([first.logged, (first.error as { code?: unknown }).code], [0, 'unavailable'])
    assert.equal(await writer.head(), before + 1)
    proxy.decide = () => 'answered'
    assert.deepEqual(await createSequence({ log: writer, now: Date.now, pause, measure() {} })(writes), { logged: 1 })
    assert.equal(await writer.head(), before + 1)
  })
})

describe('a store that does not serve', () => {
  const calls: Record<string, () => Promise<unknown>> = {
    'NameStore.read': () => names.read(nameOf('h')),
    'NameStore.write': () => names.write(record('h', 1, {}), 0),
    'NameStore.scan': async () => {
      for await (const _ of names.scan());
    },
    'ZoneStore.list': () => zones.list(),
    'ZoneStore.add': () => zones.add(zoneAt('example.org')),
    'ChangeLogWriter.head': () => writer.head(),
    'ChangeLogWriter.append': () => writer.append(segment(1, registration('h', 1))),
    'ChangeLogReader.after': () => reader.after(0),
  }
  const fates: Record<string, Fate> = {
    'resets the connection': 'answer lost',
    throttles: { status: 400, error: 'ProvisionedThroughputExceededException' },
    'has a fault': { status: 500, error: 'InternalServerError' },
    'is overloaded': { status: 503, error: 'ServiceUnavailable' },
  }
  for (const [call, run] of Object.entries(calls)) {
    for (const [what, fate] of Object.entries(fates)) {
      test(`${call} is unavailable where the store ${what}`, async () => {
        proxy.decide = () => fate
        await assert.rejects(run(), { name: 'NamingError', code: 'unavailable', status: 503 })
      })
    }
  }

  test('nothing listens there', async () => {
    const gone = await faultyProxy(endpoint)
    gone.close()
    process.env.AWS_ENDPOINT_URL_DYNAMODB = gone.endpoint
    const unreached = dynamoDbClient()
    await assert.rejects(dynamoDbNameStore(unreached, tables.names).read(nameOf('h')), { code: 'unavailable' })
    unreached.destroy()
  })

  test('an error of ours is none of the store', async () => {
    proxy.decide = () => ({ status: 400, error: 'AccessDeniedException' })
    await assert.rejects(names.read(nameOf('h')), { name: 'AccessDeniedException' })
    proxy.decide = () => 'answered'
    await assert.rejects(dynamoDbNameStore(faulty, 'no-such-table').read(nameOf('h')), {
      name: 'ResourceNotFoundException',
    })
  })
})

test('a record beyond the limit of an item is name_too_large', async () => {
  const huge = { TXT: { ttl: 60, rdata: ['x'.repeat(410_000)] } }
  await assert.rejects(names.write(record('huge', 1, huge), 0), { code: 'name_too_large' })
})

test('what changes nothing leaves no stream record', async () => {
  const own = await newTables()
  const store = dynamoDbNameStore(client, own.names)
  const quiet = writtenBy(anybody, createWritable({ names: store, zones, now: Date.now, pause }))
  const request = { zone: apex, name: nameOf('h'), type: 'A', address: '192.0.2.1', ttl: 60 } as const
  for (let i = 0; i < 3; i++) await quiet.upsert(request)
  await quiet.update(request)
  await quiet.upsert({ ...request, ttl: 61 })
  assert.equal((await streamRecords(own.names)).length, 2)
})

test('an item that somebody spoiled by hand hides no other, and is told of', async () => {
  const own = await newTables()
  const [store, served] = [dynamoDbNameStore(client, own.names), dynamoDbZoneStore(client, own.zones)]
  const warned = once(process, 'warning')
  await store.write(record('good', 1, a(60, '192.0.2.1')), 0)
  await served.add(zoneAt('example.org'))
  const spoiled = { name: { S: nameOf('spoiled') }, zone: { S: 'EXAMPLE' } }
  await client.send(new PutItemCommand({ TableName: own.names, Item: spoiled }))
  await client.send(new PutItemCommand({ TableName: own.zones, Item: { zone: { S: 'example.net.' } } }))

  const scanned: string[] = []
  for await (const page of store.scan()) scanned.push(...page.map(({ name }) => name))
  assert.deepEqual(scanned, [nameOf('good')])
  assert.deepEqual(await served.list(), [zoneAt('example.org')])
  const [warning] = await warned
  assert.match(warning.message, /cannot be read: .*spoiled/)
  await assert.rejects(store.read(nameOf('spoiled')), (error) => !(error instanceof NamingError))
})

// ---------------------------------------------------------------------------

async function streamRecords(table: string) {
  const streams = new DynamoDBStreamsClient({})
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table }))
    const StreamArn = Table?.LatestStreamArn
    const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }))
    const [shard] = StreamDescription?.Shards ?? []
    const start = { StreamArn, ShardId: shard?.ShardId, ShardIteratorType: 'TRIM_HORIZON' as const }
    const { ShardIterator } = await streams.send(new GetShardIteratorCommand(start))
    const { Records = [] } = await streams.send(new GetRecordsCommand({ ShardIterator }))
    return Records
  } finally {
    streams.destroy()
  }
}
