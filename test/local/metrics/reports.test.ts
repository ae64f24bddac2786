import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Reports } from '../../../local/metrics/reports.ts'
import { BUCKET_MS, MetricStore } from '../../../local/metrics/store.ts'

const START = Date.UTC(2026, 0, 1)
const QUERIES = { namespace: 'Namestream', name: 'Queries', dimensions: { service: 'responder' } }

const line = (at: number, value: number) =>
  JSON.stringify({
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [{ Namespace: 'Namestream', Dimensions: [['service']], Metrics: [{ Name: 'Queries' }] }],
    },
    service: 'responder',
    Queries: value,
  })

/** What the buckets have after reports at these times. */
function sums(times: readonly number[], count: number): readonly (number | undefined)[] {
  const last = times.at(-1) ?? 0
  const store = new MetricStore(() => last)
  const reports = new Reports(store)
  for (const at of times) reports.take(line(at, 1))
  return store.values(QUERIES, 'Sum', { end: START + count * BUCKET_MS, periodMs: BUCKET_MS, count })
}

test('a report falls into each bucket, however the timer trembles at its edge', () => {
  const edge = START + BUCKET_MS
  const times = [-1, 2, -2, 1, 30, -1].map((late, i) => edge + i * BUCKET_MS + late)
  assert.deepEqual(sums(times, 6), [1, 1, 1, 1, 1, 1])
})

test('where reports were missing, as of a machine that slept, their buckets are empty', () => {
  const times = [0, 1, 5, 6].map((i) => START + i * BUCKET_MS + 10)
  assert.deepEqual(sums(times, 7), [1, 1, undefined, undefined, undefined, 1, 1])
})

test('the latest report is remembered, and nothing else is one', () => {
  const reports = new Reports(new MetricStore(() => START))
  assert.equal(reports.latest, undefined)
  reports.take(line(START, 3))
  reports.take(line(START + BUCKET_MS, 4))
  reports.take('ready')
  assert.deepEqual(reports.latest, new Map([['Queries', 4]]))
})
