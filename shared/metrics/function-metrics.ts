import { Metrics } from '@aws-lambda-powertools/metrics'
import { catalogue, type MetricDefinition, NAMESPACE, type Service, ZONE } from './catalogue.ts'
import type { Measure } from './measure.ts'

export interface FunctionMetrics<S extends Service> {
  readonly measure: Measure<S>
  /** The same handler, which writes what was measured to its log when it ends, be it with an error. */
  publishing<A extends readonly unknown[], R>(handler: (...args: A) => Promise<R>): (...args: A) => Promise<R>
}

/**
 * The metrics of a Lambda function, written in CloudWatch's embedded metric format: one line for each set of dimensions,
 * or more where a line would hold more than 100 values of a metric, which is as many as CloudWatch takes.
 */
export function functionMetrics<S extends Service>(service: S): FunctionMetrics<S> {
  const definitions: Readonly<Record<string, MetricDefinition>> = catalogue[service]
  const lines = new Map<string | undefined, Metrics>()

  return {
    measure(name, value, ...[zone]) {
      if (!Number.isFinite(value)) return
      const { unit } = definitions[name] as MetricDefinition
      harmlessly(() => lineOf(zone).addMetric(name, unit, value))
    },
    publishing:
      (handler) =>
      async (...args) => {
        try {
          return await handler(...args)
        } finally {
          for (const line of lines.values()) {
            harmlessly(() => line.hasStoredMetrics() && line.publishStoredMetrics())
          }
        }
      },
  }

  function lineOf(zone: string | undefined): Metrics {
    const known = lines.get(zone)
    if (known !== undefined) return known
    const dimensions = zone === undefined ? {} : { defaultDimensions: { [ZONE]: zone } }
    const made = new Metrics({ namespace: NAMESPACE, serviceName: service, ...dimensions })
    lines.set(zone, made)
    return made
  }
}

// ---------------------------------------------------------------------------

/** A figure that cannot be written is lost: it must not cost the invocation. */
function harmlessly(work: () => unknown): void {
  try {
    work()
  } catch {}
}
