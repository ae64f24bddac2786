/** The body of a CloudWatch dashboard (CloudWatch API reference, "Dashboard Body Structure and Syntax"). */
import { type Sum, sumsOf } from './costs.ts'
import type { Deployed } from './deployed.ts'
import { type Chart, type Section, sections, type TaskTable } from './sections.ts'
import type { Metric, Series } from './series.ts'

export interface DashboardBody {
  /** What is shown at first: the last hours. */
  readonly start: string
  readonly widgets: readonly PlacedWidget[]
}

export type PlacedWidget = Place &
  (
    | { readonly type: 'text'; readonly properties: { readonly markdown: string } }
    | { readonly type: 'metric'; readonly properties: MetricProperties }
    | { readonly type: 'log'; readonly properties: LogProperties }
    | { readonly type: 'alarm'; readonly properties: { readonly title: string; readonly alarms: readonly string[] } }
  )

/** In columns, of which there are 24, and rows. */
interface Place {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface MetricProperties {
  readonly title: string
  readonly region: string
  readonly view: 'timeSeries'
  readonly stacked: boolean
  /** Seconds. */
  readonly period: number
  readonly metrics: readonly Row[]
  readonly yAxis: { readonly left: { readonly label: string; readonly min: 0; readonly showUnits: false } }
  readonly annotations?: { readonly horizontal: readonly { readonly label: string; readonly value: number }[] }
}

/** A metric or an expression. */
type Row = readonly unknown[]

export interface LogProperties {
  readonly title: string
  readonly region: string
  readonly view: 'table'
  readonly query: string
}

/** What is drawn: `perSecond` is the metric divided by the period. */
export interface Line {
  readonly metric: Metric
  readonly statistic: Series['statistic']
  readonly label: string
  readonly perSecond: boolean
}

const PERIOD = 60
const ALARMS_A_WIDGET = 100 // at most

/** The dashboard of a deployment. Widgets without anything to show are left out, and sections without widgets. */
export function dashboardBody(deployed: Deployed, alarms: readonly string[]): DashboardBody {
  const rows = new Rows()
  for (const some of chunks(alarms, ALARMS_A_WIDGET)) {
    const height = 1 + Math.ceil(some.length / 4)
    rows.full({ type: 'alarm', properties: { title: 'Alarms', alarms: some } }, height)
  }
  for (const { title, widgets } of sections.map((section) => shown(section, deployed))) {
    if (widgets.length === 0) continue
    rows.full({ type: 'text', properties: { markdown: `## ${title}` } }, 1)
    for (const widget of widgets) {
      if (widget.kind === 'chart') rows.add({ type: 'metric', properties: metricProperties(widget, deployed) })
      else rows.full({ type: 'log', properties: logProperties(widget, deployed) }, 6)
    }
  }
  return { start: '-PT3H', widgets: rows.placed }
}

// ---------------------------------------------------------------------------

/** The lines of a chart in this deployment. */
function linesOf({ series }: Chart, deployed: Deployed): readonly Line[] {
  return series.flatMap(({ label, statistic, perSecond = false, onAws = false, of }) => {
    if (onAws && deployed.platform !== 'aws') return []
    const found = of(deployed)
    return found.map(({ metric, which }) => ({
      metric,
      statistic,
      perSecond,
      label: [found.length > 1 || label === '' ? which : undefined, label].filter(Boolean).join(' '),
    }))
  })
}

/** The section with what there is to show of it. */
function shown(section: Section, deployed: Deployed): Section {
  const widgets = section.widgets.filter((widget) =>
    widget.kind === 'chart' ? rowsOf(widget, deployed).length > 0 : deployed.responder !== undefined,
  )
  return { ...section, widgets }
}

function metricProperties(chart: Chart, deployed: Deployed): MetricProperties {
  const mark = chart.mark?.(deployed)
  return {
    title: chart.title,
    region: deployed.region,
    view: 'timeSeries',
    stacked: chart.stacked ?? false,
    period: PERIOD,
    metrics: rowsOf(chart, deployed),
    yAxis: { left: { label: chart.unit, min: 0, showUnits: false } },
    ...(mark && { annotations: { horizontal: [mark] } }),
  }
}

/** All rows of a chart. */
function rowsOf(chart: Chart, deployed: Deployed): readonly Row[] {
  return [...linesOf(chart, deployed).flatMap(metricRows), ...sumsOf(chart.costs ?? [], deployed).flatMap(sumRows)]
}

/** As CloudWatch wants a metric: namespace, name, dimensions in turn, options. A rate is an expression on a hidden one. */
function metricRows({ metric, statistic, label, perSecond }: Line, index: number): readonly Row[] {
  const found = named(metric)
  if (!perSecond) return [[...found, { stat: statistic, label }]]
  const id = `m${index}`
  return [
    [{ expression: `${id}/PERIOD(${id})`, label, id: `r${index}` }],
    [...found, { stat: statistic, id, visible: false }],
  ]
}

function sumRows({ id, label, expression, metrics }: Sum): readonly Row[] {
  const parts = Object.entries(metrics).map(([id, { metric, statistic }]) => [
    ...named(metric),
    { stat: statistic, id, visible: false },
  ])
  return [[{ expression, label, id }], ...parts]
}

function named({ namespace, name, dimensions }: Metric): Row {
  return [namespace, name, ...Object.entries(dimensions).flat()]
}

/** A query of CloudWatch Logs Insights over the lines in which a task tells its metrics. */
function logProperties({ title, columns }: TaskTable, { region, responder }: Deployed): LogProperties {
  const latest = Object.entries(columns).map(([heading, metric]) => `latest(${metric}) as ${heading}`)
  const query = [
    `SOURCE '${responder?.aws?.logGroup ?? ''}'`,
    'filter ispresent(LogPosition)',
    `stats ${latest.join(', ')} by @logStream`,
  ]
  return { title, region, view: 'table', query: query.join(' | ') }
}

function chunks<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size))
}

type Unplaced<T = PlacedWidget> = T extends unknown ? Omit<T, keyof Place> : never

/** Puts widgets three to a row, and wide ones on a row of their own. */
class Rows {
  readonly placed: PlacedWidget[] = []
  #y = 0
  #x = 0

  add(widget: Unplaced): void {
    if (this.#x === COLUMNS) this.#next()
    this.placed.push({ ...widget, x: this.#x, y: this.#y, width: WIDTH, height: HEIGHT } as PlacedWidget)
    this.#x += WIDTH
  }

  full(widget: Unplaced, height: number): void {
    if (this.#x > 0) this.#next()
    this.placed.push({ ...widget, x: 0, y: this.#y, width: COLUMNS, height } as PlacedWidget)
    this.#y += height
  }

  #next(): void {
    this.#x = 0
    this.#y += HEIGHT
  }
}

const COLUMNS = 24
const WIDTH = 8
const HEIGHT = 6
