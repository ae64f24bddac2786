import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { DynamoDBRecord } from 'aws-lambda'
import { createSequence } from '../../functions/sequencer/sequence.ts'
import { createSequencer } from '../../functions/sequencer/sequencer.ts'
import { dynamoDbChangeLogReader } from '../../shared/aws/change-log.ts'
import { memoryStore } from '../../shared/records/memory.ts'
import { type ChangeLogWriter, EMPTY_LOG } from '../../shared/records/ports.ts'
import type { Write } from '../../shared/records/segments.ts'
import { a, record } from '../contract/records.ts'
import { testTables } from '../dynamodb.ts'
import { eventOf, streamRecord } from './stream.ts'

const { client, names } = await testTables()
process.env.POWERTOOLS_METRICS_DISABLED = 'true'
const { handler } = await import('../../functions/sequencer/handler.ts') // reads the environment

describe('a batch', () => {
  test('that is logged is done', async () => {
    const { send, log } = sequencing()
    assert.deepEqual(await send(good(1, 'a'), good(2, 'b')), { batchItemFailures: [] })
    assert.deepEqual(await namesLogged(log), [['a.example.org.', 'b.example.org.']])
  })

  test('without records is done', async () => {
    assert.deepEqual(await sequencing().send(), { batchItemFailures: [] })
  })

  test('that changes nothing makes no segment', async () => {
    const { send, log } = sequencing()
    const tombstoneGone = streamRecord(1, { old: { ...record('a', 5, {}), expires: 1 } })
    assert.deepEqual(await send(tombstoneGone), { batchItemFailures: [] })
    assert.equal(await log.head(), EMPTY_LOG)
  })

  test('costs one call of the log, once the head is known', async () => {
    const calls: string[] = []
    const { send } = sequencing((log) => ({
      head() {
        calls.push('head')
        return log.head()
      },
      append(segment) {
        calls.push('append')
        return log.append(segment)
      },
    }))
    for (const [i, label] of ['a', 'b', 'c'].entries()) await send(good(i, label))
    assert.deepEqual(calls, ['head', 'append', 'append', 'append'])
  })

  test('goes on after another appender was first', async () => {
    const store = memoryStore()
    const [one, other] = [sequencing(() => store.log), sequencing(() => store.log)]
    await one.send(good(1, 'a'))
    await other.send(good(2, 'b'))
    assert.deepEqual(await one.send(good(3, 'c')), { batchItemFailures: [] })
    assert.equal(await store.log.head(), EMPTY_LOG + 3)
  })

  test('that fails in the middle goes on from there', async () => {
    const { send, reports } = sequencing((log) => ({
      ...log,
      append: async (segment) => {
        if (segment.seq > EMPTY_LOG + 1) throw new Error('by the test')
        return log.append(segment)
      },
    }))
    const big = (n: number) => streamRecord(n, { new: record(`big${n}`, n, { TXT: { ttl: 60, rdata: [text] } }) })
    const text = 'x'.repeat(99_000)
    assert.deepEqual(await send(big(1), big(2), big(3), big(4), big(5)), failedAt(4))
    assert.deepEqual(reports, [['stream record not logged', 'by the test', sequenceNumber(4)]])
  })
})

describe('is measured', () => {
  const written = (number: number, label: string, at?: number) => {
    const by = at === undefined ? {} : { by: { principal: 'local', at } }
    return streamRecord(number, { new: { ...record(label, 1000 + number, a(60, '192.0.2.1')), ...by } })
  }

  test('each segment, its changes, and how long the oldest of them was on its way', async () => {
    const { send, measured } = sequencing()
    await send(written(1, 'a', NOW - 250), written(2, 'b', NOW - 900), written(3, 'c'))
    await send(written(4, 'd', NOW + 60_000)) // by a clock that is fast
    await send(written(5, 'e'))
    assert.deepEqual(measured, [
      ...segment(2, 3),
      ['LogDelay', 900],
      ...segment(3, 1),
      ['LogDelay', 0],
      ...segment(4, 1),
    ])
  })

  test('what is logged already is told once', async () => {
    const { send, measured } = sequencing()
    for (const _ of ['first', 'again']) await send(written(1, 'a'))
    assert.deepEqual(measured, segment(2, 1))
  })

  test('a race that is lost, and a record that cannot be logged', async () => {
    const store = memoryStore()
    const [one, other] = [sequencing(() => store.log), sequencing(() => store.log)]
    await one.send(written(1, 'a'))
    await other.send(written(2, 'b'))
    await one.send(written(3, 'c'), {})
    assert.deepEqual(one.measured, [...segment(2, 1), ['HeadsLost', 1], ...segment(4, 1), ['RecordsNotLogged', 1]])
  })

  const segment = (seq: number, changes: number) => [
    ['Segments', 1],
    ['Changes', changes],
    ['LogHead', seq],
  ]
})

