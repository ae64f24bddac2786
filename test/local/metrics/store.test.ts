import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { BUCKET_MS, MetricStore, type Periods } from '../../../local/metrics/store.ts'
import type { Metric, Statistic } from '../../../shared/metrics/series.ts'

const MINUTE = 60_000
const NOON = Date.UTC(2026, 0, 1, 12)
const STATISTICS: readonly Statistic[] = ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount', 'p50', 'p90', 'p99']

const metric = (name = 'm', dimensions = {}): Metric => ({ namespace: 'n', name, dimensions })

describe('statistics of one period', () => {
  const cases: [values: number[], expected: readonly (number | undefined)[]][] = [
    //        Sum, Average, Minimum, Maximum, SampleCount, p50, p90, p99
    [[], STATISTICS.map(() => undefined)],
    [[0], [0, 0, 0, 0, 1, 0, 0, 0]],
    [[7.25], [7.25, 7.25, 7.25, 7.25, 1, 7.25, 7.25, 7.25]],
    [
      [4, 4, 4],
      [12, 4, 4, 4, 3, 4, 4, 4],
    ],
    [
      [0, 10],
      [10, 5, 0, 10, 2, 0, 10, 10],
    ],
    [
      [-3, 3],
      [0, 0, -3, 3, 2, 0, 3, 3],
    ],
    [
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 1000],
      [1045, 104.5, 1, 1000, 10, 5, 9, 1000],
    ],
    [
      [Number.NaN, Number.POSITIVE_INFINITY, 5],
      [5, 5, 5, 5, 1, 5, 5, 5],
    ],
  ]
  for (const [values, expected] of cases) {
    test(`of ${JSON.stringify(values)}`, () => {
      const store = new MetricStore(() => NOON)
      for (const value of values) store.add(metric(), value, NOON - 1)
      for (const [i, statistic] of STATISTICS.entries()) {
        const [value] = store.values(metric(), statistic, { end: NOON, periodMs: BUCKET_MS, count: 1 })
        assertNear(value, expected[i], statistic)
      }
    })
  }
})

test('a period has what is in it: from its beginning on, its end excluded', () => {
  const store = new MetricStore(() => NOON)
  for (const [value, at] of [
    [1, NOON - MINUTE - 1],
    [2, NOON - MINUTE],
    [4, NOON - 1],
    [8, NOON],
  ] as const) {
    store.add(metric(), value, at)
  }
  const sums = (periods: Periods) => store.values(metric(), 'Sum', periods)
  assert.deepEqual(sums({ end: NOON, periodMs: MINUTE, count: 3 }), [undefined, 1, 6])
  assert.deepEqual(sums({ end: NOON + BUCKET_MS, periodMs: BUCKET_MS, count: 2 }), [4, 8])
  assert.deepEqual(store.values(metric('other'), 'Sum', { end: NOON, periodMs: MINUTE, count: 2 }), [
    undefined,
    undefined,
  ])
})

test('metrics differ by namespace, name and dimensions, and not by the order of these', () => {
  const store = new MetricStore(() => NOON)
  store.add(metric('m', { a: '1', b: '2' }), 1, NOON)
  store.add(metric('m', { b: '2', a: '1' }), 2, NOON)
  store.add(metric('m', { a: '1' }), 4, NOON)
  store.add(metric('m', { a: '1,b,2' }), 8, NOON)
  store.add({ ...metric('m', { a: '1' }), namespace: 'o' }, 16, NOON)
  assert.deepEqual(store.total(metric('m', { b: '2', a: '1' })), { count: 2, sum: 3, last: 2 })
  assert.deepEqual(store.total(metric('m', { a: '1' })), { count: 1, sum: 4, last: 4 })
  assert.equal(store.total(metric('m')), undefined)
})

