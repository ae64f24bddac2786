import assert from 'node:assert/strict'
import { afterEach, describe, test } from 'node:test'
import type { DynamoDBRecord } from 'aws-lambda'
import fc from 'fast-check'
import { type Checkpoints, memoryCheckpoints } from '../../../local/event-source/checkpoints.ts'
import type { FeedSettings } from '../../../local/event-source/delivery.ts'
import { type EventSourceOptions, type GivingUp, startEventSource } from '../../../local/event-source/event-source.ts'
import { MemoryStream } from './memory-stream.ts'

const settings: FeedSettings = {
  batchSize: 3,
  maxRetries: Number.POSITIVE_INFINITY,
  maxAgeMs: Number.POSITIVE_INFINITY,
  bisect: true,
  reportFailures: true,
}

const feeds: { stop(): Promise<void> }[] = []
afterEach(() => Promise.all(feeds.splice(0).map((feed) => feed.stop())))

test('records that were there before come first, then those that are added', async () => {
  const stream = new MemoryStream()
  for (let version = 1; version <= 5; version++) stream.put(0, version)
  const feed = follow(stream)
  await feed.sees(0, 5)
  stream.put(0, 6)
  await feed.sees(0, 6)
  await feed.stop()
  assert.deepEqual(feed.batches, ['1 2 3', '4 5', '6'])
})

test('it goes on at the checkpoint after a restart', async () => {
  const stream = new MemoryStream()
  const checkpoints = memoryCheckpoints()
  stream.put(0, 1)
  const first = follow(stream, { checkpoints })
  await first.sees(0, 1)
  await first.stop()
  stream.put(0, 2)
  const second = follow(stream, { checkpoints })
  await second.sees(0, 2)
  await second.stop()
  assert.deepEqual(second.batches, ['2'])
})

test('the children of a split shard wait until their parent is drained', async () => {
  const stream = new MemoryStream()
  for (let key = 0; key < 4; key++) stream.put(key, 1)
  stream.split(0)
  for (let key = 0; key < 4; key++) stream.put(key, 2)
  let failures = 3
  const feed = follow(stream, {
    invoke: async ({ Records }) => {
      // The parent fails for a while: its children must not be read meanwhile.
      if (Records.some((record) => versionOf(record) === 1) && failures-- > 0) throw new Error('not yet')
    },
  })
  for (let key = 0; key < 4; key++) {
    await feed.sees(key, 1)
    await feed.sees(key, 2)
  }
  const firstChild = feed.seen.findIndex(({ version }) => version === 2)
  assert.ok(feed.seen.slice(firstChild).every(({ version }) => version === 2))
})

test('a drained parent is not read again after a restart, and forgotten once it is trimmed away', async () => {
  const stream = new MemoryStream()
  const checkpoints = memoryCheckpoints()
  stream.put(0, 1)
  stream.split(0)
  stream.put(0, 2)
  const first = follow(stream, { checkpoints })
  await first.sees(0, 2)
  await first.stop()
  assert.deepEqual([...checkpoints.drained()], ['shardId-0001'])
  stream.trimClosed()
  stream.put(0, 3)
  const second = follow(stream, { checkpoints })
  await second.sees(0, 3)
  await second.stop()
  assert.deepEqual([...checkpoints.drained()], [])
  assert.deepEqual(second.batches, ['3'])
})

test('an expired iterator is fetched anew', async () => {
  const stream = new MemoryStream()
  const feed = follow(stream)
  stream.put(0, 1)
  await feed.sees(0, 1)
  stream.expireIterators()
  stream.put(0, 2)
  await feed.sees(0, 2)
  await feed.stop()
  assert.deepEqual(feed.batches, ['1', '2'])
  assert.deepEqual(feed.log, [])
})

test('records that were trimmed unread are lost, said so, and passed over', async () => {
  const stream = new MemoryStream()
  const checkpoints = memoryCheckpoints()
  stream.put(0, 1)
  const first = follow(stream, { checkpoints })
  await first.sees(0, 1)
  await first.stop()
  for (let version = 2; version <= 4; version++) stream.put(0, version)
  stream.trim(0, 1)
  const second = follow(stream, { checkpoints })
  await second.sees(0, 4)
  stream.put(0, 5)
  await second.sees(0, 5)
  await second.stop()
  assert.deepEqual(second.batches, ['4', '5'])
  assert.match(second.log.join('\n'), /^shardId-0001: records were trimmed before they were read/)
})

