import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { localDeployed } from '../../../local/metrics/deployed.ts'
import { apiMetric, functionMetric } from '../../../local/metrics/measured.ts'
import { formatTotals } from '../../../local/metrics/prometheus.ts'
import { MetricStore } from '../../../local/metrics/store.ts'
import { catalogue } from '../../../shared/metrics/catalogue.ts'
import { parseExposition } from './exposition.ts'

const ZONES = ['a.example.', '"odd\\.example.']
const deployed = localDeployed({ auth: true, mirror: true, probe: false, functions: false, zones: ZONES })
const own = (service: string, name: string, more = {}) => ({
  namespace: 'Namestream',
  name,
  dimensions: { service, ...more },
})

test('before anything has happened: counters and summaries at 0, no gauges', () => {
  const families = parseExposition(formatTotals(new MetricStore(Date.now), deployed))
  const values = [...families.values()].flatMap(({ samples }) => [...samples.values()])
  assert.ok(values.length > 50)
  assert.ok(values.every((value) => value === 0))
  assert.equal(families.get('namestream_dynapi_registered_total')?.type, 'counter')
  assert.equal(families.has('namestream_sequencer_log_head'), false)
})

test('what has happened since the start, as its meaning is', () => {
  const store = new MetricStore(Date.now)
  for (const [metric, ...values] of [
    [own('dynapi', 'Registered'), 1, 2],
    [own('dynapi', 'WriteTime'), 1500, 250],
    [own('sequencer', 'LogHead'), 7, 8],
    [own('mirror', 'NamesPending', { zone: 'a.example.' }), 5, 3],
    [own('mirror', 'MirrorWait', { zone: '"odd\\.example.' }), 4000, 500],
    [own('mirror', 'Route53Requests', { zone: 'a.example.' }), 2, 2],
    [own('mirror-feed', 'NamesMarked'), 4],
    [functionMetric('Errors', 'mirror-api'), 0, 1],
    [functionMetric('Duration', 'mirror-api'), 20],
    [functionMetric('IteratorAge', 'sequencer'), 300, 100],
    [apiMetric('4xx'), 0, 1, 1],
  ] as const) {
    for (const value of values) store.add(metric, value, 0)
  }
  const families = parseExposition(formatTotals(store, deployed))
  const expected = {
    namestream_dynapi_registered_total: 3,
    namestream_dynapi_write_time_seconds_sum: 1.75,
    namestream_dynapi_write_time_seconds_count: 2,
    namestream_sequencer_log_head: 8,
    'namestream_mirror_names_pending{zone="a.example."}': 3,
    'namestream_mirror_mirror_wait_seconds{zone="\\"odd\\\\.example."}': 0.5,
    'namestream_mirror_route53_requests_total{zone="a.example."}': 4,
    namestream_mirror_feed_names_marked_total: 4,
    'namestream_function_errors_total{function="mirror-api"}': 1,
    'namestream_function_duration_seconds_sum{function="mirror-api"}': 0.02,
    'namestream_function_iterator_age_seconds{function="sequencer"}': 0.1,
    namestream_api_client_errors_total: 2,
  }
  const samples = new Map([...families.values()].flatMap(({ samples }) => [...samples]))
  assert.deepEqual(Object.fromEntries(Object.keys(expected).map((name) => [name, samples.get(name)])), expected)
})

test('what is not there is not told', () => {
  const families = parseExposition(
    formatTotals(
      new MetricStore(Date.now),
      localDeployed({ auth: false, mirror: false, probe: false, functions: false, zones: ZONES }),
    ),
  )
  const names = [...families.keys()].filter((name) => /mirror|authorizer|probe/.test(name))
  assert.deepEqual(names, [])
})

test('the README has every name', () => {
  const readme = readFileSync(new URL('../../../local/dashboard/README.md', import.meta.url), 'utf8')
  const store = new MetricStore(Date.now)
  for (const [service, metrics] of Object.entries(catalogue)) {
    for (const name of Object.keys(metrics)) {
      for (const zone of ZONES) store.add(own(service, name, service === 'mirror' ? { zone } : {}), 1, 0)
    }
  }
  store.add(functionMetric('IteratorAge', 'sequencer'), 1, 0)
  const documented = new Set(readme.match(/\bnamestream_\w+/g))
  const names = [...parseExposition(formatTotals(store, deployed)).keys()]
  assert.deepEqual(
    names.filter((name) => !documented.has(name)),
    [],
  )
})
