import type { MetricName } from '../../shared/metrics/catalogue.ts'
import type { Measure } from '../../shared/metrics/measure.ts'
import type { MirrorEvent, MirrorParts } from './parts.ts'

/** Where the log lines go. */
export interface Log {
  info(message: string, fields: Record<string, unknown>): void
  warn(message: string, fields: Record<string, unknown>): void
  error(message: string, fields: Record<string, unknown>): void
}

/** Turns what happens to the mirror into metrics of its zone, and what is wrong into log lines. */
export function createReport(log: Log, measure: Measure<'mirror'>): MirrorParts['report'] {
  return (event) => {
    tell(log, event)
    for (const [name, value] of figures(event)) measure(name, value, event.zone)
  }
}

// ---------------------------------------------------------------------------

type Figure = readonly [name: MetricName<'mirror'>, value: number]

function figures(event: MirrorEvent): readonly Figure[] {
  switch (event.kind) {
    case 'request':
      return [['Route53Requests', 1]]
    case 'batch':
      return [
        ['BatchNames', event.names],
        ['BatchValues', event.values],
        ['BatchCharacters', event.characters],
      ]
    case 'lag':
      return [['MirrorLag', event.ms]]
    case 'split':
      return [['BatchSplits', 1]]
    case 'throttled':
      return [['Route53Throttled', 1]]
    case 'busy':
      return [['PriorRequestNotComplete', 1]]
    case 'unknown':
      return [['AnswersLost', 1]]
    case 'refused':
      return [['Quarantined', 1]]
    case 'fault':
      return [['HostedZoneFaults', 1]]
    case 'walked':
      return [
        ['DriftMissing', event.counts.missing],
        ['DriftChanged', event.counts.changed],
        ['DriftUnmirrored', event.counts.unmirrored],
        ['ForeignRecordSets', event.counts.foreign],
      ]
    case 'insync':
      return [['InsyncDelay', event.ms]]
    case 'backlog':
      return [
        ['NamesPending', event.marked],
        ['NamesQuarantined', event.refused],
        ['MirrorWait', event.ms],
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
