import type { Counters } from '../metrics/counters.ts'
import { logDropped } from '../metrics/families.ts'

/** Takes whole lines; `written` is to be called once they are out, or lost, and only then more come from the same worker. */
export type QueryLog = (lines: string, written: () => void) => void

/**
 * Lines on their way out of a worker. One batch is under way at a time; what comes faster than batches are taken is
 * dropped and counted, so that a log that is written slowly costs lines, and neither memory nor answers.
 */
export class LogBuffer {
  readonly #send: (lines: string) => void
  readonly #counters: Counters
  #lines: string[] = []
  #underWay = false
  #timer: NodeJS.Timeout | undefined

  constructor(send: (lines: string) => void, counters: Counters) {
    this.#send = send
    this.#counters = counters
  }

  add(line: string): void {
    if (this.#lines.length === MAX_LINES) {
      this.#counters.add(logDropped)
      return
    }
    this.#lines.push(line)
    this.#timer ??= setTimeout(() => this.#proceed(), PAUSE_MS)
  }

  /** The last batch was written. */
  taken(): void {
    this.#underWay = false
    if (this.#lines.length > 0 && this.#timer === undefined) this.flush()
  }

  /** Sends what there is, for the last time or because its time has come. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#lines.length === 0) return
    this.#underWay = true
    this.#send(`${this.#lines.join('\n')}\n`)
    this.#lines = []
  }

  #proceed(): void {
    this.#timer = undefined
    if (!this.#underWay) this.flush()
  }
}

// ---------------------------------------------------------------------------

const MAX_LINES = 10_000
const PAUSE_MS = 50
