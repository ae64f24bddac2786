/** What the service costs at the rate of the moment, by CloudWatch's metric math. */
import type { Deployed } from './deployed.ts'
import { monthly } from './prices.ts'
import { api, type Found, lambda, type Metric, type Statistic, table } from './series.ts'

/** A line that CloudWatch works out: a sum of metrics, each times what one of it costs a month. */
export interface CostLine {
  readonly label: string
  /** None where the part is absent. */
  readonly terms: (deployed: Deployed) => readonly Term[]
  /** What it costs however little it does. */
  readonly base?: number
}

export interface Term {
  readonly metric: Metric
  readonly statistic: Statistic
  /** Dollars a month. */
  readonly each: number
  /** Divided by the length of the period: so many a second. */
  readonly perSecond: boolean
}

export const costLines: readonly CostLine[] = [
  {
    label: 'tasks',
    terms({ responder }) {
      if (responder?.aws === undefined) return []
      const { cluster: ClusterName, service: ServiceName, dollarsAMonth } = responder.aws
      // ECS writes one sample a minute for each task that runs (ECS Developer Guide, "Service RUNNING task count").
      const metric = { namespace: 'AWS/ECS', name: 'CPUUtilization', dimensions: { ClusterName, ServiceName } }
      return [{ metric, statistic: 'SampleCount', each: dollarsAMonth * 60, perSecond: true }]
    },
  },
  {
    label: 'load balancer',
    base: monthly.balancer,
    terms({ responder }) {
      if (responder?.aws === undefined) return []
      const dimensions = { LoadBalancer: responder.aws.balancer }
      const metric = { namespace: 'AWS/NetworkELB', name: 'ConsumedLCUs', dimensions }
      return [{ metric, statistic: 'Average', each: monthly.balancerUnit, perSecond: false }]
    },
  },
  {
    label: 'DynamoDB',
    terms: (deployed) => [
      ...rates(table('ConsumedWriteCapacityUnits', 'Sum').of(deployed), monthly.dynamoDbWrite),
      ...rates(table('ConsumedReadCapacityUnits', 'Sum').of(deployed), monthly.dynamoDbRead),
    ],
  },
  {
    label: 'Lambda',
    terms: (deployed) => [
      ...rates(lambda('Invocations', 'Sum').of(deployed), monthly.lambdaRequest),
      ...Object.entries(deployed.megabytes ?? {}).flatMap(([id, megabytes]) =>
        rates(
          lambda('Duration', 'Sum')
            .of(deployed)
            .filter(({ which }) => which === id),
          monthly.lambdaMillisecond(megabytes),
        ),
      ),
    ],
  },
  { label: 'API', terms: (deployed) => rates(api('Count', 'Sum', '').of(deployed), monthly.apiRequest) },
]

/** A line as CloudWatch takes it: an expression, and the metrics in it by their ids. */
export interface Sum {
  readonly id: string
  readonly label: string
  readonly expression: string
  readonly metrics: Readonly<Record<string, Pick<Term, 'metric' | 'statistic'>>>
}

/** The lines of costs in this deployment. Arithmetic takes a value that is missing as 0 (CloudWatch, "Using metric math"). */
export function sumsOf(lines: readonly CostLine[], deployed: Deployed): readonly Sum[] {
  if (deployed.platform !== 'aws') return []
  return lines.flatMap(({ label, base, terms }, line) => {
    const found = terms(deployed).map((term, at) => ({ ...term, id: `c${line}m${at}` }))
    if (found.length === 0) return []
    const parts = found.map(({ id, each, perSecond }) => `${plain(each)}*${id}${perSecond ? `/PERIOD(${id})` : ''}`)
    return {
      id: `c${line}`,
      label,
      expression: [...(base === undefined ? [] : [plain(base)]), ...parts].join('+'),
      metrics: Object.fromEntries(found.map(({ id, metric, statistic }) => [id, { metric, statistic }])),
    }
  })
}

// ---------------------------------------------------------------------------

function rates(found: readonly Found[], each: number): Term[] {
  return found.map(({ metric }) => ({ metric, statistic: 'Sum', each, perSecond: true }))
}

/** Without an exponent, which expressions are not known to take. */
function plain(value: number): string {
  return String(Number(value.toFixed(6)))
}
