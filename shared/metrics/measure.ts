import type { MetricName, Service } from './catalogue.ts'

/** Where a service tells the values of its metrics; those of the mirror are one for each zone. Never throws. */
export type Measure<S extends Service> = (
  name: MetricName<S>,
  value: number,
  ...dimensions: S extends 'mirror' ? [zone: string] : []
) => void
