import type { FunctionId } from '../../shared/metrics/deployed.ts'
import type { Now } from '../../shared/records/ports.ts'
import type { LocalFunction } from '../lambda.ts'
import { samplesOf } from './emf.ts'
import { GivenUpMessages, measuredApi, measuredFunction } from './measured.ts'
import { Reports } from './reports.ts'
import { MetricStore } from './store.ts'

/** The figures of a stack, and the ways on which they come in. */
export class Figures {
  readonly now: Now
  readonly since: number
  readonly store: MetricStore
  readonly answered: (status: number, ms: number) => void
  readonly #reports: Reports
  readonly #givenUp: GivenUpMessages

  /** `feeds` are the functions that are fed by a stream. */
  constructor(feeds: readonly FunctionId[], now: Now = Date.now) {
    this.now = now
    this.since = now()
    this.store = new MetricStore(now)
    this.answered = measuredApi(this.store, now)
    this.#reports = new Reports(this.store)
    this.#givenUp = new GivenUpMessages(this.store, feeds)
  }

  /** Values of the responder's latest report, by metric. */
  get latest(): ReadonlyMap<string, number> | undefined {
    return this.#reports.latest
  }

  /** Takes a line of the responder. */
  report(line: string): void {
    this.#reports.take(line)
  }

  /** Takes a line that a function has printed, if it is about metrics. */
  printed(line: string): boolean {
    const samples = samplesOf(line)
    for (const { metric, value, at } of samples ?? []) this.store.add(metric, value, at)
    return samples !== undefined
  }

  measured(fn: LocalFunction): LocalFunction {
    return measuredFunction(fn, this.store, this.now)
  }

  gaveUp(fn: string): void {
    this.#givenUp.add(fn)
  }

  /** To be called every few seconds. */
  tick(): void {
    this.#givenUp.tell(this.now())
  }
}
