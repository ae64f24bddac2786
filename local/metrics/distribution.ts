import type { Statistic } from '../../shared/metrics/series.ts'

/**
 * The values of some time, without keeping each: their number, sum and bounds exactly, and how they are distributed in
 * bins whose width grows with the value, so that a percentile is at most 1 % off (as in DDSketch, VLDB 2019). A value
 * below 1e-9 counts as 0 there.
 */
export class Distribution {
  #count = 0
  #sum = 0
  #min = Number.POSITIVE_INFINITY
  #max = Number.NEGATIVE_INFINITY
  /** Not there as long as all values are the same, as in most buckets of most metrics. */
  #bins: Map<number, number> | undefined

  add(value: number): void {
    if (this.#bins === undefined && this.#count > 0 && value !== this.#min) {
      this.#bins = new Map([[binOf(this.#min), this.#count]])
    }
    if (this.#bins !== undefined) increase(this.#bins, binOf(value), 1)
    this.#addPlain({ count: 1, sum: value, min: value, max: value })
  }

  /** The statistic of the values of all of them together; undefined if they have none. */
  static statistic(parts: readonly Distribution[], statistic: Statistic): number | undefined {
    const all = new Distribution()
    for (const part of parts) {
      all.#addPlain({ count: part.#count, sum: part.#sum, min: part.#min, max: part.#max })
    }
    if (all.#count === 0) return undefined
    switch (statistic) {
      case 'SampleCount':
        return all.#count
      case 'Sum':
        return all.#sum
      case 'Average':
        return all.#sum / all.#count
      case 'Minimum':
        return all.#min
      case 'Maximum':
        return all.#max
      default:
        return all.#percentile(parts, Number(statistic.slice(1)) / 100)
    }
  }

  #addPlain({ count, sum, min, max }: { count: number; sum: number; min: number; max: number }): void {
    this.#count += count
    this.#sum += sum
    this.#min = Math.min(this.#min, min)
    this.#max = Math.max(this.#max, max)
  }

  /** The value of the nearest rank. */
  #percentile(parts: readonly Distribution[], part: number): number {
    if (this.#min === this.#max) return this.#min
    const bins = new Map<number, number>()
    for (const one of parts) {
      if (one.#bins === undefined && one.#count > 0) increase(bins, binOf(one.#min), one.#count)
      for (const [bin, count] of one.#bins ?? []) increase(bins, bin, count)
    }
    const rank = Math.ceil(part * this.#count)
    let reached = 0
    for (const [bin, count] of [...bins].sort(([a], [b]) => a - b)) {
      reached += count
      if (reached >= rank) return Math.min(this.#max, Math.max(this.#min, middleOf(bin)))
    }
    return this.#max
  }
}

// ---------------------------------------------------------------------------

const GAMMA = 1.02
const LEAST = 1e-9
const ZERO = Math.floor(Math.log(LEAST) / Math.log(GAMMA)) - 1

function binOf(value: number): number {
  return value < LEAST ? ZERO : Math.ceil(Math.log(value) / Math.log(GAMMA))
}

/** In the middle of the bin, so that both of its ends are equally far. */
function middleOf(bin: number): number {
  return bin === ZERO ? 0 : (2 * GAMMA ** bin) / (GAMMA + 1)
}

function increase(bins: Map<number, number>, bin: number, by: number): void {
  bins.set(bin, (bins.get(bin) ?? 0) + by)
}
