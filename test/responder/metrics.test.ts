import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Counters, createCounterMemory, sumCounters } from '../../responder/metrics/counters.ts'
import { dropped, duration, families, requests, tcpConnections } from '../../responder/metrics/families.ts'
import { figuresOf } from '../../responder/metrics/figures.ts'
import { formatMetrics } from '../../responder/metrics/prometheus.ts'

const followed = { position: 7, ageSeconds: 1.5 }
const TABLE = { entries: 5, usedOctets: 70_000, octets: 4_259_840 }
const figures = figuresOf(
  { loading: undefined, zones: 2, names: 3, followed },
  { listening: 1, deaths: 0, drops: 0 },
  TABLE,
)

describe('names', () => {
  for (const { name, kind, help } of [...families, ...figures]) {
    test(name, () => {
      assert.match(name, /^(coredns|namestream|process)_[a-z_]+$/)
      assert.equal(kind === 'counter', name.endsWith('_total'), 'counters, and they alone, end in _total')
      assert.match(help, /^[A-Z].*\.$/)
    })
  }
})

test('every line is a comment or a sample, and no series is told twice', () => {
  const lines = formatMetrics(sumCounters(createCounterMemory(1)), figures, ['mesh'])
    .trimEnd()
    .split('\n')
  const samples = lines.filter((line) => !line.startsWith('#'))
  for (const line of samples) assert.match(line, /^[a-z_]+(\{[a-z]+="[^"\\]*"(,[a-z]+="[^"\\]*")*\})? [0-9.e+-]+$/)
  assert.equal(new Set(samples.map((line) => line.split(' ')[0])).size, samples.length)
  assert.equal(lines.filter((line) => line.startsWith('# TYPE')).length, families.length + figures.length)
})

test('the rows of all workers are added up', () => {
  const memory = createCounterMemory(3)
  for (const row of [0, 1, 2]) new Counters(memory, row).add(dropped, 0, row + 1)
  assert.match(formatMetrics(sumCounters(memory), []), /^namestream_dropped_total 6$/m)
})

test('a histogram is cumulative in the text, with a bucket for each bound that holds the bound itself', () => {
  const memory = createCounterMemory(1)
  const counters = new Counters(memory, 0)
  for (const seconds of [0.0001, 0.00025, 0.0004, 0.5, 100]) counters.observe(duration, 0, seconds)
  const text = formatMetrics(sumCounters(memory), [])
  const bucket = (bound: string) =>
    Number(new RegExp(`^coredns_dns_request_duration_seconds_bucket\\{le="${bound}"\\} (\\d+)$`, 'm').exec(text)?.[1])
  assert.deepEqual(['0.00025', '0.0005', '0.512', '8.192', '\\+Inf'].map(bucket), [2, 3, 4, 4, 5])
  assert.match(text, /^coredns_dns_request_duration_seconds_sum 100\.50075$/m)
  assert.match(text, /^coredns_dns_request_duration_seconds_count 5$/m)
})

test('series lie apart: what is counted in one is in no other', () => {
  const memory = createCounterMemory(1)
  const counters = new Counters(memory, 0)
  counters.add(requests, requests.series.length - 1)
  counters.set(tcpConnections, 4)
  const nonZero = formatMetrics(sumCounters(memory), [])
    .split('\n')
    .filter((line) => !line.startsWith('#') && !line.endsWith(' 0') && line !== '')
  assert.deepEqual(nonZero, [
    'coredns_dns_requests_total{proto="https",type="other"} 1',
    'namestream_tcp_connections 4',
  ])
})
