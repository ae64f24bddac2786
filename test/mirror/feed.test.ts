import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DynamoDBRecord } from 'aws-lambda'
import { createFeed } from '../../functions/mirror-feed/feed.ts'
import type { Name } from '../../shared/dns/name.ts'
import { memoryMirrorStore } from '../../shared/mirror/memory.ts'
import type { MirrorTask } from '../../shared/mirror/task.ts'
import { memoryStore } from '../../shared/records/memory.ts'
import type { NameChange } from '../../shared/records/model.ts'
import { registration, zoneAt } from '../contract/records.ts'
import { eventOf, image } from '../sequencer/stream.ts'

const plain = zoneAt('plain.example')

test('each name of a batch is marked once, in the zones that are mirrored, and counted', async () => {
  const { send, measured, asked, marks } = await feeding()
  await send(segment(2, registration('a', 1), registration('b', 1)), segment(3, registration('a', 2)))
  await send(segment(4, registration('h', 1, plain.zone)))
  assert.deepEqual(await marks(), ['a.example.org.', 'b.example.org.'])
  assert.deepEqual(asked, [{ task: 'drain', hostedZones: ['Z1'] }])
  assert.deepEqual(measured, [['NamesMarked', 2]])
})

test('a record that is no segment is told, and holds up nothing', async () => {
  const { send, measured, reports, marks } = await feeding()
  await send(
    { dynamodb: { NewImage: image({ pk: 'log', sk: 2, at: 0, changes: 'none' }), SequenceNumber: '7' } },
    segment(3, registration('a', 1)),
  )
  assert.deepEqual([await marks(), reports], [['a.example.org.'], ['7']])
  assert.deepEqual(measured, [
    ['RecordsUnreadable', 1],
    ['NamesMarked', 1],
  ])
})

test('names that could not be marked are not counted, and the batch fails', async () => {
  const { send, measured, store } = await feeding()
  store.mark = () => Promise.reject(new Error('the store is away'))
  await assert.rejects(send(segment(2, registration('a', 1))), /away/)
  assert.deepEqual(measured, [])
})

// ---------------------------------------------------------------------------

/** The feed over stores in memory, with one zone that is mirrored and one that is not. */
async function feeding() {
  const { zones } = memoryStore()
  await zones.add({ ...zoneAt('example.org'), hostedZone: 'Z1' })
  await zones.add(plain)
  const store = memoryMirrorStore()
  const asked: MirrorTask[] = []
  const measured: [name: string, value: number][] = []
  const reports: unknown[] = []
  const feed = createFeed({
    zones,
    store,
    ask: async (task) => void asked.push(task),
    now: Date.now,
    measure: (name, value) => void measured.push([name, value]),
    report: (_, sequenceNumber) => reports.push(sequenceNumber),
  })
  const marks = async (): Promise<Name[]> => (await store.marks('Z1', undefined, 10)).map(({ name }) => name)
  return { store, asked, measured, reports, marks, send: (...records: DynamoDBRecord[]) => feed(eventOf(records)) }
}

function segment(seq: number, ...changes: NameChange[]): DynamoDBRecord {
  return { dynamodb: { NewImage: image({ pk: 'log', sk: seq, at: 0, changes }), SequenceNumber: String(seq) } }
}
