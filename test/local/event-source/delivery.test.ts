import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  afterGivingUp,
  afterInvocation,
  type Delivery,
  deliveryOf,
  type FeedSettings,
  nextStep,
  type Outcome,
  type Sequenced,
} from '../../../local/event-source/delivery.ts'

const settings: FeedSettings = { batchSize: 100, maxRetries: 2, maxAgeMs: 60_000, bisect: false, reportFailures: true }
const records = (...ids: number[]) => ids.map((id) => ({ sequenceNumber: String(id), createdAt: 0 }))
const threw: Outcome = { kind: 'error' }
const returned = (result: unknown): Outcome => ({ kind: 'result', result })
const reported = (...ids: unknown[]): Outcome =>
  returned({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) })

describe('a response, as Lambda reads it', () => {
  const cases: [title: string, outcome: Outcome, left: number[]][] = [
    ['nothing', returned(undefined), []],
    ['null', returned(null), []],
    ['an empty object', returned({}), []],
    ['an empty list', returned({ batchItemFailures: [] }), []],
    ['a null list', returned({ batchItemFailures: null }), []],
    ['one failure', reported('2'), [2, 3]],
    ['several failures: the lowest counts', reported('3', '2'), [2, 3]],
    ['the first failed', reported('1'), [1, 2, 3]],
    ['an empty id', reported(''), [1, 2, 3]],
    ['a null id', reported(null), [1, 2, 3]],
    ['an id of no record in the batch', reported('3', '9'), [1, 2, 3]],
    ['an id that is no string', reported(2), [1, 2, 3]],
    ['a wrong key', returned({ batchItemFailures: [{ itemidentifier: '2' }] }), [1, 2, 3]],
    ['a null entry', returned({ batchItemFailures: [null] }), [1, 2, 3]],
    ['a list that is none', returned({ batchItemFailures: '2' }), [1, 2, 3]],
    ['a text', returned('fine'), [1, 2, 3]],
    ['it threw', threw, [1, 2, 3]],
  ]
  for (const [title, outcome, left] of cases) {
    test(title, () => {
      const after = afterInvocation(deliveryOf(records(1, 2, 3)), outcome, 0, settings)
      assert.deepEqual(idsOf(after), left)
    })
  }

  test('without ReportBatchItemFailures a report is not heeded', () => {
    const after = afterInvocation(deliveryOf(records(1, 2)), reported('2'), 0, { ...settings, reportFailures: false })
    assert.deepEqual(after, [])
  })
})

describe('retries', () => {
  test('a batch is sent once and maxRetries times more, later each time, then given up as a whole', () => {
    const { sent, waits, given } = play(records(1, 2), settings, () => threw)
    assert.deepEqual(sent, ['1 2', '1 2', '1 2'])
    assert.ok(waits[0] && waits[1] && waits[1] > waits[0], `waits ${waits}`)
    assert.deepEqual(given, ['1 2 RetryAttemptsExhausted after 3'])
  })

  test('no retries at all', () => {
    const { sent, given } = play(records(1), { ...settings, maxRetries: 0 }, () => threw)
    assert.deepEqual(sent, ['1'])
    assert.deepEqual(given, ['1 RetryAttemptsExhausted after 1'])
  })

  test('the count begins anew where another record is the first to fail', () => {
    const script = [reported('2'), threw, reported('3'), threw, returned(null)]
    const { sent, given } = play(records(1, 2, 3), settings, (i) => script[i] as Outcome)
    assert.deepEqual(sent, ['1 2 3', '2 3', '2 3', '3', '3'])
    assert.deepEqual(given, [])
  })

  test('after giving up the next batch goes on', () => {
    const halves = { ...settings, bisect: true, maxRetries: 1 }
    const { sent, given } = play(records(1, 2), halves, (_, ids) => (ids.includes('1') ? threw : returned(null)))
    assert.deepEqual(sent, ['1 2', '1', '1', '2'])
    assert.deepEqual(given, ['1 RetryAttemptsExhausted after 3'])
  })
})

