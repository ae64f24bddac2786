import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Counters, createCounterMemory, sumCounters } from '../../responder/metrics/counters.ts'
import { emfLine, type Reading } from '../../responder/metrics/emf.ts'
import { duration, requestSeries, requests, responses } from '../../responder/metrics/families.ts'
import { startReports } from '../../responder/metrics/reports.ts'

const memory = createCounterMemory(2)
const workers = [0, 1].map((row) => new Counters(memory, row))
const reading = (at: number, rest: Partial<Reading> = {}): Reading => ({
  counted: sumCounters(memory),
  loading: undefined,
  zones: 1,
  names: 7,
  followed: { position: 9, ageSeconds: 0.5 },
  at,
  ...rest,
})

function answer(queries: number, rcode: number, seconds: number): void {
  for (let i = 0; i < queries; i++) {
    const worker = workers[i % workers.length]
    worker?.add(requests, requestSeries(i % 3 === 0 ? 'tcp' : 'udp', i % 2))
    worker?.add(responses, rcode)
    worker?.observe(duration, 0, seconds)
  }
}

describe('a line', () => {
  answer(1000, 0, 0.0001) // before the first reading
  const before = reading(1_000_000)
  answer(96, 0, 0.0001)
  answer(20, 3, 0.0004)
  answer(1, 2, 0.3)
  answer(3, 5, 100)
  const line = JSON.parse(emfLine(before, reading(1_060_000)))
  const { _aws, ResidentMemory, ...metrics } = line

  test('tells what happened since the reading before it', () => {
    assert.deepEqual(metrics, {
      service: 'responder',
      Queries: 120,
      QueriesPerTask: 2,
      NoError: 96,
      ServFail: 1,
      NxDomain: 20,
      Refused: 3,
      LatencyP50: 0.25,
      LatencyP99: 8192,
      CacheAge: 0.5,
      Names: 7,
    })
    assert.ok(ResidentMemory > 1e6)
  })

  test('describes every metric, by one set of dimensions', () => {
    const [{ Namespace, Dimensions, Metrics }] = _aws.CloudWatchMetrics
    assert.equal(_aws.Timestamp, 1_060_000)
    assert.equal(Namespace, 'Namestream')
    assert.deepEqual(Dimensions, [['service']])
    const described = Metrics.map(({ Name }: { Name: string }) => Name)
    assert.deepEqual(described, [...Object.keys(metrics).slice(1), 'ResidentMemory'])
    const units = new Set(Metrics.map(({ Unit }: { Unit: string }) => Unit))
    assert.deepEqual([...units], ['Count', 'Count/Second', 'Milliseconds', 'Seconds', 'Bytes'])
  })
})

test('a task that still loads does not count among those that could take more', () => {
  const line = JSON.parse(emfLine(reading(0), reading(60_000, { loading: 'reading the names' })))
  assert.equal('QueriesPerTask' in line, false)
  assert.equal(JSON.parse(emfLine(reading(0), reading(60_000))).QueriesPerTask, 0)
})

test('nothing asked, no latency; nothing followed, no age', () => {
  const { followed: _, ...alone } = reading(60_000)
  const line = JSON.parse(emfLine(reading(0), alone))
  for (const name of ['LatencyP50', 'LatencyP99', 'CacheAge']) assert.equal(name in line, false)
})

test('the last line comes when it is ended', () => {
  const lines: string[] = []
  const end = startReports(() => reading(0), { intervalMs: 3_600_000, write: (line) => lines.push(line) })
  answer(3, 0, 0.0001)
  assert.equal(lines.length, 0)
  end()
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).Queries),
    [3],
  )
})