const malformed: Record<string, DynamoDBRecord> = {
  'has no image': { dynamodb: { SequenceNumber: sequenceNumber(3) } },
  'has no dynamodb member': {},
  'has no version': edited({ version: undefined }),
  'has version 0': edited({ version: { N: '0' } }),
  'has a version in text': edited({ version: { S: '7' } }),
  'has a broken version': edited({ version: { N: '1.5' } }),
  'has no zone': edited({ zone: undefined }),
  'has a name in capitals': edited({ name: { S: 'H.example.org.' } }),
  'has a name without final dot': edited({ name: { S: 'h.example.org' } }),
  'has a name outside its zone': edited({ zone: { S: 'example.net.' } }),
  'has a zone that ends in the middle of a label': edited({ zone: { S: 'ample.org.' } }),
  'has RRsets that are a list': edited({ rrsets: { L: [] } }),
  'has an RRset without rdata': edited({ rrsets: { M: { A: { M: { ttl: { N: '60' }, rdata: { L: [] } } } } } }),
  'has rdata that is a number': edited({
    rrsets: { M: { A: { M: { ttl: { N: '60' }, rdata: { L: [{ N: '1' }] } } } } },
  }),
  'has a negative TTL': edited({
    rrsets: { M: { A: { M: { ttl: { N: '-1' }, rdata: { L: [{ S: '192.0.2.1' }] } } } } },
  }),
  'has a TTL beyond 31 bits': edited({
    rrsets: { M: { A: { M: { ttl: { N: '2147483648' }, rdata: { L: [{ S: '192.0.2.1' }] } } } } },
  }),
  'has a type in small letters': edited({
    rrsets: { M: { a: { M: { ttl: { N: '60' }, rdata: { L: [{ S: '192.0.2.1' }] } } } } },
  }),
  'changes RRsets and not the version': streamRecord(3, {
    old: record('h', 7, a(60, '192.0.2.1')),
    new: record('h', 7, a(60, '192.0.2.2')),
  }),
}

describe('a record that can never be logged', () => {
  for (const [what, bad] of Object.entries(malformed)) {
    test(`since it ${what}: those before it are logged, then the batch fails as a whole`, async () => {
      const { send, log, reports } = sequencing()
      const at = bad.dynamodb?.SequenceNumber === undefined ? WHOLE_BATCH : failedAt(3)
      assert.deepEqual(await send(good(1, 'a'), good(2, 'b'), bad, good(4, 'd')), at)
      assert.deepEqual(await namesLogged(log), [['a.example.org.', 'b.example.org.']])
      assert.deepEqual(await send(bad, good(4, 'd')), WHOLE_BATCH)
      assert.deepEqual(await send(bad), WHOLE_BATCH)
      assert.equal(reports.length, 3)
      assert.equal(await log.head(), EMPTY_LOG + 1)
      assert.deepEqual(await send(good(4, 'd')), { batchItemFailures: [] })
    })
  }

  test('a change that no item can hold fails alone', async () => {
    const { send, log } = sequencing((log) => ({
      ...log,
      append: async (segment) => {
        if (JSON.stringify(segment).length > 400_000) throw new Error('item size')
        return log.append(segment)
      },
    }))
    const huge = streamRecord(2, { new: record('huge', 2, { TXT: { ttl: 60, rdata: ['x'.repeat(400_000)] } }) })
    assert.deepEqual(await send(good(1, 'a'), huge, good(3, 'c')), failedAt(2))
    assert.deepEqual(await send(huge), WHOLE_BATCH)
    assert.deepEqual(await send(good(3, 'c')), { batchItemFailures: [] })
    assert.deepEqual(await namesLogged(log), [['a.example.org.'], ['c.example.org.']])
  })
})

test('the handler as deployed appends to the table that its environment names', async () => {
  const write: Write = { new: record('h', Date.now(), a(60, '192.0.2.1')) }
  const event = eventOf([streamRecord(1, write)])
  assert.deepEqual(await invoke(event), { batchItemFailures: [] })
  assert.deepEqual(await invoke(event), { batchItemFailures: [] })
  const log = dynamoDbChangeLogReader(client, names.changelog)
  assert.deepEqual(await namesLogged(log), [['h.example.org.']])
})

// ---------------------------------------------------------------------------

type Image = NonNullable<NonNullable<DynamoDBRecord['dynamodb']>['NewImage']>

const NOW = Date.now()
const WHOLE_BATCH = { batchItemFailures: [{ itemIdentifier: '' }] }

function sequencing(wrap: (log: ChangeLogWriter) => ChangeLogWriter = (log) => log) {
  const { log } = memoryStore()
  const reports: unknown[][] = []
  const measured: [name: string, value: number][] = []
  const measure = (name: string, value: number) => void measured.push([name, value])
  const sequence = createSequence({ log: wrap(log), now: () => NOW, pause: async () => {}, measure })
  const sequencer = createSequencer(sequence, measure, (message, error, number) => {
    reports.push([message, (error as Error).message, number])
  })
  return { log, reports, measured, send: (...records: DynamoDBRecord[]) => sequencer(eventOf(records)) }
}

function good(number: number, label: string): DynamoDBRecord {
  return streamRecord(number, { new: record(label, 1000 + number, a(60, '192.0.2.1')) })
}

/** Record number 3, its new image with some attributes changed or left out. */
function edited(attributes: Record<string, object | undefined>): DynamoDBRecord {
  const proper = streamRecord(3, { new: record('h', 7, a(60, '192.0.2.1')) })
  const image = Object.entries({ ...proper.dynamodb?.NewImage, ...attributes }).filter(([, value]) => value)
  return { ...proper, dynamodb: { ...proper.dynamodb, NewImage: Object.fromEntries(image) as Image } }
}

function sequenceNumber(number: number): string {
  return String(number).padStart(21, '0')
}

function failedAt(number: number) {
  return { batchItemFailures: [{ itemIdentifier: sequenceNumber(number) }] }
}

async function namesLogged(log: Pick<ReturnType<typeof memoryStore>['log'], 'after'>): Promise<string[][]> {
  const { segments } = await log.after(0)
  return segments.map(({ changes }) => changes.map(({ name }) => name))
}

function invoke(event: ReturnType<typeof eventOf>) {
  const context = { getRemainingTimeInMillis: () => 30_000 }
  return handler(event, context as Parameters<typeof handler>[1])
}
