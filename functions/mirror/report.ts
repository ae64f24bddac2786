import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import type { Name } from '../../shared/dns/name.ts'
import type { MirrorEvent } from './parts.ts'

/** Where the log lines go. */
export interface Log {
  info(message: string, fields: Record<string, unknown>): void
  warn(message: string, fields: Record<string, unknown>): void
  error(message: string, fields: Record<string, unknown>): void
}

export interface Reporter {
  readonly report: (event: MirrorEvent) => void
  /** Writes the metrics out, one line for each zone. */
  publish(): void
}

/** Turns what happens to the mirror into metrics, with the zone as their one dimension, and what is wrong into log lines. */
export function createReporter(log: Log): Reporter {
  const zones = new Map<Name, Metrics>()
  return {
    report(event) {
      tell(log, event)
      for (const [name, unit, value] of figures(event)) metricsOf(event.zone).addMetric(name, unit, value)
    },
    publish() {
      for (const metrics of zones.values()) if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics()
    },
  }

  function metricsOf(zone: Name): Metrics {
    const known = zones.get(zone)
    if (known !== undefined) return known
    const made = new Metrics({ namespace: 'Namestream', serviceName: 'mirror', defaultDimensions: { zone } })
    zones.set(zone, made)
    return made
  }
}

// ---------------------------------------------------------------------------

type Figure = readonly [name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number]

const count = (name: string, value = 1): Figure => [name, MetricUnit.Count, value]
const time = (name: string, ms: number): Figure => [name, MetricUnit.Milliseconds, ms]

function figures(event: MirrorEvent): readonly Figure[] {
  switch (event.kind) {
    case 'request':
      return [count('Route53Requests')]
    case 'batch':
      return [
        count('BatchNames', event.names),
        count('BatchValues', event.values),
        count('BatchCharacters', event.characters),
      ]
    case 'lag':
      return [time('MirrorLag', event.ms)]
    case 'split':
      return [count('BatchSplits')]
    case 'throttled':
      return [count('Route53Throttled')]
    case 'busy':
      return [count('PriorRequestNotComplete')]
    case 'unknown':
      return [count('AnswersLost')]
    case 'refused':
      return [count('Quarantined')]
    case 'fault':
      return [count('HostedZoneFaults')]
    case 'walked':
      return [
        count('DriftMissing', event.counts.missing),
        count('DriftChanged', event.counts.changed),
        count('DriftUnmirrored', event.counts.unmirrored),
        count('ForeignRecordSets', event.counts.foreign),
      ]
    case 'insync':
      return [time('InsyncDelay', event.ms)]
    case 'backlog':
      return [
        count('NamesPending', event.marked),
        count('NamesQuarantined', event.refused),
        time('MirrorWait', event.ms),
      ]
  }
}

function tell(log: Log, event: MirrorEvent): void {
  const { zone } = event
  if (event.kind === 'unknown') log.warn('answer of Route 53 lost', { zone, reason: event.reason })
  if (event.kind === 'fault') {
    const { code, message: reason, retryAt } = event.fault // `message` is the logger's own
    log.error('hosted zone takes nothing', { zone, code, reason, retryAt: new Date(retryAt) })
  }
  if (event.kind === 'walked') log.info(`${event.walk} ended`, { zone, ...event.counts })
  if (event.kind === 'refused') {
    const { name, type, refusal } = event
    log.error('RRset quarantined', { zone, name, type, code: refusal.code, reason: refusal.message })
  }
}
