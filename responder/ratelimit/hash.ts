import { folded, LEADING } from '../table/labels.ts'

/** Two hashes of 32 bits that are made together, word by word (after MurmurHash3). They tell nothing without the seed. */
export class Hash {
  first = 0
  second = 0

  start([first, second]: readonly [number, number]): void {
    this.first = first
    this.second = second
  }

  word(word: number): void {
    const first = Math.imul(this.first ^ word, 0x85ebca6b)
    const second = Math.imul(this.second ^ word, 0xc2b2ae35)
    this.first = first ^ (first >>> 15)
    this.second = second ^ (second >>> 13)
  }

  /** Four octets a word. */
  text(text: string): void {
    const { length } = text
    for (let i = 0; i < length; i += 4) {
      let word = text.charCodeAt(i)
      if (i + 1 < length) word |= text.charCodeAt(i + 1) << 8
      if (i + 2 < length) word |= text.charCodeAt(i + 2) << 16
      if (i + 3 < length) word |= text.charCodeAt(i + 3) << 24
      this.word(word)
    }
  }

  /** The same for a name that stands in a message, in any letter case, between these places. */
  name(view: DataView, start: number, end: number): void {
    let at = start
    for (; at + 4 <= end; at += 4) this.word(folded(view.getInt32(at, true)))
    if (at < end) this.word(folded(view.getInt32(at, true)) & (LEADING[end - at] as number))
  }

  /** The leading bits of an address in words; nothing of what is no address. */
  prefix(words: Uint32Array, bits4: number, bits6: number): void {
    const bits = words.length === 1 ? bits4 : bits6
    for (let i = 0; 32 * i < bits && i < words.length; i++) this.word(leading(words[i] as number, bits - 32 * i))
  }
}

// ---------------------------------------------------------------------------

/** A word without what is behind its leading bits, of which there is one at least. */
function leading(word: number, bits: number): number {
  return bits >= 32 ? word : word & (-1 << (32 - bits))
}
