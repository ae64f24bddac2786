/** Tells of a fault when it is first met, and then once in each window how often it was met again, until it no longer is. */
export class Consolidation {
  readonly #tell: (fault: Fault, windowSeconds: number) => void
  #windowSeconds: number
  /** How often each was met since it was told last, by text. */
  readonly #met = new Map<string, number>()
  #timer: NodeJS.Timeout | undefined

  constructor(tell: (fault: Fault, windowSeconds: number) => void, windowSeconds: number) {
    this.#tell = tell
    this.#windowSeconds = windowSeconds
  }

  /** The window under way ends now, and the next ones are of that length. */
  setWindow(seconds: number): void {
    if (seconds === this.#windowSeconds) return
    clearTimeout(this.#timer)
    this.#tellAgain()
    this.#windowSeconds = seconds
    this.#startWindow()
  }

  add({ text, times, again, detail }: Fault): void {
    const known = this.#met.size < MAX_TEXTS || this.#met.has(text) ? text : OTHERS
    const met = this.#met.get(known)
    if (met === undefined) {
      this.#tell({ text: known, times, again, ...(detail !== undefined && { detail }) }, this.#windowSeconds)
    }
    this.#met.set(known, met === undefined ? 0 : met + times)
    if (this.#timer === undefined) this.#startWindow()
  }

  /** Waits only where there is something to tell of. */
  #startWindow(): void {
    this.#timer = undefined
    if (this.#met.size === 0) return
    this.#timer = setTimeout(() => this.#endWindow(), 1000 * this.#windowSeconds).unref()
  }

  #endWindow(): void {
    this.#tellAgain()
    this.#startWindow()
  }

  #tellAgain(): void {
    for (const [text, times] of this.#met) {
      if (times === 0) {
        this.#met.delete(text)
        continue
      }
      this.#tell({ text, times, again: true }, this.#windowSeconds)
      this.#met.set(text, 0)
    }
  }
}

/** A fault that was met so many times, `again` if it was told before. */
export interface Fault {
  readonly text: string
  readonly times: number
  readonly again: boolean
  /** What was special the first time. */
  readonly detail?: string
}

/** An error in one line. */
export function faultOf(error: unknown, packet?: Uint8Array): Fault {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const line = text
    .split(/\s*[\r\n]+\s*/)
    .join(' | ')
    .slice(0, MAX_LENGTH)
  const detail = packet && `query: ${Buffer.from(packet.buffer, packet.byteOffset, packet.length).toString('hex')}`
  return { text: line, times: 1, again: false, ...(detail !== undefined && { detail }) }
}

/** A line for people; one that tells of a fault again says which one by its beginning. */
export function formatFault({ text, times, again, detail }: Fault, windowSeconds: number): string {
  if (again) return `${times} more in the last ${windowSeconds} s: ${text.split(' | ', 1)[0]}`
  return detail === undefined ? text : `${text} | ${detail}`
}

// ---------------------------------------------------------------------------

const MAX_TEXTS = 100
const MAX_LENGTH = 2000
const OTHERS = `other faults than these ${MAX_TEXTS}`
