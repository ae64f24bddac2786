import type { DashboardBody, LogProperties, MetricProperties } from '../../shared/metrics/body.ts'
import type { Metric, Statistic } from '../../shared/metrics/series.ts'
import type { MetricStore, Periods } from '../metrics/store.ts'
import type { LineData, WidgetData } from './answer.ts'

export interface Evaluated {
  readonly store: MetricStore
  /** Values of the latest report of the responder, by metric. */
  readonly latest: ReadonlyMap<string, number> | undefined
  /** When counting began. */
  readonly since: number
}

/** The figures that the widgets of a dashboard's body ask for, as CloudWatch would evaluate it. */
export function evaluate(body: DashboardBody, evaluated: Evaluated, periods: Periods): readonly WidgetData[] {
  return body.widgets.map(({ type, properties }) => {
    if (type === 'metric') return { kind: 'lines', lines: linesOf(properties, evaluated, periods) }
    if (type === 'log') return { kind: 'table', ...tableOf(properties, evaluated) }
    return { kind: 'none' }
  })
}

// ---------------------------------------------------------------------------

/** A row of `metrics`: namespace, name, dimensions in turn, options; or an expression of the metric with an id. */
interface Options {
  readonly label: string
  readonly stat?: Statistic
  readonly id?: string
  readonly visible?: boolean
  readonly expression?: string
}

interface Row {
  readonly options: Options
  readonly metric: Metric
}

function linesOf({ metrics }: MetricProperties, evaluated: Evaluated, periods: Periods): readonly LineData[] {
  const rows = metrics.map(rowOf)
  return rows
    .filter(({ options }) => options.visible !== false)
    .map(({ options, metric }) => {
      const { label, expression, stat } = options
      if (expression === undefined) return { label, ...valuesOf(metric, stat, evaluated, periods) }
      const rated = rows.find(({ options: { id } }) => id !== undefined && expression === `${id}/PERIOD(${id})`)
      if (rated === undefined) throw new Error(`the expression ${expression} is none that is known here`)
      const { values } = valuesOf(rated.metric, rated.options.stat, evaluated, periods)
      const seconds = periods.periodMs / 1000
      return { label, statistic: 'per second', values: values.map((value) => value && value / seconds) }
    })
}

function rowOf(row: readonly unknown[]): Row {
  const options = row.at(-1) as Options
  const [namespace = '', name = '', ...dimensions] = row.slice(0, -1) as string[]
  const pairs = Array.from({ length: dimensions.length / 2 }, (_, i) => dimensions.slice(2 * i, 2 * i + 2))
  return { options, metric: { namespace, name, dimensions: Object.fromEntries(pairs) } }
}

/** Of what is counted, a period in which nothing was told is one in which nothing happened. */
function valuesOf(
  metric: Metric,
  statistic: Statistic = 'Average',
  { store, since }: Evaluated,
  periods: Periods,
): Omit<LineData, 'label'> {
  const counts = statistic === 'Sum' && store.total(metric) !== undefined
  const { end, periodMs, count } = periods
  const values = store.values(metric, statistic, periods).map((value, i) => {
    const periodEnd = end - (count - 1 - i) * periodMs
    return value ?? (counts && periodEnd > since ? 0 : null)
  })
  return { statistic, values }
}

/** The part of a query that is about the latest report: `stats latest(METRIC) as HEADING, … by @logStream`. */
function tableOf({ query }: LogProperties, { latest }: Evaluated) {
  const asked = [...query.matchAll(/latest\((\w+)\) as (\w+)/g)]
  const columns = ['task', ...asked.map(([, , heading]) => heading ?? '')]
  if (latest === undefined) return { columns, rows: [] }
  return { columns, rows: [['local', ...asked.map(([, metric]) => latest.get(metric ?? '') ?? null)]] }
}
