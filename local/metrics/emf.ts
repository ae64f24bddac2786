import * as v from 'valibot'
import type { Metric } from '../../shared/metrics/series.ts'

/** One value of a metric, of a moment in milliseconds since the epoch. */
export interface Sample {
  readonly metric: Metric
  readonly value: number
  readonly at: number
}

/** The values in a log line in CloudWatch's embedded metric format; undefined if it is another line. */
export function samplesOf(line: string): readonly Sample[] | undefined {
  const fields = parsed(line)
  if (!v.is(Line, fields)) return undefined
  const { Timestamp: at, CloudWatchMetrics } = fields._aws
  return CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((set) => {
      const dimensions = Object.fromEntries(set.map((name) => [name, String(fields[name])]))
      return Metrics.flatMap(({ Name: name }) =>
        [fields[name]]
          .flat()
          .filter((value) => typeof value === 'number')
          .map((value) => ({ metric: { namespace, name, dimensions }, value, at })),
      )
    }),
  )
}

// ---------------------------------------------------------------------------

/** CloudWatch User Guide, "Specification: Embedded metric format", as far as metrics are made of it. */
const Line = v.looseObject({
  _aws: v.looseObject({
    Timestamp: v.number(),
    CloudWatchMetrics: v.array(
      v.looseObject({
        Namespace: v.string(),
        Dimensions: v.array(v.array(v.string())),
        Metrics: v.array(v.looseObject({ Name: v.string() })),
      }),
    ),
  }),
})

function parsed(line: string): unknown {
  if (!line.includes('"_aws"')) return undefined
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
