import { samplesOf } from './emf.ts'
import { BUCKET_MS, type Values } from './store.ts'

/** Time between two reports of the responder. */
export const REPORT_MS = BUCKET_MS

/** Takes the lines in which the responder tells its metrics, and remembers the latest. */
export class Reports {
  readonly #values: Values
  #at: number | undefined
  #latest: ReadonlyMap<string, number> | undefined

  constructor(values: Values) {
    this.#values = values
  }

  /** Values of the latest report, by metric; undefined before the first. */
  get latest(): ReadonlyMap<string, number> | undefined {
    return this.#latest
  }

  take(line: string): void {
    const samples = samplesOf(line) ?? []
    const told = samples[0]?.at
    if (told === undefined) return
    // A timer that fires some milliseconds late now and then would leave one bucket empty and fill another twice.
    const due = (this.#at ?? told - REPORT_MS) + REPORT_MS
    this.#at = Math.abs(told - due) < REPORT_MS ? due : told
    for (const { metric, value } of samples) this.#values.add(metric, value, this.#at)
    this.#latest = new Map(samples.map(({ metric, value }) => [metric.name, value]))
  }
}