describe('bisecting', () => {
  const halves = { ...settings, bisect: true }

  test('a poison record ends up alone, and only it is given up', () => {
    const { sent, given } = play(records(1, 2, 3, 4), halves, (_, ids) => (ids.includes('2') ? threw : returned(null)))
    assert.deepEqual(sent, ['1 2 3 4', '1 2', '1', '2', '2', '2', '3 4'])
    assert.deepEqual(given, ['2 RetryAttemptsExhausted after 5'])
  })

  test('a report splits at the reported record', () => {
    const { sent } = play(records(1, 2, 3, 4), halves, (i) => (i === 0 ? reported('3') : returned(null)))
    assert.deepEqual(sent, ['1 2 3 4', '3 4'])
  })

  test('a report of the first record splits in halves', () => {
    const { sent } = play(records(1, 2, 3), halves, (i) => (i === 0 ? reported('1') : returned(null)))
    assert.deepEqual(sent, ['1 2 3', '1 2', '3'])
  })

  test('splitting costs no retry', () => {
    const { sent } = play(records(1, 2, 3, 4), { ...halves, maxRetries: 0 }, () => threw)
    assert.deepEqual(sent, ['1 2 3 4', '1 2', '1', '2', '3 4', '3', '4'])
  })
})

describe('age', () => {
  const aged = [
    { sequenceNumber: '1', createdAt: 0 },
    { sequenceNumber: '2', createdAt: 50 },
    { sequenceNumber: '3', createdAt: 100 },
  ]

  test('records that are too old are given up without being sent', () => {
    const { sent, given } = play(aged, { ...settings, maxAgeMs: 60 }, () => returned(null), 115)
    assert.deepEqual(given, ['1 2 RecordAgeExceeded after 0'])
    assert.deepEqual(sent, ['3'])
  })

  test('a batch grows too old while it is retried', () => {
    const { given } = play(
      records(1, 2),
      { ...settings, maxAgeMs: 250, maxRetries: Number.POSITIVE_INFINITY },
      () => threw,
    )
    assert.deepEqual(given, ['1 2 RecordAgeExceeded after 2'])
  })

  test('a record as old as allowed is sent', () => {
    const { sent } = play(records(1), { ...settings, maxAgeMs: 100 }, () => returned(null), 100)
    assert.deepEqual(sent, ['1'])
  })
})

test('whatever the function does, records leave in order, each done or given up exactly once', () => {
  const outcome = fc.oneof(
    { weight: 3, arbitrary: fc.constant(threw) },
    { weight: 3, arbitrary: fc.constant(returned(null)) },
    { weight: 4, arbitrary: fc.nat(12).map((id) => reported(String(id))) },
  )
  const someSettings = fc.record({
    batchSize: fc.constant(100),
    maxRetries: fc.nat(4),
    maxAgeMs: fc.constantFrom(300, 5_000, Number.POSITIVE_INFINITY),
    bisect: fc.boolean(),
    reportFailures: fc.boolean(),
  })
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      someSettings,
      fc.infiniteStream(outcome),
      (count, chosen, outcomes) => {
        const all = records(...Array.from({ length: count }, (_, i) => i))
        const { left, invocations } = play(all, chosen, () => outcomes.next().value as Outcome)
        assert.deepEqual(
          left,
          all.map(({ sequenceNumber }) => sequenceNumber),
        )
        assert.ok(invocations <= count * (chosen.maxRetries + 2) * 2, `${invocations} invocations for ${count} records`)
      },
    ),
  )
})

// ---------------------------------------------------------------------------

/** Runs a delivery to its end against a scripted function; time passes only while it waits. */
function play<R extends Sequenced>(
  all: readonly R[],
  chosen: FeedSettings,
  fn: (invocation: number, ids: readonly string[]) => Outcome,
  startedAt = 0,
) {
  const sent: string[] = []
  const waits: number[] = []
  const given: string[] = []
  const left: string[] = []
  let now = startedAt
  let delivery: Delivery<R> = deliveryOf(all)
  const move = (next: Delivery<R>) => {
    const remaining = idsOf(next).length
    left.push(
      ...idsOf(delivery)
        .map(String)
        .slice(0, idsOf(delivery).length - remaining),
    )
    delivery = next
  }
  for (;;) {
    const step = nextStep(delivery, now, chosen)
    if (step.kind === 'done') return { sent, waits, given, left, invocations: sent.length }
    if (step.kind === 'wait') {
      waits.push(step.until - now)
      now = step.until
      continue
    }
    const ids = step.batch.records.map(({ sequenceNumber }) => sequenceNumber)
    if (step.kind === 'give-up') {
      given.push(`${ids.join(' ')} ${step.condition} after ${step.batch.invocations}`)
      move(afterGivingUp(delivery, step.batch))
    } else {
      move(afterInvocation(delivery, fn(sent.length, ids), now, chosen))
      sent.push(ids.join(' '))
    }
  }
}

function idsOf(delivery: Delivery<Sequenced>): number[] {
  return delivery.flatMap(({ records }) => records.map(({ sequenceNumber }) => Number(sequenceNumber)))
}