test('a shard that is trimmed away while it cannot be delivered is let go', async () => {
  const stream = new MemoryStream()
  stream.put(0, 1)
  stream.split(0)
  stream.put(0, 2)
  const feed = follow(stream, {
    invoke: async ({ Records }) => {
      if (versionOf(Records[0]) === 1) throw new Error('never')
    },
  })
  await feed.until(() => feed.failures() > 0)
  stream.trimClosed()
  await feed.sees(0, 2)
  const failures = feed.failures()
  for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate)
  assert.equal(feed.failures(), failures)
})

test('records that come twice are sent once', async () => {
  const stream = new MemoryStream()
  stream.stutters = true
  for (let version = 1; version <= 8; version++) stream.put(0, version)
  const feed = follow(stream)
  await feed.sees(0, 8)
  await feed.stop()
  assert.deepEqual(feed.batches.join(' '), '1 2 3 4 5 6 7 8')
})

test('an outage of the stream is told once, and once more when it is over', async () => {
  const stream = new MemoryStream()
  const feed = follow(stream)
  stream.put(0, 1)
  await feed.sees(0, 1)
  stream.outages = 6
  stream.put(0, 2)
  await feed.sees(0, 2)
  await feed.stop()
  const shardLines = feed.log.filter((line) => line.startsWith('shardId'))
  assert.deepEqual(shardLines, [
    'shardId-0001 cannot be read, trying again: connect ECONNREFUSED',
    'shardId-0001 can be read again',
  ])
})

test('what is given up goes to the destination, and the stream goes on', async () => {
  const stream = new MemoryStream()
  for (let version = 1; version <= 4; version++) stream.put(0, version)
  const feed = follow(stream, {
    settings: { ...settings, batchSize: 10, maxRetries: 2 },
    invoke: async ({ Records }) => {
      if (Records.some((record) => versionOf(record) === 2)) throw new Error('poison')
    },
  })
  await feed.sees(0, 4)
  await feed.stop()
  assert.deepEqual(feed.givenUp, [
    { records: [2], shard: 'shardId-0001', condition: 'RetryAttemptsExhausted', invocations: 5, threw: true },
  ])
  assert.deepEqual(feed.log, [
    'shardId-0001: the function failed, trying again: poison',
    'shardId-0001: the function goes on',
  ])
})

test('stop lets the invocation under way end', async () => {
  const stream = new MemoryStream()
  stream.put(0, 1)
  let finish = () => {}
  const held = new Promise<void>((release) => {
    finish = release
  })
  let begun = false
  const feed = follow(stream, {
    invoke: async () => {
      begun = true
      await held
    },
  })
  await feed.until(() => begun)
  let ended = false
  const stopping = feed.stop().then(() => {
    ended = true
  })
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
  assert.equal(ended, false)
  finish()
  await stopping
  assert.deepEqual(feed.batches, ['1'])
})

