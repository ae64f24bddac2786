import { responderMetrics } from '../../shared/container.ts'
import type { SourceStatus } from '../sources/source.ts'
import { duration, type Family, requests, responseSeries, responses, seriesWidth } from './families.ts'

/** What the workers have counted so far, and the state of the source. */
export interface Counted extends SourceStatus {
  readonly counted: Float64Array
}

export type Reading = Counted & { readonly at: number }

/**
 * What happened between two readings, in CloudWatch's embedded metric format: a log line of which it makes metrics
 * (CloudWatch User Guide, "Specification: Embedded metric format"). Each metric is one series for all tasks, as each set
 * of dimensions is billed: `Sum` of counts, `Average` of QueriesPerTask, `Maximum` of CacheAge tell of the fleet.
 */
export function emfLine(before: Reading, now: Reading): string {
  const metrics = metricsOf(before, now)
  const { namespace, dimensions } = responderMetrics
  const described = metrics.map(([Name, Unit]) => ({ Name, Unit }))
  return JSON.stringify({
    _aws: {
      Timestamp: now.at,
      CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [Object.keys(dimensions)], Metrics: described }],
    },
    ...dimensions,
    ...Object.fromEntries(metrics.map(([name, , value]) => [name, value])),
  })
}

// ---------------------------------------------------------------------------

type Metric = readonly [name: string, unit: string, value: number]

const RCODES = { NoError: 0, ServFail: 2, NxDomain: 3, Refused: 5 }

function metricsOf(before: Reading, now: Reading): Metric[] {
  const counted = now.counted.map((value, i) => value - (before.counted[i] as number))
  const queries = valuesOf(counted, requests).reduce((sum, value) => sum + value)
  const latencies = valuesOf(counted, duration).subarray(0, duration.bounds.length + 1)
  const perSecond = (queries * 1000) / Math.max(1, now.at - before.at)
  return [
    ['Queries', 'Count', queries],
    // A task that is still loading is asked nothing: its zero would tell that there are tasks to spare.
    ...(now.loading === undefined ? [[responderMetrics.queriesPerTask, 'Count/Second', perSecond] as const] : []),
    ...Object.entries(RCODES).map(
      ([name, rcode]) => [name, 'Count', counted[responses.at + responseSeries(rcode)] as number] as const,
    ),
    ...(queries > 0 ? [latency('LatencyP50', latencies, 0.5), latency('LatencyP99', latencies, 0.99)] : []),
    ...(now.followed ? [['CacheAge', 'Seconds', now.followed.ageSeconds] as const] : []),
    ['Names', 'Count', now.names],
    ['ResidentMemory', 'Bytes', process.memoryUsage.rss()],
  ]
}

function valuesOf(counted: Float64Array, family: Family): Float64Array {
  return counted.subarray(family.at, family.at + family.series.length * seriesWidth(family))
}

/** The bound of the bucket in which that part of the answers was reached: they took no longer. */
function latency(name: string, buckets: Float64Array, part: number): Metric {
  const wanted = part * buckets.reduce((sum, count) => sum + count)
  let reached = 0
  const bucket = buckets.findIndex((count) => {
    reached += count
    return reached >= wanted
  })
  const seconds = duration.bounds[bucket] ?? (duration.bounds.at(-1) as number)
  return [name, 'Milliseconds', seconds * 1000]
}
