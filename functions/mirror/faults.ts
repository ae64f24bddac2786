/** What went wrong with one of several pieces of work that have nothing to do with each other. */
export class Faults {
  readonly #errors: unknown[] = []

  /** Does the work for all, side by side; what fails is kept and holds up none of the others. */
  async collect<T>(items: Iterable<T>, work: (item: T) => Promise<unknown>): Promise<void> {
    const outcomes = await Promise.allSettled(Array.from(items, work))
    for (const outcome of outcomes) if (outcome.status === 'rejected') this.#errors.push(outcome.reason)
  }

  throwFirst(): void {
    if (this.#errors.length > 0) throw this.#errors[0]
  }
}
