/** The body of the dashboard is one that CloudWatch takes, and shows what there is to see. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type DashboardBody, dashboardBody, type PlacedWidget } from '../../shared/metrics/body.ts'
import { catalogue, NAMESPACE, SERVICE } from '../../shared/metrics/catalogue.ts'
import type { Deployed } from '../../shared/metrics/deployed.ts'
import type { Metric } from '../../shared/metrics/series.ts'
import { everything, largest, least, local } from './deployed.ts'
import { isKnown } from './known.ts'

const arns = (count: number) =>
  Array.from({ length: count }, (_, i) => `arn:aws:cloudwatch:eu-central-1:1:alarm:Alarm ${i}`)

const bodies: readonly [what: string, deployed: Deployed, alarms: readonly string[]][] = [
  ['everything', everything, arns(30)],
  ['names alone', least, arns(5)],
  ['on one machine', local, []],
  ['as many zones as there can be', largest, arns(207)],
]

for (const [what, deployed, alarms] of bodies) {
  const body = dashboardBody(deployed, alarms)

  describe(what, () => {
    test('widgets are within 24 columns and cover one another nowhere', () => {
      const taken = new Set<string>()
      for (const { x, y, width, height } of body.widgets) {
        assert.ok(x >= 0 && y >= 0 && width >= 1 && height >= 1 && x + width <= 24)
        for (const column of range(x, width)) {
          for (const row of range(y, height)) {
            assert.ok(!taken.has(`${column} ${row}`), `${column} ${row}`)
            taken.add(`${column} ${row}`)
          }
        }
      }
    })

    test('no more widgets and metrics than CloudWatch takes', () => {
      const metrics = body.widgets.map((widget) => rowsOf(widget).length)
      assert.ok(body.widgets.length <= 500)
      assert.ok(Math.max(...metrics) <= 500, `${Math.max(...metrics)} in a widget`)
      const all = metrics.reduce((sum, count) => sum + count, 0)
      assert.ok(all <= 2500, `${all} in all`)
    })

    test('every row is a metric that somebody writes, or an expression on those of its widget', () => {
      for (const widget of body.widgets) checkRows(rowsOf(widget))
    })

    test('lines of a widget can be told apart', () => {
      for (const widget of body.widgets) {
        const labels = rowsOf(widget)
          .map(optionsOf)
          .flatMap(({ visible = true, label }) => (visible ? [label] : []))
        assert.ok(!labels.includes(undefined) && !labels.includes(''))
        assert.equal(new Set(labels).size, labels.length, labels.join())
      }
    })

    test('all alarms are on it, at most 100 in a widget', () => {
      const shown = body.widgets.flatMap((widget) => (widget.type === 'alarm' ? [widget.properties.alarms] : []))
      assert.deepEqual(shown.flat(), alarms)
      for (const some of shown) assert.ok(some.length >= 1 && some.length <= 100)
    })

    test('each section has a heading and something below it', () => {
      const types = body.widgets.map(({ type }) => type)
      for (const [at, type] of types.entries()) {
        if (type === 'text') assert.ok(types[at + 1] === 'metric' || types[at + 1] === 'log')
      }
    })
  })
}

test('what is asked of the log of the tasks', () => {
  const logs = dashboardBody(everything, []).widgets.filter(({ type }) => type === 'log')
  assert.equal(logs.length, 1)
  const [widget] = logs
  const query = widget?.type === 'log' ? widget.properties.query : ''
  assert.match(query, /^SOURCE 'ResponderLogs' \| filter ispresent\(LogPosition\) \| stats latest\(\w+\) as \w+, /)
  const names = Array.from(query.matchAll(/latest\((\w+)\)/g), ([, name = '']) => name)
  for (const name of names) assert.ok(name in catalogue.responder, name)
})

test('every metric of the catalogue is shown, but for these', () => {
  const hidden: Readonly<Record<string, string>> = {
    'responder Queries': 'the answers by rcode are as many, and the alarm on NXDOMAIN looks at it',
    'mirror Quarantined': 'NamesQuarantined tells how many there are, not only that some have come',
    'zones ZonesServed': 'is written at a deployment only',
    'zones ZonesMirrored': 'is written at a deployment only',
  }
  const shown = new Set(
    metricsOf(dashboardBody(everything, []))
      .filter(({ namespace }) => namespace === NAMESPACE)
      .map(({ name, dimensions }) => `${dimensions[SERVICE]} ${name}`),
  )
  const all = Object.entries(catalogue).flatMap(([service, metrics]) =>
    Object.keys(metrics).map((name) => `${service} ${name}`),
  )
  const missing = all.filter((name) => !shown.has(name))
  assert.deepEqual(missing.sort(), Object.keys(hidden).sort())
})

test('on one machine nothing is shown that only AWS can measure', () => {
  const namespaces = new Set(metricsOf(dashboardBody(local, [])).map(({ namespace }) => namespace))
  for (const namespace of ['AWS/DynamoDB', 'AWS/NetworkELB', 'AWS/ECS']) assert.ok(!namespaces.has(namespace))
  const expressions = dashboardBody(local, []).widgets.flatMap((widget) =>
    rowsOf(widget).flatMap((row) => optionsOf(row).expression ?? []),
  )
  for (const expression of expressions) assert.match(expression, /^(m\d+)\/PERIOD\(\1\)$/)
})

// ---------------------------------------------------------------------------

interface Options {
  readonly id?: string
  readonly expression?: string
  readonly label?: string
  readonly stat?: string
  readonly visible?: boolean
}

function range(from: number, length: number): readonly number[] {
  return Array.from({ length }, (_, i) => from + i)
}

function rowsOf(widget: PlacedWidget): readonly (readonly unknown[])[] {
  return widget.type === 'metric' ? widget.properties.metrics : []
}

function optionsOf(row: readonly unknown[]): Options {
  return row.at(-1) as Options
}

/** The metric of a row, undefined if it is an expression. */
function metricOf(row: readonly unknown[]): Metric | undefined {
  if (row.length === 1) return undefined
  const [namespace, name, ...rest] = row.slice(0, -1) as string[]
  assert.ok(namespace !== undefined && name !== undefined && rest.length % 2 === 0)
  const pairs = rest.flatMap((text, at) => (at % 2 === 0 ? [[text, rest[at + 1]]] : []))
  return { namespace, name, dimensions: Object.fromEntries(pairs) }
}

function metricsOf({ widgets }: DashboardBody): readonly Metric[] {
  return widgets.flatMap((widget) => rowsOf(widget).flatMap((row) => metricOf(row) ?? []))
}

function checkRows(rows: readonly (readonly unknown[])[]): void {
  const ids = rows.flatMap((row) => optionsOf(row).id ?? [])
  assert.equal(new Set(ids).size, ids.length, 'ids are unique')
  for (const id of ids) assert.match(id, /^[a-z]\w{0,254}$/)
  for (const row of rows) {
    const metric = metricOf(row)
    const { expression = '', stat = '' } = optionsOf(row)
    if (metric === undefined) {
      assert.ok(expression.length > 0 && expression.length <= 2048)
      const used = expression.match(/[a-z]\w*/g) ?? []
      assert.ok(used.length > 0 && used.every((id) => ids.includes(id)), expression)
    } else {
      assert.equal(expression, '')
      assert.match(stat, /^(Average|Maximum|Minimum|SampleCount|Sum|p\d\d)$/)
      assert.ok(isKnown(metric), `${metric.namespace} ${metric.name} ${Object.keys(metric.dimensions)}`)
    }
  }
}
