/** The period that is pointed at, for all charts at once: counted from the oldest; undefined if none is. */
export class Cursor {
  readonly #watchers: ((index: number | undefined) => void)[] = []
  #index: number | undefined

  get index(): number | undefined {
    return this.#index
  }

  set index(index: number | undefined) {
    if (index === this.#index) return
    this.#index = index
    for (const watch of this.#watchers) watch(index)
  }

  watch(watcher: (index: number | undefined) => void): void {
    this.#watchers.push(watcher)
  }
}
