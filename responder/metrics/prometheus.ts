import { type Family, families, seriesWidth, viewRequests } from './families.ts'

/** A figure that is known outside the workers. */
export interface Figure {
  readonly kind: 'counter' | 'gauge'
  readonly name: string
  readonly help: string
  readonly value: number
  /** Labels as they stand in the text format. */
  readonly labels?: string
}

/**
 * The text exposition format of Prometheus (version 0.0.4): the workers' counters, then `figures`. What is counted by
 * view gets the names of the views.
 */
export function formatMetrics(
  counted: Float64Array,
  figures: readonly Figure[],
  views: readonly string[] = [],
): string {
  const lines: string[] = []
  for (const family of families) {
    const series = labelsOf(family, views)
    if (series.length > 0) head(lines, family)
    for (const [i, labels] of series.entries()) {
      const from = family.at + i * seriesWidth(family)
      const values = counted.subarray(from, from + seriesWidth(family))
      if (family.kind === 'histogram') histogram(lines, family, labels, values)
      else sample(lines, family.name, labels, values[0] as number)
    }
  }
  for (const figure of figures) {
    head(lines, figure)
    sample(lines, figure.name, figure.labels ?? '', figure.value)
  }
  return `${lines.join('\n')}\n`
}

// ---------------------------------------------------------------------------

function labelsOf(family: Family, views: readonly string[]): readonly string[] {
  if (family !== viewRequests) return family.series
  return views.length === 0 ? [] : ['', ...views].map((name) => `view="${name}"`)
}

function head(lines: string[], { name, help, kind }: Pick<Family, 'name' | 'help' | 'kind'>): void {
  lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`)
}

function sample(lines: string[], name: string, labels: string, value: number): void {
  lines.push(labels === '' ? `${name} ${value}` : `${name}{${labels}} ${value}`)
}

/** Buckets are cumulative in the text and single in memory. */
function histogram(lines: string[], { name, bounds }: Family, labels: string, values: Float64Array): void {
  const before = labels === '' ? '' : `${labels},`
  let count = 0
  for (const [i, bound] of [...bounds, '+Inf'].entries()) {
    count += values[i] as number
    sample(lines, `${name}_bucket`, `${before}le="${bound}"`, count)
  }
  sample(lines, `${name}_sum`, labels, values[bounds.length + 1] as number)
  sample(lines, `${name}_count`, labels, count)
}
