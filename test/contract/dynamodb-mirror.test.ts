/** What of the mirror's stores concerns DynamoDB alone: lost answers, outages, spoiled items, expiry. */
import assert from 'node:assert/strict'
import { after, beforeEach, describe, test } from 'node:test'
import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import fc from 'fast-check'
import { dynamoDbClient } from '../../shared/aws/client.ts'
import { dynamoDbMirrorStore } from '../../shared/aws/mirror-store.ts'
import { dynamoDbNameStore } from '../../shared/aws/name-store.ts'
import { dynamoDbPaceStore } from '../../shared/aws/pace-store.ts'
import { dynamoDbZoneStore } from '../../shared/aws/zone-store.ts'
import { memoryMirrorStore } from '../../shared/mirror/memory.ts'
import type { MirrorRow, WalkCounts } from '../../shared/mirror/model.ts'
import { NO_COUNTS } from '../../shared/mirror/no-counts.ts'
import { orderKey } from '../../shared/mirror/order.ts'
import type { MirrorStore } from '../../shared/mirror/ports.ts'
import { testDynamoDb } from '../dynamodb.ts'
import { type Fate, faultyProxy, inTurn } from './faulty-proxy.ts'
import { namesIn } from './mirror-names.ts'
import { a, apex, nameOf, record, zoneAt } from './records.ts'

const { client, endpoint, newTables } = await testDynamoDb()
const proxy = await faultyProxy(endpoint)
process.env.AWS_ENDPOINT_URL_DYNAMODB = proxy.endpoint
const faulty = dynamoDbClient()
after(() => {
  faulty.destroy()
  proxy.close()
})

const tables = await newTables()
const mirror = dynamoDbMirrorStore(faulty, tables.mirror)
const pace = dynamoDbPaceStore(faulty, tables.mirror)
const names = dynamoDbNameStore(faulty, tables.names)
const zones = dynamoDbZoneStore(faulty, tables.zones)

let hostedZone = 'Z0' // a new one for each test
beforeEach(() => {
  proxy.decide = () => 'answered'
  hostedZone = `Z${crypto.randomUUID()}`
})

describe('an answer that is lost on the way', () => {
  const lost = (operation: string, times = 2) => {
    proxy.decide = inTurn(operation, ...Array.from({ length: times }, (): Fate => 'answer lost'))
  }

  test('whoever took the lease holds it, and nobody else', async () => {
    lost('UpdateItem')
    const state = { wake: 0, lease: { holder: 'one', until: 2000 } }
    assert.deepEqual(await mirror.acquire(hostedZone, 'one', 1000, 2000), state)
    lost('UpdateItem')
    for (const holder of ['one', 'two']) {
      assert.equal(await mirror.acquire(hostedZone, holder, 1000, 2000), undefined)
    }
  })

  test('a lease that somebody took over in between is not one’s own', async () => {
    proxy.decide = () => 'answer lost'
    await assert.rejects(mirror.acquire(hostedZone, 'one', 1000, 2000), { code: 'unavailable' })
    proxy.decide = () => 'answered'
    assert.equal((await mirror.acquire(hostedZone, 'two', 2000, 3000))?.lease?.holder, 'two')
  })

  test('a lease is extended, and given back', async () => {
    await mirror.acquire(hostedZone, 'one', 1000, 2000)
    lost('UpdateItem')
    assert.equal(await mirror.extend(hostedZone, 'one', 5000), true)
    lost('UpdateItem')
    assert.equal(await mirror.release(hostedZone, 'one', 0), true)
    assert.deepEqual(await mirror.state(hostedZone), { wake: 0 })
  })

  test('a wake-up may count twice, which makes a holder look once more', async () => {
    await mirror.acquire(hostedZone, 'one', 1000, 2000)
    lost('UpdateItem', 1)
    assert.equal(await mirror.wake(hostedZone, 1000), false)
    assert.equal(await mirror.release(hostedZone, 'one', 0), false)
    assert.equal((await mirror.state(hostedZone))?.wake, 2)
  })

  test('marks are set and taken away', async () => {
    lost('UpdateItem')
    await mirror.mark(hostedZone, [{ name: apex, at: 1000 }])
    lost('DeleteItem')
    await mirror.unmark(hostedZone, await mirror.marks(hostedZone, undefined, 10), 9_000)
    assert.deepEqual(await mirror.marks(hostedZone, undefined, 10), [])
  })

  test('whoever began a walk began it, and nobody else', async () => {
    const walk = { kind: 'adopt', overwrite: false, startedAt: 1000, counts: NO_COUNTS } as const
    lost('UpdateItem')
    assert.equal(await mirror.beginWalk(hostedZone, walk), true)
    await mirror.note(hostedZone, { walk: { ...walk, next: apex } })
    lost('UpdateItem')
    assert.equal(await mirror.beginWalk(hostedZone, walk), false)
    await mirror.note(hostedZone, { walk: undefined })
    assert.deepEqual(await mirror.state(hostedZone), { wake: 0 })
  })

  test('a deferral is remembered', async () => {
    const until = (await pace.deferredUntil()) + 1000
    lost('UpdateItem')
    await pace.defer(until)
    assert.equal(await pace.deferredUntil(), until)
  })

  test('a slot is given to one only', async () => {
    const later = 2_000_000_000_000
    lost('UpdateItem', 1)
    const first = await pace.reserve(100, later, later + 1000)
    lost('UpdateItem', 1)
    const second = await pace.reserve(100, later, later + 1000)
    assert.ok(first !== undefined && second !== undefined && second - first >= 100)
  })

  test('a link is made', async () => {
    await zones.add(zoneAt('example.org'))
    lost('UpdateItem')
    assert.equal(await zones.link(apex, 'Z0EXAMPLE'), true)
  })
})

