import {
  catalogue,
  type MetricDefinition,
  type MetricName,
  NAMESPACE,
  SERVICE,
  type Service,
  ZONE,
} from '../../shared/metrics/catalogue.ts'
import type { Deployed } from '../../shared/metrics/deployed.ts'
import type { Metric } from '../../shared/metrics/series.ts'
import { apiMetric, functionMetric, queueMetric } from './measured.ts'
import type { Total } from './store.ts'

/** Where totals since the start come from. */
export interface Totals {
  total(metric: Metric): Total | undefined
}

/**
 * The figures of the functions, and what AWS would measure of them, since the start, in the text format of Prometheus
 * (version 0.0.4). README.md tells how the names are made. The responder tells its own.
 */
export function formatTotals(totals: Totals, deployed: Deployed): string {
  const lines = [...ownFamilies(deployed), ...platformFamilies(deployed)].flatMap((family) => textOf(family, totals))
  return lines.map((line) => `${line}\n`).join('')
}

// ---------------------------------------------------------------------------

interface Family {
  readonly kind: Kind
  /** Without the suffix that the kind and the unit add. */
  readonly name: string
  readonly help: string
  readonly isTime: boolean
  /** The metrics of the family, by their labels as they stand in the text format. */
  readonly metrics: readonly (readonly [labels: string, metric: Metric])[]
}

/** A summary has the sum and the number of the values. */
type Kind = 'counter' | 'gauge' | 'summary'

/** Counts and times that tell how things stand, not what happened: adding them up means nothing. */
const STANDS: ReadonlySet<string> = new Set<MetricName<'leases'> | MetricName<'mirror'>>([
  'Registrations',
  'MirrorWait',
  'NamesPending',
  'NamesQuarantined',
  'ForeignRecordSets',
])

function ownFamilies({ functions, zones }: Deployed): Family[] {
  const services = Object.keys(catalogue).filter((service) => Object.hasOwn(functions, service)) as Service[]
  return services.flatMap((service) => {
    const definitions: Readonly<Record<string, MetricDefinition>> = catalogue[service]
    return Object.entries(definitions).map(([name, { unit, tells }]) => {
      const metric = (more: Metric['dimensions']) => ({
        namespace: NAMESPACE,
        name,
        dimensions: { [SERVICE]: service, ...more },
      })
      const isTime = unit === 'Milliseconds'
      return {
        kind: STANDS.has(name) || !(isTime || unit === 'Count') ? 'gauge' : isTime ? 'summary' : 'counter',
        name: `namestream_${snake(service)}_${snake(name)}`,
        help: tells,
        isTime,
        metrics:
          service === 'mirror'
            ? zones.map((zone) => [label(ZONE, zone), metric({ [ZONE]: zone })] as const)
            : [['', metric({})] as const],
      }
    })
  })
}

function platformFamilies({ functions, queues }: Deployed): Family[] {
  const ofFunctions = (name: string, only: object = functions) =>
    Object.entries(functions)
      .filter(([id]) => Object.hasOwn(only, id))
      .map(([id, fn]) => [label('function', id), functionMetric(name, fn)] as const)
  const ofApi = (name: string) => [['', apiMetric(name)] as const]
  const ofQueues = Object.entries(queues).map(([id, queue]) => [label('function', id), queueMetric(queue)] as const)
  const count = { kind: 'counter', isTime: false } as const
  const time = { kind: 'summary', isTime: true } as const
  return [
    {
      name: 'namestream_function_invocations',
      help: 'invocations of a function',
      ...count,
      metrics: ofFunctions('Invocations'),
    },
    { name: 'namestream_function_errors', help: 'invocations that failed', ...count, metrics: ofFunctions('Errors') },
    { name: 'namestream_function_duration', help: 'time of an invocation', ...time, metrics: ofFunctions('Duration') },
    {
      name: 'namestream_function_iterator_age',
      help: 'age of the oldest stream record of the last batch',
      kind: 'gauge',
      isTime: true,
      metrics: ofFunctions('IteratorAge', queues),
    },
    { name: 'namestream_api_requests', help: 'requests at the HTTP API', ...count, metrics: ofApi('Count') },
    { name: 'namestream_api_client_errors', help: 'answers 4xx of the HTTP API', ...count, metrics: ofApi('4xx') },
    { name: 'namestream_api_server_errors', help: 'answers 5xx of the HTTP API', ...count, metrics: ofApi('5xx') },
    { name: 'namestream_api_latency', help: 'time of an answer of the HTTP API', ...time, metrics: ofApi('Latency') },
    {
      name: 'namestream_given_up_messages',
      help: 'batches of stream records that were given up',
      kind: 'gauge',
      isTime: false,
      metrics: ofQueues,
    },
  ]
}

/** A gauge that nobody has told yet is not there, everything else begins at 0. */
function textOf({ kind, name, help, isTime, metrics }: Family, totals: Totals): string[] {
  const full = `${name}${isTime ? '_seconds' : ''}${kind === 'counter' ? '_total' : ''}`
  const samples = metrics.flatMap(([labels, metric]) => {
    const total = totals.total(metric)
    if (kind === 'gauge') return total === undefined ? [] : [sample(full, labels, inUnit(total.last))]
    const { sum, count } = total ?? { sum: 0, count: 0 }
    if (kind === 'counter') return [sample(full, labels, sum)]
    return [sample(`${full}_sum`, labels, inUnit(sum)), sample(`${full}_count`, labels, count)]
  })
  return samples.length === 0 ? [] : [`# HELP ${full} ${help}`, `# TYPE ${full} ${kind}`, ...samples]

  /** Prometheus counts times in seconds. */
  function inUnit(value: number): number {
    return isTime ? value / 1000 : value
  }
}

function sample(name: string, labels: string, value: number): string {
  return labels === '' ? `${name} ${value}` : `${name}{${labels}} ${value}`
}

function label(name: string, value: string): string {
  return `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
}

function snake(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase()
}