test('what is too old, or yet to come, counts as total only', () => {
  const store = new MetricStore(() => NOON)
  for (const at of [NOON - 66 * MINUTE, NOON - 3 * 24 * 60 * MINUTE, NOON + MINUTE]) store.add(metric(), 1, at)
  const values = store.values(metric(), 'Sum', { end: NOON + 2 * MINUTE, periodMs: MINUTE, count: 60 })
  assert.ok(values.every((value) => value === undefined))
  assert.equal(store.total(metric())?.count, 3)
})

test('there are only so many metrics; those that are there go on', () => {
  const store = new MetricStore(() => NOON, 2)
  for (const name of ['a', 'b', 'c', 'a']) store.add(metric(name), 1, NOON)
  assert.deepEqual(
    ['a', 'b', 'c'].map((name) => store.total(metric(name))?.count),
    [2, 1, undefined],
  )
})

test('it answers as if it had kept every value', () => {
  const names = fc.constantFrom('a', 'b')
  const value = fc.oneof(fc.nat(20), fc.double({ min: 0.001, max: 1e7, noNaN: true }), fc.constant(0))
  const add = fc.record({
    kind: fc.constant('add' as const),
    name: names,
    value,
    ago: fc.integer({ min: -6000, max: 5_000_000 }),
  })
  const wait = fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 20 * MINUTE }) })
  const ask = fc.record({
    kind: fc.constant('ask' as const),
    name: names,
    statistic: fc.constantFrom(...STATISTICS),
    periodMs: fc.constantFrom(BUCKET_MS, 15_000, MINUTE, 5 * MINUTE),
  })
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 6, arbitrary: add }, wait, { weight: 2, arbitrary: ask }), { maxLength: 80 }),
      (steps) => {
        let now = NOON
        const store = new MetricStore(() => now)
        const kept: { name: string; value: number; at: number }[] = []
        for (const step of steps) {
          if (step.kind === 'wait') now += step.ms
          if (step.kind === 'add') {
            const at = now - step.ago
            store.add(metric(step.name), step.value, at)
            kept.push({ name: step.name, value: step.value, at })
          }
          if (step.kind === 'ask') {
            const { name, statistic, periodMs } = step
            const periods = { end: Math.floor(now / periodMs) * periodMs, periodMs, count: (60 * MINUTE) / periodMs }
            const expected = naive(
              kept.filter((one) => one.name === name),
              statistic,
              periods,
            )
            const found = store.values(metric(name), statistic, periods)
            for (const [i, one] of expected.entries()) assertNear(found[i], one, statistic)
          }
        }
      },
    ),
    { numRuns: 300 },
  )
})

// ---------------------------------------------------------------------------

/** Percentiles are 1 % off at most, all else but for rounding not at all. */
function assertNear(found: number | undefined, expected: number | undefined, statistic: Statistic): void {
  const tolerance = Math.abs(expected ?? 0) * (statistic.startsWith('p') ? 0.01 : 1e-9)
  const isNear = found === expected || Math.abs((found ?? Number.NaN) - (expected ?? Number.NaN)) <= tolerance
  assert.ok(isNear, `${statistic} is ${found}, not ${expected}`)
}

function naive(
  kept: readonly { value: number; at: number }[],
  statistic: Statistic,
  { end, periodMs, count }: Periods,
) {
  return Array.from({ length: count }, (_, i) => {
    const from = end - (count - i) * periodMs
    const values = kept.filter(({ at }) => at >= from && at < from + periodMs).map(({ value }) => value)
    return values.length === 0 ? undefined : statisticOf(values, statistic)
  })
}

function statisticOf(values: readonly number[], statistic: Statistic): number {
  const sum = values.reduce((total, value) => total + value)
  const sorted = values.toSorted((a, b) => a - b)
  switch (statistic) {
    case 'Sum':
      return sum
    case 'Average':
      return sum / values.length
    case 'Minimum':
      return Math.min(...values)
    case 'Maximum':
      return Math.max(...values)
    case 'SampleCount':
      return values.length
    default:
      return sorted[Math.ceil((Number(statistic.slice(1)) / 100) * values.length) - 1] ?? Number.NaN
  }
}
