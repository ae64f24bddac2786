import type { Arena } from './arena.ts'
import { PAGE, ROOT_WORD, type TableMemory } from './memory.ts'
import { REMOVED } from './reader.ts'
import type { Retired } from './retired.ts'

/** The open-addressing index over the entries: slots of two words, the hash and the place of the entry. */
export class IndexWriter {
  readonly #memory: TableMemory
  readonly #arena: Arena
  readonly #retired: Retired
  #at = 0
  #bits = 0
  /** Slots that are not free: those of entries, and those of entries that were removed. */
  #spent = 0
  #entries = 0
  #rebuilds = 0

  constructor(memory: TableMemory, arena: Arena, retired: Retired) {
    this.#memory = memory
    this.#arena = arena
    this.#retired = retired
    this.#make(MIN_BITS)
  }

  /** Number of entries. */
  get size(): number {
    return this.#entries
  }

  /** How often all entries were put into another index. */
  get rebuilds(): number {
    return this.#rebuilds
  }

  /** Sees to it that so many can be added. Throws a RangeError, with nothing changed, if there is no memory left. */
  reserve(entries: number): void {
    if (4 * (this.#spent + entries) > 3 << this.#bits) this.#rebuild()
  }

  /** There must be room, see `reserve`. */
  add(hash: number, entry: number): void {
    this.#put(hash, entry)
    this.#entries++
  }

  /** The entry, which was found under that hash, stands elsewhere from now on. */
  replace(hash: number, entry: number, by: number): void {
    Atomics.store(this.#memory.words, this.#slotOf(hash, entry) + 1, by)
  }

  remove(hash: number, entry: number): void {
    Atomics.store(this.#memory.words, this.#slotOf(hash, entry) + 1, REMOVED)
    this.#entries--
  }

  /** All entries, as long as the index is not rebuilt. */
  *entries(): Generator<number> {
    for (let slot = 0; slot < 1 << this.#bits; slot++) {
      const entry = this.#memory.words[this.#at + 2 * slot + 1] as number
      if (entry > REMOVED) yield entry
    }
  }

  #make(bits: number): void {
    const size = 2 << bits
    const at = this.#arena.take(size)
    this.#memory.words.fill(0, at, at + size)
    this.#at = at
    this.#bits = bits
    this.#spent = 0
    if (this.#entries === 0) this.#publish()
  }

  #publish(): void {
    Atomics.store(this.#memory.words, ROOT_WORD, ((this.#at / PAGE) << 8) | this.#bits)
  }

  /** Larger, or cleared of what was removed. Readers look into the one before until all is in this one. */
  #rebuild(): void {
    const before = this.#at
    const slots = 1 << this.#bits
    this.#make(2 * this.#entries > slots ? this.#bits + 1 : this.#bits)
    this.#rebuilds++
    const { words } = this.#memory
    for (let at = before; at < before + 2 * slots; at += 2) {
      const entry = words[at + 1] as number
      if (entry > REMOVED) this.#put(words[at] as number, entry)
    }
    this.#publish()
    this.#retired.add(before, 2 * slots)
  }

  #put(hash: number, entry: number): void {
    const { words } = this.#memory
    const mask = (1 << this.#bits) - 1
    let slot = hash & mask
    while ((words[this.#at + 2 * slot + 1] as number) > REMOVED) slot = (slot + 1) & mask
    const at = this.#at + 2 * slot
    if (words[at + 1] === 0) this.#spent++
    words[at] = hash
    Atomics.store(words, at + 1, entry)
  }

  #slotOf(hash: number, entry: number): number {
    const { words } = this.#memory
    const mask = (1 << this.#bits) - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const at = this.#at + 2 * slot
      if (words[at + 1] === entry) return at
      if (words[at + 1] === 0) throw new Error('an entry that is not in the index')
    }
  }
}

// ---------------------------------------------------------------------------

/** More than half a page, so that it begins with a page. */
const MIN_BITS = 13
