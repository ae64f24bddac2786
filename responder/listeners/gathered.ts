/**
 * Octets that have come and are not used yet, in one buffer: pieces of one octet each would take up hundreds of times as
 * much, and a piece keeps all of what it was cut from.
 */
export class Gathered {
  /** Its first octets are what has come; behind them is room. */
  #buffer: Buffer = EMPTY
  #length = 0

  get length(): number {
    return this.#length
  }

  add(piece: Buffer): void {
    if (this.#length === 0)
      this.#buffer = piece // what comes in one piece, as most does, is not copied
    else this.#append(piece)
    this.#length += piece.length
  }

  octets(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }

  /** Forgets the first octets. */
  drop(count: number): void {
    this.#length -= count
    this.#buffer = this.#length === 0 ? EMPTY : this.#buffer.subarray(count)
  }

  #append(piece: Buffer): void {
    const needed = this.#length + piece.length
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#length))
      larger.set(this.octets())
      this.#buffer = larger
    }
    this.#buffer.set(piece, this.#length)
  }
}

// ---------------------------------------------------------------------------

const EMPTY = Buffer.alloc(0)
