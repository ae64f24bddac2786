import { largeNumbers, largeOctets, largeWords } from './large.ts'
import type { WireName } from './name.ts'

/**
 * Numbers names in the order in which they come. It does what a Map from name to number would, in a fraction of the time and
 * memory for a million names: octets and numbers in few arrays are nothing that the garbage collector has to follow.
 */
export class NameIndex {
  /** The names, one behind the other. */
  #octets: Uint8Array<SharedArrayBuffer>
  /** Where each begins, and at last where the next one will. */
  #starts: Float64Array<SharedArrayBuffer>
  /** Hash and number in turn; a hash of 0 is a free slot. Never more than half full. */
  #slots: Int32Array<SharedArrayBuffer>
  #count = 0

  /** With room for about so many names; it makes more as they come. */
  constructor(expected = 0) {
    const bits = Math.max(6, Math.ceil(Math.log2(expected + 1)))
    this.#slots = largeWords(2 << bits)
    this.#starts = largeNumbers(1 << bits)
    this.#octets = largeOctets(32 << bits)
  }

  /** How many names have a number. */
  get count(): number {
    return this.#count
  }

  /** The number of a name, counted from 0. A name that is new gets the next one. */
  numberOf(name: WireName): number {
    return this.numberIn(scratch, scratch.write(name, 'latin1'))
  }

  /** The number of the name that these octets begin with. */
  numberIn(octets: Uint8Array, length: number): number {
    const hash = hashOf(octets, length)
    const slots = this.#slots
    let slot = home(hash, slots)
    for (; slots[slot] !== 0; slot = after(slot, slots)) {
      if (slots[slot] === hash && this.#is(slots[slot + 1] as number, octets, length)) return slots[slot + 1] as number
    }
    slots[slot] = hash
    slots[slot + 1] = this.#count
    this.#append(octets, length)
    if (this.#count * 4 > slots.length) this.#grow()
    return this.#count - 1
  }

  /** The octets in which all names stand, until another one gets a number. */
  get octets(): Uint8Array {
    return this.#octets
  }

  /** Where the name of a number begins; the next one begins where it ends. */
  startOf(number: number): number {
    return this.#starts[number] as number
  }

  /** The name of a number. */
  name(number: number): WireName {
    const start = this.startOf(number)
    return Buffer.from(this.#octets.buffer, start, this.startOf(number + 1) - start).toString('latin1') as WireName
  }

  #is(number: number, octets: Uint8Array, length: number): boolean {
    const start = this.#starts[number] as number
    if ((this.#starts[number + 1] as number) - start !== length) return false
    let i = 0
    while (i < length && this.#octets[start + i] === octets[i]) i++
    return i === length
  }

  #append(octets: Uint8Array, length: number): void {
    const start = this.#starts[this.#count] as number
    const end = start + length
    if (end > this.#octets.length) {
      const larger = largeOctets(2 * end)
      larger.set(this.#octets)
      this.#octets = larger
    }
    if (this.#count + 2 > this.#starts.length) {
      const larger = largeNumbers(2 * this.#starts.length)
      larger.set(this.#starts)
      this.#starts = larger
    }
    for (let i = 0; i < length; i++) this.#octets[start + i] = octets[i] as number
    this.#starts[++this.#count] = end
  }

  #grow(): void {
    const old = this.#slots
    const slots = largeWords(2 * old.length)
    for (let from = 0; from < old.length; from += 2) {
      const hash = old[from] as number
      if (hash === 0) continue
      let slot = home(hash, slots)
      while (slots[slot] !== 0) slot = after(slot, slots)
      slots[slot] = hash
      slots[slot + 1] = old[from + 1] as number
    }
    this.#slots = slots
  }
}

// ---------------------------------------------------------------------------

const scratch = Buffer.alloc(256)

/** FNV-1a by four octets at once, mixed, never 0. */
function hashOf(octets: Uint8Array, length: number): number {
  let hash = 0x811c9dc5 | 0
  let i = 0
  for (; i + 4 <= length; i += 4) hash = mixed(hash, wordAt(octets, i))
  for (; i < length; i++) hash = mixed(hash, octets[i] as number)
  return hash | 1
}

function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e3779b1)
  return product ^ (product >>> 15)
}

function wordAt(octets: Uint8Array, at: number): number {
  const low = (octets[at] as number) | ((octets[at + 1] as number) << 8)
  return low | ((octets[at + 2] as number) << 16) | ((octets[at + 3] as number) << 24)
}

/** The slot where the search for a hash starts. The lowest bit says nothing, so it is left out. */
function home(hash: number, slots: Int32Array): number {
  return hash & (slots.length - 2)
}

function after(slot: number, slots: Int32Array): number {
  return (slot + 2) & (slots.length - 2)
}
