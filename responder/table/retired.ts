import type { Epochs } from './epochs.ts'

/** What the writer has put aside, until no reader can be in it any more. */
export class Retired {
  readonly #epochs: Epochs
  readonly #give: (place: number, words: number) => void
  #places: number[] = []
  #words: number[] = []
  /** So many, the first ones, were put aside in an epoch that has ended: in `#ended` at the latest. */
  #sealed = 0
  #ended = 0

  constructor(epochs: Epochs, give: (place: number, words: number) => void) {
    this.#epochs = epochs
    this.#give = give
  }

  add(place: number, words: number): void {
    this.#places.push(place)
    this.#words.push(words)
    if (this.#places.length - this.#sealed >= AT_ONCE) this.release()
  }

  /** Gives back what nobody can see any more; true if that is all there was. */
  release(): boolean {
    if (!this.#giveBack()) return false
    if (this.#places.length === 0) return true
    this.#sealed = this.#places.length
    this.#ended = this.#epochs.end()
    return this.#giveBack()
  }

  /** False if readers may be in what was put aside before the last epoch ended. */
  #giveBack(): boolean {
    if (this.#sealed === 0) return true
    if (!this.#epochs.isOver(this.#ended)) return false
    for (let i = 0; i < this.#sealed; i++) this.#give(this.#places[i] as number, this.#words[i] as number)
    this.#places = this.#places.slice(this.#sealed)
    this.#words = this.#words.slice(this.#sealed)
    this.#sealed = 0
    return true
  }
}

// ---------------------------------------------------------------------------

/** So many are put aside before readers are looked at, of which there may be hundreds. */
const AT_ONCE = 1024
