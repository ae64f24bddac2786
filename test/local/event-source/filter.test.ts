import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { memoryCheckpoints } from '../../../local/event-source/checkpoints.ts'
import { startEventSource } from '../../../local/event-source/event-source.ts'
import { matches, type Pattern } from '../../../local/event-source/filter.ts'
import { SEGMENTS_ONLY } from '../../../shared/aws/change-log.ts'
import { eventually } from '../../eventually.ts'
import { MemoryStream } from './memory-stream.ts'

describe('a record and a pattern', () => {
  const record = {
    eventName: 'INSERT',
    dynamodb: { Keys: { pk: { S: 'log' }, sk: { N: '2' } }, SizeBytes: 9 },
    list: ['a'],
  }
  const cases: [title: string, pattern: Pattern, expected: boolean][] = [
    ['an empty pattern asks for nothing', {}, true],
    ['one of the values is enough', { eventName: ['MODIFY', 'INSERT'] }, true],
    ['none of the values', { eventName: ['MODIFY', 'REMOVE'] }, false],
    ['no value at all is never there', { eventName: [] }, false],
    ['all members must fit', { eventName: ['INSERT'], dynamodb: { Keys: { pk: { S: ['name'] } } } }, false],
    ['members within members', { dynamodb: { Keys: { pk: { S: ['log'] }, sk: { N: ['2'] } } } }, true],
    ['a member that is missing', { absent: ['INSERT'] }, false],
    ['a member within one that is missing', { absent: { Keys: ['INSERT'] } }, false],
    ['a member within a text', { eventName: { length: [6] } }, false],
    ['a number is no text', { dynamodb: { SizeBytes: ['9'] } }, false],
    ['a number', { dynamodb: { SizeBytes: [9] } }, true],
    ['an element of a list', { list: ['b', 'a'] }, true],
  ]
  for (const [title, pattern, expected] of cases) {
    test(title, () => assert.equal(matches(pattern, record), expected))
  }
})

describe('segments only', () => {
  const record = (eventName: string, pk: string) => ({
    eventName,
    dynamodb: { Keys: { pk: { S: pk }, sk: { N: '2' } } },
  })
  for (const [title, eventName, pk, expected] of [
    ['a segment', 'INSERT', 'log', true],
    ['the head moves', 'MODIFY', 'log', false],
    ['a segment expires', 'REMOVE', 'log', false],
    ['the mark of a name', 'INSERT', 'name#a.example.org.', false],
  ] as const) {
    test(title, () => assert.equal(matches(SEGMENTS_ONLY, record(eventName, pk)), expected))
  }
})

test('what does not match is passed over, and not read again after a restart', async () => {
  const stream = new MemoryStream()
  const checkpoints = memoryCheckpoints()
  const odd: Pattern = { dynamodb: { NewImage: { version: { N: ['1', '3', '5'] } } } }
  const batches: string[] = []
  const start = () => {
    const source = startEventSource({
      reader: stream,
      invoke: async ({ Records }) => {
        batches.push(Records.map(({ dynamodb }) => dynamodb?.NewImage?.version?.N).join(' '))
      },
      settings: {
        batchSize: 10,
        maxRetries: 1,
        maxAgeMs: Number.POSITIVE_INFINITY,
        bisect: true,
        reportFailures: true,
      },
      filter: odd,
      checkpoints,
      giveUp: async () => {},
      log: (line) => assert.fail(line),
      pollMs: 1,
      listMs: 1,
    })
    after(() => source.stop())
    return source
  }
  const last = [1, 2, 3, 4].map((version) => stream.put(0, version)).at(-1)
  const first = start()
  await eventually(() => assert.equal(checkpoints.after('shardId-0001'), last))
  assert.deepEqual(batches, ['1 3'])
  const unwanted = stream.put(0, 6)
  await eventually(() => assert.equal(checkpoints.after('shardId-0001'), unwanted))
  await first.stop()
  stream.put(0, 5)
  start()
  await eventually(() => assert.deepEqual(batches, ['1 3', '5']))
})
