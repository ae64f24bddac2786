import assert from 'node:assert/strict'
import { beforeEach, describe, mock, test } from 'node:test'
import { Consolidation, type Fault, faultOf, formatFault } from '../../../responder/workers/consolidation.ts'

let told: Fault[] = []
let faults: Consolidation
const meet = (text: string, times = 1, again = false) => faults.add({ text, times, again })
const tick = (seconds: number) => mock.timers.tick(seconds * 1000)
beforeEach(() => {
  mock.timers.reset()
  mock.timers.enable({ apis: ['setTimeout'] })
  told = []
  faults = new Consolidation((fault) => told.push(fault), 60)
})

test('a fault is told at once, then how often it was met again in each window, until it is not', () => {
  meet('a')
  assert.deepEqual(told.splice(0), [{ text: 'a', times: 1, again: false }])
  for (let i = 0; i < 41; i++) meet('a')
  assert.deepEqual(told, [])
  tick(60)
  assert.deepEqual(told.splice(0), [{ text: 'a', times: 41, again: true }])
  tick(59)
  meet('a')
  tick(1)
  assert.deepEqual(told.splice(0), [{ text: 'a', times: 1, again: true }])
  tick(600)
  assert.deepEqual(told, [])
  meet('a')
  assert.deepEqual(told, [{ text: 'a', times: 1, again: false }])
})

test('faults are counted apart, and what was special is told of the first', () => {
  faults.add({ text: 'a', times: 1, again: false, detail: 'one' })
  faults.add({ text: 'b', times: 1, again: false, detail: 'two' })
  faults.add({ text: 'a', times: 1, again: false, detail: 'three' })
  tick(60)
  assert.deepEqual(told, [
    { text: 'a', times: 1, again: false, detail: 'one' },
    { text: 'b', times: 1, again: false, detail: 'two' },
    { text: 'a', times: 1, again: true },
  ])
})

test('workers that consolidate add up', () => {
  for (let worker = 0; worker < 3; worker++) meet('a')
  for (let worker = 0; worker < 3; worker++) meet('a', 100, true)
  tick(60)
  assert.deepEqual(told, [
    { text: 'a', times: 1, again: false },
    { text: 'a', times: 302, again: true },
  ])
  tick(60)
  meet('a', 7, true) // of a worker whose window ends later
  assert.deepEqual(told.slice(2), [{ text: 'a', times: 7, again: true }])
})

test('a window of another length begins at once, and what was met in the one before is told', () => {
  const windows: number[] = []
  faults = new Consolidation((fault, window) => windows.push(window) && told.push(fault), 60)
  meet('a')
  meet('a', 41)
  faults.setWindow(60)
  assert.equal(told.length, 1)
  faults.setWindow(5)
  meet('a', 7)
  tick(5)
  tick(60)
  faults.setWindow(7)
  tick(60)
  meet('b')
  assert.deepEqual(
    told.map(({ text, times }, i) => [text, times, windows[i]]),
    [
      ['a', 1, 60],
      ['a', 41, 60],
      ['a', 7, 5],
      ['b', 1, 7],
    ],
  )
})

test('no number of different faults takes more than so much memory', () => {
  for (let i = 0; i < 1000; i++) meet(`fault ${i}`)
  assert.equal(told.length, 101)
  assert.deepEqual(told.at(-1), { text: 'other faults than these 100', times: 1, again: false })
  tick(60)
  assert.deepEqual(told.slice(101), [{ text: 'other faults than these 100', times: 899, again: true }])
})

describe('a fault in one line', () => {
  for (const [title, error, expected] of [
    ['an error has its stack', new TypeError('not that'), /^TypeError: not that \| at .*consolidation\.test\.ts/],
    ['without stack', Object.assign(new Error('no stack'), { stack: undefined }), /^no stack$/],
    ['what is no error', 'text', /^text$/],
    ['nothing', undefined, /^undefined$/],
    ['line ends', 'a\n  b\r\nc', /^a \| b \| c$/],
    ['what is long', 'x'.repeat(10_000), /^x{2000}$/],
  ] as const) {
    test(title, () => assert.match(faultOf(error).text, expected))
  }

  test('with what is special, and what it is called later', () => {
    const fault = faultOf('first | at place', Uint8Array.of(0, 171))
    assert.equal(formatFault(fault, 60), 'first | at place | query: 00ab')
    assert.equal(formatFault({ ...fault, times: 7, again: true }, 60), '7 more in the last 60 s: first')
    assert.equal(formatFault(faultOf('first'), 60), 'first')
  })
})
