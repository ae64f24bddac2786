import { describe, test } from 'node:test'
import fc from 'fast-check'
import { dynamoDbChangeLogReader, dynamoDbChangeLogWriter } from '../../shared/aws/change-log.ts'
import { dynamoDbZoneStore } from '../../shared/aws/zone-store.ts'
import { memoryStore } from '../../shared/records/memory.ts'
import { newZone } from '../../shared/records/new-zone.ts'
import { type ChangeLogReader, type ChangeLogWriter, EMPTY_LOG, type ZoneStore } from '../../shared/records/ports.ts'
import { testDynamoDb } from '../dynamodb.ts'
import { type Course, FAULTS, type Fate, feed } from './event-source.ts'
import { checkLog, type Happening, worldOf, ZONES } from './world.ts'

const { client, newTables } = await testDynamoDb()

interface Log {
  readonly log: ChangeLogWriter & ChangeLogReader
  readonly zones: ZoneStore
}

interface Choices {
  readonly fates: readonly Fate[]
  readonly sizes: readonly number[]
  readonly again: readonly boolean[]
}

describe('every write is in the log once, in order', () => {
  test('wherever one or two faults strike', async () => {
    const put = (label: number, address: number): Happening => ({ kind: 'put', label, address })
    const story = [put(0, 1), put(1, 1), put(0, 2), put(2, 1), put(1, 2), put(0, 3), put(2, 2), put(3, 1), put(0, 1)]
    const calls = 12 // of the ports, where nothing fails and every batch is sent twice
    const choices = { sizes: [2, 3], again: [true, true, true, true] }
    for (let first = 0; first < calls; first++) {
      for (let second = first + 1; second <= calls; second++) {
        for (const [one, two] of FAULTS.flatMap((one) => FAULTS.map((two) => [one, two] as const))) {
          const fates = Array.from(
            { length: calls },
            (_, i): Fate => (i === first ? one : i === second ? two : 'answered'),
          )
          await checkRun(story, memoryStore(), { ...course({ ...choices, fates }), turn: async () => {} })
        }
      }
    }
  })

  test('whatever fails, dies, lingers or comes again, while two shards append', async () => {
    const script = fc.record({
      happenings: happenings(5, 40, 1),
      choices: fc.record({ fates: fates(60), sizes: sizes(8), again }),
    })
    await fc.assert(
      fc.asyncProperty(script, fc.scheduler(), async ({ happenings, choices }, scheduler) => {
        const turn = () => scheduler.schedule(Promise.resolve())
        const run = checkRun(happenings, memoryStore(), { ...course(choices), turn })
        await scheduler.waitFor(run)
      }),
      { numRuns: 400 },
    )
  })

  for (const [limit, longest] of [
    ['has actions', 1],
    ['has octets', 99_000],
  ] as const) {
    test(`where a batch has more names than a segment ${limit}`, async () => {
      const choices = fc.record({ fates: fates(10), sizes: fc.constant([1000]), again })
      const script = fc.record({ happenings: happenings(300, 900, longest), choices })
      await fc.assert(
        fc.asyncProperty(script, async ({ happenings, choices }) => {
          const last = Array.from({ length: 300 }, (_, label) => ({ kind: 'put' as const, label, address: 9 }))
          await checkRun([...happenings, ...last], memoryStore(), { ...course(choices), turn: async () => {} })
        }),
        { numRuns: 10 },
      )
    })
  }

  test('in DynamoDB', async () => {
    const script = fc.record({
      happenings: happenings(5, 40, 99_000),
      choices: fc.record({ fates: fates(40), sizes: sizes(8), again }),
    })
    await fc.assert(
      fc.asyncProperty(script, async ({ happenings, choices }) => {
        const tables = await newTables()
        const log = {
          ...dynamoDbChangeLogReader(client, tables.changelog),
          ...dynamoDbChangeLogWriter(client, tables),
        }
        const zones = dynamoDbZoneStore(client, tables.zones)
        await checkRun(happenings, { log, zones }, { ...course(choices), turn: async () => {} })
      }),
      { numRuns: 8, endOnFailure: true },
    )
  })
})

// ---------------------------------------------------------------------------

async function checkRun(happenings: readonly Happening[], { log, zones }: Log, course: Course): Promise<void> {
  const world = worldOf(happenings)
  for (const zone of ZONES) await zones.add(newZone(zone))
  await Promise.all(world.shards.map((shard) => feed(shard, log, course)))
  const segments = []
  for (let head = Number.POSITIVE_INFINITY; EMPTY_LOG + segments.length < head; ) {
    const page = await log.after(EMPTY_LOG + segments.length)
    head = page.head
    segments.push(...page.segments)
  }
  checkLog(world, segments, await zones.list())
}

/** Choices are made in turn; when they are used up, all goes well. */
function course({ fates, sizes, again }: Choices): Omit<Course, 'turn'> {
  let batches = 0
  let repeats = 0
  let calls = 0
  return {
    batchSize: () => sizes[batches++ % sizes.length] ?? 1,
    again: () => again[repeats++] ?? false,
    fate: () => fates[calls++] ?? 'answered',
  }
}

/** What happens to some names: short texts and, up to `longest`, such that a few fill a segment. */
function happenings(names: number, maxLength: number, longest: number): fc.Arbitrary<Happening[]> {
  const label = fc.nat(names - 1)
  const length = fc.constantFrom(1, longest)
  const happening = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('put' as const), label, address: fc.nat(3) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), label }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove item' as const), label }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('text' as const), label, length }) },
  )
  return fc.array(happening, { maxLength, size: 'max' })
}

function fates(maxLength: number): fc.Arbitrary<Fate[]> {
  const fate = fc.oneof(
    { weight: 4, arbitrary: fc.constant<Fate>('answered') },
    { weight: 3, arbitrary: fc.constantFrom<Fate>(...FAULTS) },
  )
  return fc.array(fate, { maxLength, size: 'max' })
}

function sizes(max: number): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: 1, max }), { minLength: 1, maxLength: 10 })
}

const again = fc.array(fc.boolean(), { maxLength: 10 })
