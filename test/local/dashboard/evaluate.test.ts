import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { evaluate } from '../../../local/dashboard/evaluate.ts'
import { localDeployed } from '../../../local/metrics/deployed.ts'
import { functionMetric } from '../../../local/metrics/measured.ts'
import { MetricStore } from '../../../local/metrics/store.ts'
import { type DashboardBody, dashboardBody } from '../../../shared/metrics/body.ts'

const NOON = Date.UTC(2026, 0, 1, 12)
const MINUTE = 60_000
const PERIODS = { end: NOON, periodMs: MINUTE, count: 4 }
const deployed = localDeployed({
  auth: true,
  mirror: true,
  probe: false,
  functions: false,
  zones: ['a.example.', 'b.example.'],
})
const body = dashboardBody(deployed, ['StaleAnswers'])

const responder = (name: string) => ({ namespace: 'Namestream', name, dimensions: { service: 'responder' } })
const mirror = (name: string, zone: string) => ({
  namespace: 'Namestream',
  name,
  dimensions: { service: 'mirror', zone },
})

function lines(title: string, store: MetricStore, since = NOON - 60 * MINUTE) {
  const index = body.widgets.findIndex(({ properties }) => 'title' in properties && properties.title === title)
  const data = evaluate(body, { store, latest: undefined, since }, PERIODS)[index]
  assert.ok(data?.kind === 'lines', title)
  return Object.fromEntries(data.lines.map(({ label, statistic, values }) => [label, [statistic, ...values]]))
}

describe('a widget of metrics', () => {
  test('a rate is the sum by the period; the metric behind it is not shown', () => {
    const store = new MetricStore(() => NOON)
    store.add(responder('NoError'), 120, NOON - 1)
    store.add(responder('NoError'), 30, NOON - 3 * MINUTE)
    assert.deepEqual(lines('Answers by rcode', store), {
      NOERROR: ['per second', 0, 0.5, 0, 2],
      NXDOMAIN: ['per second', null, null, null, null],
      REFUSED: ['per second', null, null, null, null],
      SERVFAIL: ['per second', null, null, null, null],
      other: ['per second', null, null, null, null],
    })
  })

  test('of a count nothing told is nothing happened, since the start', () => {
    const store = new MetricStore(() => NOON)
    store.add(functionMetric('Invocations', 'dynapi'), 1, NOON - 90_000)
    const { dynapi, sequencer } = lines('Invocations', store, NOON - 150_000)
    assert.deepEqual(dynapi, ['Sum', null, 0, 1, 0])
    assert.deepEqual(sequencer, ['Sum', null, null, null, null])
  })

  test('of what stands as it is nothing told is nothing known; each zone has its line', () => {
    const store = new MetricStore(() => NOON)
    store.add(mirror('NamesPending', 'b.example.'), 3, NOON - 1)
    store.add(mirror('NamesPending', 'b.example.'), 7, NOON - 2)
    store.add(mirror('NamesPending', 'a.example.'), 1, NOON - 2 * MINUTE)
    assert.deepEqual(lines('Names that are not there yet', store), {
      'a.example. waiting': ['Maximum', null, null, 1, null],
      'b.example. waiting': ['Maximum', null, null, null, 7],
      'a.example. quarantined': ['Maximum', null, null, null, null],
      'b.example. quarantined': ['Maximum', null, null, null, null],
    })
  })
})

test('a table has the latest report of the task', () => {
  const index = body.widgets.findIndex(({ type }) => type === 'log')
  const table = (latest: ReadonlyMap<string, number> | undefined) =>
    evaluate(body, { store: new MetricStore(Date.now), latest, since: 0 }, PERIODS)[index]
  const columns = ['task', 'segment', 'age_s', 'names', 'questions_per_s', 'p99_ms', 'cpu_percent']
  columns.push('memory_octets', 'octets_in', 'octets_out')
  assert.deepEqual(table(undefined), { kind: 'table', columns, rows: [] })
  assert.deepEqual(
    table(
      new Map([
        ['LogPosition', 8],
        ['Names', 2],
      ]),
    ),
    {
      kind: 'table',
      columns,
      rows: [['local', 8, null, 2, null, null, null, null, null, null]],
    },
  )
})

test('every widget has its data, and every metric of the body a line or a place in an expression', () => {
  const data = evaluate(body, { store: new MetricStore(Date.now), latest: new Map(), since: 0 }, PERIODS)
  assert.equal(data.length, body.widgets.length)
  for (const [i, widget] of body.widgets.entries()) {
    const kinds = { text: 'none', alarm: 'none', metric: 'lines', log: 'table' } as const
    assert.equal(data[i]?.kind, kinds[widget.type])
    if (widget.type !== 'metric' || data[i]?.kind !== 'lines') continue
    const hidden = widget.properties.metrics.filter((row) => (row.at(-1) as { visible?: boolean }).visible === false)
    assert.equal(data[i].lines.length, widget.properties.metrics.length - hidden.length)
  }
})

test('an expression that is not known is a defect, not a line without values', () => {
  const [widget] = body.widgets.filter(({ type }) => type === 'metric')
  const properties = { ...widget?.properties, metrics: [[{ expression: 'm0*2', label: 'twice', id: 'r0' }]] }
  const odd = { start: '', widgets: [{ ...widget, properties }] } as unknown as DashboardBody
  const evaluated = { store: new MetricStore(Date.now), latest: undefined, since: 0 }
  assert.throws(() => evaluate(odd, evaluated, PERIODS), { message: 'the expression m0*2 is none that is known here' })
})
