import type { Metric, Statistic } from '../../shared/metrics/series.ts'
import type { Now } from '../../shared/records/ports.ts'
import { Distribution } from './distribution.ts'

/** Shortest time that values are told apart in, and every period is a multiple of it. */
export const BUCKET_MS = 5_000

/** Consecutive periods of one length. The last one ends at `end`, which is where a bucket begins. */
export interface Periods {
  readonly end: number
  readonly periodMs: number
  readonly count: number
}

/** What a metric has come to since the start. */
export interface Total {
  readonly count: number
  readonly sum: number
  readonly last: number
}

/** Where a metric store takes values from. */
export interface Values {
  add(metric: Metric, value: number, at: number): void
}

/**
 * The metrics of the last hour and a bit, as CloudWatch has them: values come in, statistics of periods come out. Memory
 * is bounded: what is too old goes, and beyond `maxSeries` no further metric is taken up.
 */
export class MetricStore implements Values {
  readonly #series = new Map<string, Series>()
  readonly #now: Now
  readonly #maxSeries: number

  constructor(now: Now, maxSeries = 10_000) {
    this.#now = now
    this.#maxSeries = maxSeries
  }

  /** Takes a value of that moment (milliseconds since the epoch). One that is too old, or yet to come, counts as total only. */
  add(metric: Metric, value: number, at: number): void {
    if (!Number.isFinite(value)) return
    const series = this.#open(keyOf(metric))
    if (series === undefined) return
    const { count, sum } = series.total
    series.total = { count: count + 1, sum: sum + value, last: value }
    const [slot, newest] = [slotOf(at), slotOf(this.#now())]
    if (slot > newest + 1 || slot <= newest + 1 - BUCKETS) return
    let bucket = series.buckets[slot % BUCKETS]
    if (bucket?.slot !== slot) {
      bucket = { slot, values: new Distribution() }
      series.buckets[slot % BUCKETS] = bucket
    }
    bucket.values.add(value)
  }

  /** A statistic of each period, the newest last; undefined where there was no value. */
  values(metric: Metric, statistic: Statistic, { end, periodMs, count }: Periods): readonly (number | undefined)[] {
    const series = this.#series.get(keyOf(metric))
    const length = periodMs / BUCKET_MS
    const first = slotOf(end) - count * length
    return Array.from({ length: count }, (_, i) => {
      const slots = Array.from({ length }, (_, j) => first + i * length + j)
      const found = slots.flatMap((slot) => {
        const bucket = slot < 0 ? undefined : series?.buckets[slot % BUCKETS]
        return bucket?.slot === slot ? [bucket.values] : []
      })
      return Distribution.statistic(found, statistic)
    })
  }

  /** Since the start; undefined if there never was a value. */
  total(metric: Metric): Total | undefined {
    return this.#series.get(keyOf(metric))?.total
  }

  #open(key: string): Series | undefined {
    const known = this.#series.get(key)
    if (known !== undefined || this.#series.size === this.#maxSeries) return known
    const made: Series = { buckets: [], total: { count: 0, sum: 0, last: 0 } }
    this.#series.set(key, made)
    return made
  }
}

// ---------------------------------------------------------------------------

/** An hour that ended with the last full minute, and some more. */
const BUCKETS = (65 * 60_000) / BUCKET_MS

interface Series {
  /** A ring: a bucket of another time that is still in its place is none. */
  readonly buckets: ({ readonly slot: number; readonly values: Distribution } | undefined)[]
  total: Total
}

function slotOf(at: number): number {
  return Math.floor(at / BUCKET_MS)
}

/** The order of dimensions means nothing. */
function keyOf({ namespace, name, dimensions }: Metric): string {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([namespace, name, sorted])
}
