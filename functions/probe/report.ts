import type { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { catalogue, type MetricName } from '../../shared/metrics/catalogue.ts'
import type { Outcome, Step } from './probe.ts'

/** Where the log lines go. */
export interface Log {
  info(message: string, fields: Record<string, unknown>): void
  error(message: string, fields: Record<string, unknown>): void
}

/** Takes the figures of one run. */
export type Publish = (figures: Figures) => void

export type Figures = Readonly<Partial<Record<MetricName<'probe'>, number>>>

/** Tells the outcome of a run: one log line with each step, and the metrics. */
export function createReport(log: Log, publish: Publish): (outcome: Outcome) => void {
  return (outcome) => {
    const { address, steps } = outcome
    const failures = failed(outcome).length
    log[failures > 0 ? 'error' : 'info']('probe', { address, ...steps })
    publish({
      ...figure('ProbeWriteTime', steps.register),
      ...figure('ProbeAnswer', steps.responder),
      ...figure('ProbeRoute53', steps.route53),
      ProbeFailures: failures,
    })
  }
}

/** Has Powertools write the figures to the log, from where CloudWatch takes them. */
export function publishing(metrics: Metrics): Publish {
  return (figures) => {
    for (const [name, value] of Object.entries(figures)) {
      const { unit } = catalogue.probe[name as MetricName<'probe'>]
      metrics.addMetric(name, unit satisfies (typeof MetricUnit)[keyof typeof MetricUnit], value)
    }
    metrics.publishStoredMetrics()
  }
}

// ---------------------------------------------------------------------------

function failed({ steps }: Outcome): readonly Step[] {
  return Object.values(steps).filter(({ failure }) => failure !== undefined)
}

function figure(name: MetricName<'probe'>, step: Step | undefined): Figures {
  return step?.ms === undefined ? {} : { [name]: step.ms }
}
