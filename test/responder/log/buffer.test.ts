import assert from 'node:assert/strict'
import { beforeEach, mock, test } from 'node:test'
import { LogBuffer } from '../../../responder/log/buffer.ts'
import { Counters, createCounterMemory, sumCounters } from '../../../responder/metrics/counters.ts'
import { logDropped } from '../../../responder/metrics/families.ts'

const memory = createCounterMemory(1)
let sent: string[] = []
let buffer: LogBuffer
beforeEach(() => {
  mock.timers.reset()
  mock.timers.enable({ apis: ['setTimeout'] })
  sent = []
  buffer = new LogBuffer((lines) => sent.push(lines), new Counters(memory, 0))
})

test('lines that come close together go out together', () => {
  buffer.add('a')
  buffer.add('b')
  assert.deepEqual(sent, [])
  mock.timers.tick(50)
  assert.deepEqual(sent, ['a\nb\n'])
})

test('one batch is under way at a time', () => {
  buffer.add('a')
  mock.timers.tick(50)
  buffer.add('b')
  mock.timers.tick(1000)
  buffer.add('c')
  assert.deepEqual(sent, ['a\n'])
  buffer.taken()
  mock.timers.tick(50)
  assert.deepEqual(sent, ['a\n', 'b\nc\n'])
  buffer.taken()
  mock.timers.tick(1000)
  assert.equal(sent.length, 2)
})

test('what waits too long goes out as soon as it can', () => {
  buffer.add('a')
  mock.timers.tick(50)
  buffer.add('b')
  mock.timers.tick(50)
  buffer.taken()
  assert.deepEqual(sent, ['a\n', 'b\n'])
})

test('what is too much is dropped and counted, and the log goes on', () => {
  buffer.add('a')
  mock.timers.tick(50)
  for (let i = 0; i < 10_100; i++) buffer.add(String(i))
  assert.equal(sumCounters(memory)[logDropped.at], 100)
  buffer.taken()
  mock.timers.tick(50)
  assert.equal(sent[1]?.split('\n').length, 10_001)
  buffer.taken()
  buffer.add('z')
  mock.timers.tick(50)
  assert.equal(sent[2], 'z\n')
})

test('the last lines go out at once, whatever is under way', () => {
  buffer.add('a')
  mock.timers.tick(50)
  buffer.add('b')
  buffer.flush()
  buffer.flush()
  assert.deepEqual(sent, ['a\n', 'b\n'])
})