test('a link waits for the segment that is moving the serial', async () => {
  await zones.add(zoneAt('example.net'))
  const conflict: Fate = { status: 400, error: 'TransactionConflictException' }
  proxy.decide = inTurn('UpdateItem', conflict, conflict)
  assert.equal(await zones.link(zoneAt('example.net').zone, 'Z1EXAMPLE'), true)
  proxy.decide = () => conflict
  await assert.rejects(zones.link(zoneAt('example.net').zone, undefined), { name: 'TransactionConflictException' })
})

describe('a store that does not serve', () => {
  const [row, mark] = [rowOf('h'), { name: apex, token: 'token', at: 1000 }]
  const calls: Record<string, () => Promise<unknown>> = {
    'MirrorStore.mark': () => mirror.mark(hostedZone, [mark]),
    'MirrorStore.marks': () => mirror.marks(hostedZone, undefined, 10),
    'MirrorStore.unmark': () => mirror.unmark(hostedZone, [mark], 9_000),
    'MirrorStore.restless': () => mirror.restless([hostedZone]),
    'MirrorStore.wake': () => mirror.wake(hostedZone, 1000),
    'MirrorStore.acquire': () => mirror.acquire(hostedZone, 'one', 1000, 2000),
    'MirrorStore.extend': () => mirror.extend(hostedZone, 'one', 2000),
    'MirrorStore.release': () => mirror.release(hostedZone, 'one', 0),
    'MirrorStore.state': () => mirror.state(hostedZone),
    'MirrorStore.note': () => mirror.note(hostedZone, {}),
    'MirrorStore.beginWalk': () =>
      mirror.beginWalk(hostedZone, { kind: 'adopt', overwrite: false, startedAt: 1000, counts: NO_COUNTS }),
    'MirrorStore.rows': () => mirror.rows(hostedZone, [row.name]),
    'MirrorStore.putRows': () => mirror.putRows(hostedZone, [row]),
    'MirrorStore.rowsBetween': async () => {
      for await (const _ of mirror.rowsBetween(hostedZone, undefined, undefined));
    },
    'MirrorStore.refused': () => mirror.refused(hostedZone, undefined, 10),
    'MirrorStore.counts': () => mirror.counts(hostedZone),
    'MirrorStore.inflight': () => mirror.inflight(hostedZone),
    'MirrorStore.setInflight': () => mirror.setInflight(hostedZone, undefined),
    'MirrorStore.changeNote': () => mirror.changeNote('C1'),
    'MirrorStore.noteChange': () => mirror.noteChange('C1', { status: 'PENDING', askedAt: 1000 }),
    'PaceStore.reserve': () => pace.reserve(100, 1000, 2000),
    'PaceStore.defer': () => pace.defer(1000),
    'PaceStore.deferredUntil': () => pace.deferredUntil(),
    'NameStore.readAll': () => names.readAll([apex]),
    'ZoneStore.link': () => zones.link(apex, undefined),
  }
  for (const [call, run] of Object.entries(calls)) {
    test(`${call} is unavailable where the store has a fault`, async () => {
      proxy.decide = () => ({ status: 500, error: 'InternalServerError' })
      await assert.rejects(run(), { name: 'NamingError', code: 'unavailable' })
    })
  }
})

test('a row that cannot be read is an error: it must not pass for one that is not there', async () => {
  await mirror.putRows(hostedZone, [rowOf('a')])
  const spoiled = { pk: { S: `row#${hostedZone}` }, sk: { S: orderKey(nameOf('b')) }, name: { S: nameOf('b') } }
  await client.send(new PutItemCommand({ TableName: tables.mirror, Item: spoiled }))
  await assert.rejects(mirror.rows(hostedZone, [nameOf('a'), nameOf('b')]), /applied/)
  await assert.rejects(async () => {
    for await (const _ of mirror.rowsBetween(hostedZone, undefined, undefined));
  }, /applied/)
  assert.equal((await mirror.rows(hostedZone, [nameOf('a')])).size, 1)
})

