import type { Counters } from './counters.ts'
import { propagation } from './families.ts'

/** How long writes were on their way until they were served here: in a histogram, and the longest since it was taken. */
export class Propagation {
  readonly #counters: Counters
  #longestMs: number | undefined

  constructor(counters: Counters) {
    this.#counters = counters
  }

  /** Notes writes that are served from `now` on. Clocks differ, but nothing is served before it was written. */
  note(writtenAt: readonly number[], now: number): void {
    for (const at of writtenAt) {
      const ms = Math.max(0, now - at)
      this.#counters.observe(propagation, 0, ms / 1000)
      this.#longestMs = Math.max(ms, this.#longestMs ?? 0)
    }
  }

  /** The longest since it was asked last; undefined if there was none. */
  takeLongestMs(): number | undefined {
    const longest = this.#longestMs
    this.#longestMs = undefined
    return longest
  }
}
