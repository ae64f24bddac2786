import { wordsOf } from '../clients.ts'

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

  text(text: string): void {
    for (let i = 0; i < text.length; i++) this.word(text.charCodeAt(i))
  }

  /** The leading bits of an address as Node writes it; nothing of what is no address. */
  prefix(address: string, bits4: number, bits6: number): void {
    const words = wordsOf(address)
    const bits = words.length === 1 ? bits4 : bits6
    for (let i = 0; 32 * i < bits && i < words.length; i++) this.word(leading(words[i] as number, bits - 32 * i))
  }
}

// ---------------------------------------------------------------------------

/** A word without what is behind its leading bits, of which there is one at least. */
function leading(word: number, bits: number): number {
  return bits >= 32 ? word : word & (-1 << (32 - bits))
}
