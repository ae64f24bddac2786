import { crc32 } from 'node:zlib'
import { bucketOf, type Family, ROW_LENGTH, seriesWidth, viewRequests, viewsCounted } from './families.ts'

/** Memory for rows, one a thread. Threads share it, so the figures are read without asking a worker. */
export function createCounterMemory(threads: number): SharedArrayBuffer {
  return new SharedArrayBuffer(threads * ROW_BYTES)
}

/**
 * The row of one thread, which alone writes there. A worker that takes over a row goes on where the one before it
 * stopped, so that counters never fall.
 */
export class Counters {
  readonly #row: Float64Array

  constructor(memory: SharedArrayBuffer, thread: number) {
    this.#row = new Float64Array(memory, thread * ROW_BYTES, ROW_LENGTH)
  }

  add(family: Family, series = 0, by = 1): void {
    this.#addAt(family.at + series, by)
  }

  set(family: Family, value: number): void {
    this.#row[family.at] = value
  }

  /** From now on requests are counted for these views; from 0, if they were counted for others. */
  countViews(names: readonly string[]): void {
    const number = numberOf(names)
    if (this.#row[viewsCounted.at] === number) return
    this.clear(viewRequests)
    this.set(viewsCounted, number)
  }

  /** Begins anew, for what the family counts is no longer the same. */
  clear(family: Family): void {
    this.#row.fill(0, family.at, family.at + family.series.length * seriesWidth(family))
  }

  /** Counts a value in its bucket of a histogram and adds it to the sum behind the buckets. */
  observe(family: Family, series: number, value: number): void {
    const at = family.at + series * seriesWidth(family)
    this.#addAt(at + bucketOf(family, value), 1)
    this.#addAt(at + family.bounds.length + 1, value)
  }

  #addAt(at: number, by: number): void {
    this.#row[at] = (this.#row[at] as number) + by
  }
}

/** One row that is the sum of all. With `views`, what rows have counted for others is left out. */
export function sumCounters(memory: SharedArrayBuffer, views?: readonly string[]): Float64Array {
  const sum = new Float64Array(ROW_LENGTH)
  for (let start = 0; start < memory.byteLength; start += ROW_BYTES) {
    const row = new Float64Array(memory, start, ROW_LENGTH).slice()
    if (views !== undefined && row[viewsCounted.at] !== numberOf(views)) {
      row.fill(0, viewRequests.at, viewRequests.at + viewRequests.series.length)
    }
    for (let column = 0; column < ROW_LENGTH; column++) sum[column] = (sum[column] as number) + (row[column] as number)
  }
  return sum
}

// ---------------------------------------------------------------------------

/** Octets of a row. */
export const ROW_BYTES = ROW_LENGTH * Float64Array.BYTES_PER_ELEMENT

/** By which views with other names, or in another order, are told apart. */
function numberOf(views: readonly string[]): number {
  return crc32(views.join(','))
}
