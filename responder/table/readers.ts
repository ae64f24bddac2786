import { EPOCH_WORD, MAX_READERS, READER_WORDS, READERS_WORD, type TableMemory } from './memory.ts'

/**
 * What the writer has put aside, until no reader can be in it any more. A reader that entered before something was put
 * aside may still see it; one that enters later cannot come upon it.
 */
export class Retired {
  readonly #memory: TableMemory
  readonly #give: (place: number, words: number) => void
  #places: number[] = []
  #words: number[] = []
  /** Those below were put aside in an epoch that is over. */
  #sealed = 0
  #sealedIn = 0

  constructor(memory: TableMemory, give: (place: number, words: number) => void) {
    this.#memory = memory
    this.#give = give
  }

  add(place: number, words: number): void {
    this.#places.push(place)
    this.#words.push(words)
    if (this.#places.length - this.#sealed >= AT_ONCE) this.release()
  }

  /** Gives back what nobody can see any more; true if that is all there was. */
  release(): boolean {
    if (this.#sealed > 0 && this.#isOver(this.#sealedIn)) this.#giveBack(this.#sealed)
    if (this.#sealed > 0 || this.#places.length === 0) return this.#places.length === 0
    const { words } = this.#memory
    this.#sealed = this.#places.length
    this.#sealedIn = Atomics.load(words, EPOCH_WORD)
    const next = (this.#sealedIn + 1) | 0
    Atomics.store(words, EPOCH_WORD, next === 0 ? 1 : next) // 0 is a reader that does not read
    if (!this.#isOver(this.#sealedIn)) return false
    this.#giveBack(this.#sealed)
    return true
  }

  /** A reader is gone for good, wherever it was. */
  forget(reader: number): void {
    Atomics.store(this.#memory.words, READERS_WORD + reader * READER_WORDS, 0)
  }

  #giveBack(count: number): void {
    for (let i = 0; i < count; i++) this.#give(this.#places[i] as number, this.#words[i] as number)
    this.#places = this.#places.slice(count)
    this.#words = this.#words.slice(count)
    this.#sealed = 0
  }

  #isOver(epoch: number): boolean {
    const { words } = this.#memory
    for (let at = READERS_WORD; at < READERS_WORD + MAX_READERS * READER_WORDS; at += READER_WORDS) {
      const seen = Atomics.load(words, at)
      if (seen !== 0 && ((seen - epoch) | 0) <= 0) return false
    }
    return true
  }
}

// ---------------------------------------------------------------------------

/** So many are put aside before it is asked for readers, of which there may be hundreds. */
const AT_ONCE = 1024
