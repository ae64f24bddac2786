/** What becomes of each datagram of a batch, with a batch that no kernel has filled. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Answer } from '../../../responder/answer.ts'
import { SLOT_SIZE } from '../../../responder/datagrams/batch.ts'
import { type ExchangedBatch, exchange, type FastAnswers } from '../../../responder/datagrams/exchange.ts'
import { Counters, createCounterMemory, sumCounters } from '../../../responder/metrics/counters.ts'
import { dropped, type Family, panics, udpErrors } from '../../../responder/metrics/families.ts'

test('replies leave together, but for those that there are none to', () => {
  const { batch, done } = filled([{}, {}, { silent: true }, {}, {}])
  run(batch)
  assert.deepEqual(done, ['put 0', 'put 1', 'put 3', 'put 4', 'send 0-2', 'send 3-5'])
})

test('what comes from port 0, or was cut off, is dropped and counted', () => {
  const { batch, done } = filled([{ port: 0 }, { cutOff: true }, {}, { port: 0 }])
  const counted = run(batch)
  assert.deepEqual(done, ['put 2', 'send 2-3'])
  assert.equal(counted(dropped), 3)
})

test('nothing is sent where nothing is to be said', () => {
  const { batch, done } = filled([{ silent: true }, { silent: true }])
  run(batch)
  assert.deepEqual(done, [])
})

test('ordinary questions are answered in place, without a look at the client', () => {
  const { batch, done } = filled([{}, {}, {}])
  run(batch, { fast: fastPath(done, (i) => (i === 1 ? i + 100 : 0)) })
  assert.deepEqual(done, [
    'begin',
    'read 0',
    'read 1',
    'read 2',
    'touch',
    'put 0',
    'length 1 101',
    'put 2',
    'end',
    'send 0-3',
  ])
})

test('a fault on the fast path is silence for its question, counted and told, and keeps nobody else waiting', () => {
  const { batch, done } = filled([{}, {}, {}])
  const reported: unknown[] = []
  const fast = fastPath(done, (i) => {
    if (i === 1) throw new Error('a fault')
    return 0
  })
  const counted = run(batch, { fast, reported })
  assert.deepEqual(done, [
    'begin',
    'read 0',
    'read 1',
    'read 2',
    'touch',
    'put 0',
    'put 2',
    'end',
    'send 0-1',
    'send 2-3',
  ])
  assert.equal(counted(panics), 1)
  assert.equal(reported.length, 1)
})

test('who may be asked at several addresses lets each reply find its route', () => {
  const { batch, done } = filled([{}, { silent: true }, {}])
  run(batch, { everywhere: true })
  assert.deepEqual(done, ['put 0', 'free 0', 'put 2', 'free 2', 'send 0-1', 'send 2-3'])
})

test('what could not be sent is counted', () => {
  const { batch } = filled([{}, {}, { silent: true }, {}], 1)
  assert.equal(run(batch)(udpErrors), 2)
})

// ---------------------------------------------------------------------------

interface Datagram {
  readonly port?: number
  readonly cutOff?: boolean
  readonly length?: number
  /** The answer says nothing to it. */
  readonly silent?: boolean
}

/** A batch that tells what is done with it, and fails to send so many at each attempt. */
function filled(datagrams: readonly Datagram[], failed = 0): { batch: ExchangedBatch; done: string[] } {
  const octets = new Uint8Array(datagrams.length * SLOT_SIZE)
  for (const [i, { silent }] of datagrams.entries()) octets[i * SLOT_SIZE] = silent ? 1 : 0
  const done: string[] = []
  const tell = (what: string) => void done.push(what)
  const batch: ExchangedBatch = {
    octets,
    length: (i) => datagrams[i]?.length ?? 12,
    isCutOff: (i) => datagrams[i]?.cutOff ?? false,
    clientPort: (i) => datagrams[i]?.port ?? 5353,
    clientAddress: () => '192.0.2.1',
    clientWords: () => Uint32Array.of(0xc0000201),
    put: (i) => tell(`put ${i}`),
    setLength: (i, length) => tell(`length ${i} ${length}`),
    freeRoute: (i) => tell(`free ${i}`),
    send(_, start, end) {
      tell(`send ${start}-${end}`)
      return failed
    },
  }
  return { batch, done }
}

function fastPath(done: string[], answer: FastAnswers['answer']): FastAnswers {
  return {
    begin: () => void done.push('begin'),
    read: (start) => void done.push(`read ${start / SLOT_SIZE}`),
    touch: () => void done.push('touch'),
    answer,
    end: () => void done.push('end'),
  }
}

interface Run {
  readonly fast?: FastAnswers
  readonly everywhere?: boolean
  readonly reported?: unknown[]
}

function run(batch: ExchangedBatch, { fast, everywhere = false, reported = [] }: Run = {}) {
  const memory = createCounterMemory(1)
  const answer: Answer = (packet, from) => {
    assert.deepEqual(from, { transport: 'udp', address: '192.0.2.1', port: 5353 })
    return packet[0] === 1 ? undefined : packet
  }
  const report = (error: unknown) => void reported.push(error)
  const parts = { fastPath: () => fast, answer, report, counters: new Counters(memory, 0) }
  const socket = { descriptor: 7, port: 53, everywhere }
  exchange(batch, batch.octets.length / SLOT_SIZE, socket, parts)
  return ({ at }: Family) => sumCounters(memory)[at]
}
