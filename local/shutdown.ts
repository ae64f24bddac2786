/** The parts that run and how each is ended: the last one started is ended first. */
export class Shutdown {
  readonly #ends: (() => Promise<void>)[] = []
  #ending: Promise<void> | undefined

  /**
   * Starts a part, and sees to it that it is ended also if the end comes while it starts. Once the end has come nothing
   * more is started, and whoever waits for a part waits for ever. `patienceMs` is how long its end may take.
   */
  async part<T>(start: () => Promise<T>, end: (part: T) => Promise<void>, patienceMs = 2000): Promise<T> {
    if (this.#ending) return new Promise(() => {})
    const starting = start()
    this.#ends.push(() =>
      within(
        patienceMs,
        starting.then(end, () => {}),
      ),
    )
    const part = await starting
    return this.#ending ? new Promise(() => {}) : part
  }

  /** Ends all parts; one that cannot be ended, or not in time, does not hold up the others. */
  endAll(): Promise<void> {
    this.#ending ??= this.#endEach()
    return this.#ending
  }

  async #endEach(): Promise<void> {
    for (const end of this.#ends.reverse()) await end()
  }
}

// ---------------------------------------------------------------------------

/** Resolves once the promise is settled, or when the time is over. */
function within(ms: number, promise: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    const settled = () => {
      clearTimeout(timer)
      resolve()
    }
    promise.then(settled, settled)
  })
}
