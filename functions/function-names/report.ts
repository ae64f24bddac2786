import type { Measure } from '../../shared/metrics/measure.ts'
import type { FunctionNamesEvent } from './parts.ts'

/** Where the log lines go. */
export interface Log {
  info(message: string, fields: Record<string, unknown>): void
  warn(message: string, fields: Record<string, unknown>): void
  error(message: string, fields: Record<string, unknown>): void
}

/** Tells what happens: a line for each, and the metrics. */
export function createReport(log: Log, measure: Measure<'function-names'>): (event: FunctionNamesEvent) => void {
  return (event) => {
    switch (event.kind) {
      case 'refused':
        return log.warn('no name', { ...event.refusal })
      case 'registered':
        measure('Registered', 1)
        return log.info('registered', { name: event.name, arn: event.arn })
      case 'withdrawn':
        measure('Withdrawn', 1)
        return log.info('withdrawn', { name: event.name })
      case 'fault':
        measure('Faults', 1)
        return log.error('left as it is', { about: event.about, error: textOf(event.error) })
      case 'overtaken':
        return log.info('changed while it was read', { arn: event.ref.arn })
      case 'hint':
        return measure('Hints', 1)
      case 'unreadable':
        measure('HintsUnreadable', 1)
        return log.warn('event about no function here', { text: event.text.slice(0, MAX_TEXT) })
      case 'reconciled':
        measure('Reconciles', 1)
        measure('Published', event.counts.published)
        measure('Refused', event.counts.refused)
        return log.info('reconciled', { ...event.counts })
    }
  }
}

// ---------------------------------------------------------------------------

const MAX_TEXT = 500 // characters; whoever may put events could else fill the log

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
