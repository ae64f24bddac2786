import { parseAddress4, parseAddress6 } from '../../shared/dns/address.ts'
import { MAPPED } from '../clients.ts'

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
    const quad = address.startsWith(MAPPED) ? address.slice(MAPPED.length) : address
    if (!quad.includes(':')) {
      this.word(leading(parseAddress4(quad) ?? 0, bits4))
      return
    }
    const zone = address.indexOf('%')
    const octets = parseAddress6(zone === -1 ? address : address.slice(0, zone)) ?? NOTHING
    const words = new DataView(octets.buffer, octets.byteOffset)
    for (let i = 0; 32 * i < bits6; i++) this.word(leading(words.getUint32(4 * i), bits6 - 32 * i))
  }
}

// ---------------------------------------------------------------------------

const NOTHING = new Uint8Array(16)

/** A word without what is behind its leading bits; a shift by 32 would shift by none. */
function leading(word: number, bits: number): number {
  return bits >= 32 ? word : bits === 0 ? 0 : word & (-1 << (32 - bits))
}
