import { EPOCH_WORD, MAX_READERS, READER_WORDS, READERS_WORD, type TableMemory } from './memory.ts'

/**
 * Tells the writer when no reader can see any more what was there at some time. A reader that entered before then may still
 * do so; one that enters later cannot come upon it.
 */
export class Epochs {
  readonly #memory: TableMemory

  constructor(memory: TableMemory) {
    this.#memory = memory
  }

  /** Ends an epoch, and gives it, for `isOver`: what can be found now may be in use until that is true. */
  end(): number {
    const { words } = this.#memory
    const ended = Atomics.load(words, EPOCH_WORD)
    const next = (ended + 1) | 0
    Atomics.store(words, EPOCH_WORD, next === 0 ? 1 : next) // 0 is a reader that does not read
    return ended
  }

  /** True if all readers that entered in that epoch, or in one before, have left. */
  isOver(epoch: number): boolean {
    const { words } = this.#memory
    for (let at = READERS_WORD; at < READERS_WORD + MAX_READERS * READER_WORDS; at += READER_WORDS) {
      const entered = Atomics.load(words, at)
      if (entered !== 0 && ((entered - epoch) | 0) <= 0) return false
    }
    return true
  }

  /** A reader is gone for good, wherever it was. */
  forget(reader: number): void {
    Atomics.store(this.#memory.words, READERS_WORD + reader * READER_WORDS, 0)
  }
}