test('a mark that cannot be read hides no other and does not end a page', async () => {
  await mirror.mark(
    hostedZone,
    ['a', 'c', 'd'].map((label) => ({ name: nameOf(label), at: 1000 })),
  )
  const spoiled = { pk: { S: `mark#${hostedZone}` }, sk: { S: nameOf('b') } }
  await client.send(new PutItemCommand({ TableName: tables.mirror, Item: spoiled }))
  const read = namesIn(await mirror.marks(hostedZone, undefined, 2))
  assert.deepEqual(read, [nameOf('a'), nameOf('c')])
})

test('a name that cannot be read is told apart from one that is not there', async () => {
  const [good, spoiled, absent] = [record('good', 1000, a(60, '192.0.2.1')), nameOf('spoiled'), nameOf('absent')]
  await names.write(good, 0)
  await client.send(new PutItemCommand({ TableName: tables.names, Item: { name: { S: spoiled } } }))
  assert.deepEqual(await names.readAll([spoiled, good.name, absent, spoiled]), {
    records: new Map([[good.name, good]]),
    unreadable: new Set([spoiled]),
  })
})

test('what an earlier version did not count is read as none', async () => {
  const walk = { kind: 'adopt', overwrite: true, startedAt: 1000 } as const
  const [some, none] = [{ sets: 9, owned: 5 } as WalkCounts, {} as WalkCounts]
  await mirror.note(hostedZone, {
    walk: { ...walk, counts: some },
    adopted: { ...none, startedAt: 1000, endedAt: 2000 },
  })
  assert.deepEqual(await mirror.state(hostedZone), {
    wake: 0,
    walk: { ...walk, counts: { ...NO_COUNTS, ...some } },
    adopted: { ...NO_COUNTS, startedAt: 1000, endedAt: 2000 },
  })
})

test('what expires: rows that stand for nothing, after three days, and what is known of changes, after two', async () => {
  const own = await newTables()
  const now = Date.now() + 0.5
  const store = dynamoDbMirrorStore(client, own.mirror, () => now)
  await store.putRows(hostedZone, [
    { ...rowOf('empty'), refused: {} },
    { ...rowOf('applied'), refused: {}, applied: a(60, '192.0.2.1') },
    rowOf('refused'),
  ])
  await store.noteChange('C1', { status: 'INSYNC', askedAt: 1000 })
  const { Items = [] } = await client.send(new ScanCommand({ TableName: own.mirror }))
  const expiring = Items.filter(({ expires }) => expires).map(({ sk, expires }) => [sk?.S, Number(expires?.N)])
  const second = Math.floor(now / 1000)
  assert.deepEqual(
    new Map(expiring as [string, number][]),
    new Map([
      [orderKey(nameOf('empty')), second + 72 * 3600],
      ['change', second + 48 * 3600],
    ]),
  )
})

test('leases end up as those in memory, whatever is done to them in turn', async () => {
  const time = fc.integer({ min: 1, max: 5 })
  const holder = fc.constantFrom('one', 'two')
  const step = fc.oneof<fc.Arbitrary<Step>[]>(
    time.map((now) => (store, zone) => store.wake(zone, now)),
    fc.tuple(holder, time, time).map(
      ([who, now, until]) =>
        (store, zone) =>
          store.acquire(zone, who, now, until),
    ),
    fc.tuple(holder, time).map(
      ([who, until]) =>
        (store, zone) =>
          store.extend(zone, who, until),
    ),
    fc.tuple(holder, fc.nat(3)).map(
      ([who, wake]) =>
        (store, zone) =>
          store.release(zone, who, wake),
    ),
    time.map((minimum) => (store, zone) => store.note(zone, { minimum })),
    time.map(
      (startedAt) => (store, zone) =>
        store.beginWalk(zone, { kind: 'reconcile', overwrite: false, startedAt, counts: NO_COUNTS }),
    ),
    fc.constant((store, zone) => store.note(zone, { walk: undefined })),
  )
  const property = fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
    const [zone, memory] = [`Z${crypto.randomUUID()}`, memoryMirrorStore()]
    for (const take of steps) {
      assert.deepEqual(await take(mirror, zone), await take(memory, zone))
      assert.deepEqual(await mirror.state(zone), await memory.state(zone))
    }
  })
  await fc.assert(property, { numRuns: 25 })
})

// ---------------------------------------------------------------------------

type Step = (store: MirrorStore, hostedZone: string) => Promise<unknown>

function rowOf(label: string): MirrorRow {
  const refusal = { code: 'invalid', message: 'not valid', at: 1000 } as const
  return { name: nameOf(label), applied: {}, refused: { TXT: refusal }, version: 1 }
}