describe('whatever happens to stream and function', () => {
  type Happening =
    | { what: 'put'; key: number }
    | { what: 'split'; key: number }
    | { what: 'expire' | 'outage' | 'stutter' | 'restart' | 'breathe' }
  const happening: fc.Arbitrary<Happening> = fc.oneof(
    { weight: 8, arbitrary: fc.record({ what: fc.constant('put' as const), key: fc.nat(5) }) },
    { weight: 1, arbitrary: fc.record({ what: fc.constant('split' as const), key: fc.nat(5) }) },
    {
      weight: 3,
      arbitrary: fc.record({ what: fc.constantFrom('expire', 'outage', 'stutter', 'restart', 'breathe') }),
    },
  ) as fc.Arbitrary<Happening>

  test('every record is taken, and those of one key in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 60 }), fc.infiniteStream(fc.nat(9)), async (script, dice) => {
        const stream = new MemoryStream(2)
        const checkpoints = memoryCheckpoints()
        const versions = [0, 0, 0, 0, 0, 0]
        const taken = [0, 0, 0, 0, 0, 0]
        let splits = 0
        const invoke: EventSourceOptions['invoke'] = async ({ Records }) => {
          const stopAt =
            (dice.next().value as number) < 5 ? Records.length : (dice.next().value as number) % Records.length
          for (const record of Records.slice(0, stopAt)) {
            const [key, version] = [keyOf(record), versionOf(record)]
            // A record may come again, but none may be passed over.
            assert.ok(version <= (taken[key] ?? 0) + 1, `key ${key}: ${version} came after ${taken[key]}`)
            taken[key] = Math.max(taken[key] ?? 0, version)
          }
          await new Promise(setImmediate)
          if (stopAt === Records.length) return undefined
          if ((dice.next().value as number) < 5) throw new Error('failed')
          return { batchItemFailures: [{ itemIdentifier: Records[stopAt]?.dynamodb?.SequenceNumber }] }
        }
        let feed = follow(stream, { checkpoints, invoke })
        for (const one of script) {
          if (one.what === 'put') {
            const version = (versions[one.key] ?? 0) + 1
            versions[one.key] = version
            stream.put(one.key, version)
          }
          if (one.what === 'split' && splits++ < 4) stream.split(one.key)
          if (one.what === 'expire') stream.expireIterators()
          if (one.what === 'outage') stream.outages = 3
          if (one.what === 'stutter') stream.stutters = !stream.stutters
          if (one.what === 'restart') {
            await feed.stop()
            feed = follow(stream, { checkpoints, invoke })
          }
          await new Promise(setImmediate)
        }
        stream.outages = 0
        await feed.until(() => versions.every((version, key) => taken[key] === version))
        await feed.stop()
        assert.deepEqual(feed.failedAssertions, [])
      }),
      { numRuns: 150 },
    )
  })
})

// ---------------------------------------------------------------------------

interface Seen {
  readonly key: number
  readonly version: number
}

/** An event source on a stream in memory whose time passes only while it waits, and what came of it. */
function follow(
  stream: MemoryStream,
  { invoke = async () => undefined, ...options }: Partial<EventSourceOptions> & { checkpoints?: Checkpoints } = {},
) {
  const seen: Seen[] = []
  const batches: string[] = []
  const log: string[] = []
  const givenUp: (GivingUp & { records: number[] })[] = []
  const failedAssertions: unknown[] = []
  let failures = 0
  let now = 0
  const source = startEventSource({
    reader: stream,
    settings,
    checkpoints: memoryCheckpoints(),
    invoke: async (event) => {
      try {
        const result = await invoke(event)
        seen.push(...event.Records.map((record) => ({ key: keyOf(record), version: versionOf(record) })))
        batches.push(event.Records.map(versionOf).join(' '))
        return result
      } catch (error) {
        failures++
        if (error instanceof assert.AssertionError) failedAssertions.push(error)
        throw error
      }
    },
    giveUp: async (records, why) => void givenUp.push({ ...why, records: records.map(versionOf) }),
    log: (line) => log.push(line),
    now: () => now,
    sleep: async (ms, signal) => {
      now += ms
      if (!signal.aborted) await new Promise(setImmediate)
    },
    ...options,
  })
  feeds.push(source)
  const until = async (condition: () => boolean) => {
    for (let turns = 0; !condition(); turns++) {
      if (failedAssertions[0] !== undefined) throw failedAssertions[0]
      assert.ok(turns < 100_000, `it never came about:\n${log.join('\n')}`)
      await new Promise(setImmediate)
    }
  }
  return {
    seen,
    batches,
    log,
    givenUp,
    failedAssertions,
    until,
    sees: (key: number, version: number) => until(() => seen.some((one) => one.key === key && one.version === version)),
    failures: () => failures,
    stop: () => source.stop(),
  }
}

function keyOf(record: DynamoDBRecord | undefined): number {
  return Number(record?.dynamodb?.NewImage?.key?.N)
}

function versionOf(record: DynamoDBRecord | undefined): number {
  return Number(record?.dynamodb?.NewImage?.version?.N)
}
