import { Type } from '../../shared/dns/codes.ts'
import {
  catalogue,
  type MetricDefinition,
  type MetricName,
  NAMESPACE,
  SERVICE,
} from '../../shared/metrics/catalogue.ts'
import type { SourceStatus } from '../sources/source.ts'
import type { CrewStatus } from '../workers/crew.ts'
import * as family from './families.ts'
import type { Network } from './network.ts'
import type { Usage } from './usage.ts'

/** All that is known at one moment; what is counted is counted from the start on. */
export interface Reading {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly counted: Float64Array
  readonly source: SourceStatus
  /** False until all is loaded, and from when the workers are told to end. */
  readonly serving: boolean
  readonly crew: CrewStatus
  readonly usage: Usage
  readonly network: Network | undefined
  /** Of the writes served since the reading before; undefined if there were none. */
  readonly propagationMs: number | undefined
}

/**
 * What happened between two readings, in CloudWatch's embedded metric format: a log line of which it makes metrics
 * (CloudWatch User Guide, "Specification: Embedded metric format"). Each metric is one series for all tasks, as each set
 * of dimensions is billed. What there is nothing to tell of is left out.
 */
export function emfLine(before: Reading, now: Reading): string {
  const metrics = Object.entries(metricsOf(before, now)).filter(([, value]) => value !== undefined)
  const described = metrics.map(([Name]) => ({ Name, Unit: definitions[Name as Responder].unit }))
  return JSON.stringify({
    _aws: {
      Timestamp: now.at,
      CloudWatchMetrics: [{ Namespace: NAMESPACE, Dimensions: [[SERVICE]], Metrics: described }],
    },
    [SERVICE]: 'responder',
    ...Object.fromEntries(metrics),
  })
}

// ---------------------------------------------------------------------------

type Responder = MetricName<'responder'>

const definitions: Readonly<Record<Responder, MetricDefinition>> = catalogue.responder

function metricsOf(before: Reading, now: Reading): Record<Responder, number | undefined> {
  const seconds = Math.max(1, now.at - before.at) / 1000
  const counted = now.counted.map((value, i) => value - (before.counted[i] as number))
  const one = (of: family.Family, series = 0) => counted[of.at + series] as number
  const all = (of: family.Family) => sum(counted.subarray(of.at, of.at + of.series.length))
  const asked = (type: number) =>
    sum(family.TRANSPORTS.map((transport) => one(family.requests, family.requestSeries(transport, type))))
  const answered = (rcode: number) => one(family.responses, family.responseSeries(rcode))
  const rcodes = { NoError: answered(0), NxDomain: answered(3), ServFail: answered(2), Refused: answered(5) }
  const queries = all(family.requests)
  const [a, aaaa] = [asked(Type.A), asked(Type.AAAA)]
  // A task that is not serving would tell of tasks to spare, of old answers and of workers that are missing.
  const whenServing = <T>(value: T) => (now.serving ? value : undefined)
  const followed = whenServing(now.source.followed)
  return {
    Queries: queries,
    QueriesPerTask: whenServing(queries / seconds),
    QueriesA: a,
    QueriesAAAA: aaaa,
    QueriesOther: queries - a - aaaa,
    ...rcodes,
    OtherRcodes: all(family.responses) - sum(Object.values(rcodes)),
    LatencyP50: latencyMs(counted, 0.5),
    LatencyP90: latencyMs(counted, 0.9),
    LatencyP99: latencyMs(counted, 0.99),
    Propagation: now.propagationMs,
    CacheAge: followed?.ageSeconds,
    LogPosition: followed?.position || undefined, // 0 while all names are read again
    Names: now.source.names,
    Dropped: one(family.dropped),
    SocketErrors: one(family.udpErrors) + one(family.tcpRejected) + (now.crew.drops ?? 0) - (before.crew.drops ?? 0),
    Panics: one(family.panics),
    TcpConnections: now.counted[family.tcpConnections.at],
    Workers: whenServing(now.crew.listening),
    WorkerDeaths: now.crew.deaths - before.crew.deaths,
    Cpu: (100 * (now.usage.cpuSeconds - before.usage.cpuSeconds)) / seconds,
    ResidentMemory: now.usage.residentOctets,
    NetworkIn: carried(before.network?.received, now.network?.received),
    NetworkOut: carried(before.network?.sent, now.network?.sent),
  }
}

function sum(values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
}

/** The bound of the bucket in which that part of the answers was reached: they took no longer. */
function latencyMs(counted: Float64Array, part: number): number | undefined {
  const { at, bounds } = family.duration
  const buckets = counted.subarray(at, at + bounds.length + 1)
  const answers = sum(buckets)
  if (answers === 0) return undefined
  let reached = 0
  const bucket = buckets.findIndex((count) => {
    reached += count
    return reached >= part * answers
  })
  return 1000 * (bounds[bucket] ?? (bounds.at(-1) as number))
}

/** An interface that went away takes its octets with it. */
function carried(before: number | undefined, now: number | undefined): number | undefined {
  return before === undefined || now === undefined ? undefined : Math.max(0, now - before)
}
