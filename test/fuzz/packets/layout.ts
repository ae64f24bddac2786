export const MAX_MESSAGE = 65535
export const HEADER = 12
/** Where the four counts of a header are. */
export const COUNTS = [4, 6, 8, 10]

/** Where the parts of a message are, as far as it can be read. */
export class Layout {
  /** Numbers of 16 bits: types, classes, lengths. */
  readonly fields: number[] = []
  /** Where labels begin. */
  readonly labels: number[] = []
  /** Where questions and records begin, and where the last of them ends. */
  readonly parts: number[] = []
  /** Where the rdata of the last OPT record begins; 0 without one. */
  opt = 0
  readonly #octets: Buffer
  #length = 0

  constructor(octets: Buffer) {
    this.#octets = octets
  }

  read(length: number): this {
    this.fields.length = this.labels.length = this.parts.length = 0
    this.opt = 0
    this.#length = length
    if (length >= HEADER) this.#readParts()
    return this
  }

  #readParts(): void {
    const octets = this.#octets
    const questions = octets.readUInt16BE(4)
    const records = octets.readUInt16BE(6) + octets.readUInt16BE(8) + octets.readUInt16BE(10)
    let at = HEADER
    for (let i = 0; i < Math.min(questions + records, MAX_PARTS); i++) {
      this.parts.push(at)
      at = this.#readName(at)
      const fixed = i < questions ? 4 : 10
      if (at + fixed > this.#length) return
      this.fields.push(at, at + 2)
      if (i >= questions) {
        this.fields.push(at + 8)
        if (octets.readUInt16BE(at) === OPT) this.#readOptions(at + 10)
        at += octets.readUInt16BE(at + 8)
      }
      at += fixed
      if (at > this.#length) return
    }
    this.parts.push(at)
  }

  /** Gives the place behind the name; beyond the message where it is broken. */
  #readName(start: number): number {
    for (let at = start; at < this.#length; ) {
      const size = this.#octets[at] as number
      if (size >= 0xc0) return at + 2
      this.labels.push(at)
      at += 1 + size
      if (size === 0) return at
    }
    return this.#length
  }

  #readOptions(start: number): void {
    this.opt = start
    const end = Math.min(start + this.#octets.readUInt16BE(start - 2), this.#length)
    for (let at = start; at + 4 <= end; at += 4 + this.#octets.readUInt16BE(at + 2)) this.fields.push(at, at + 2)
  }
}

// ---------------------------------------------------------------------------

const MAX_PARTS = 64
const OPT = 41
