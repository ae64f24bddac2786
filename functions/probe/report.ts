import type { MetricName } from '../../shared/metrics/catalogue.ts'
import type { Outcome, Step } from './probe.ts'

/** Where the log lines go. */
export interface Log {
  info(message: string, fields: Record<string, unknown>): void
  error(message: string, fields: Record<string, unknown>): void
}

/** Takes one figure. */
export type Measure = (name: MetricName<'probe'>, value: number) => void

/** Tells the outcome of a run: one log line with each step, and the metrics. */
export function createReport(log: Log, measure: Measure): (outcome: Outcome) => void {
  return ({ address, steps }) => {
    const failures = Object.values(steps).filter(({ failure }) => failure !== undefined).length
    log[failures > 0 ? 'error' : 'info']('probe', { address, ...steps })
    const time = (name: MetricName<'probe'>, step: Step | undefined) => {
      if (step?.ms !== undefined) measure(name, step.ms)
    }
    time('ProbeWriteTime', steps.register)
    time('ProbeAnswer', steps.responder)
    time('ProbeRoute53', steps.route53)
    measure('ProbeFailures', failures)
  }
}
