import { headWords, isKey, KEY, keyHash, keyOf, MAX_HEAD, NAME, SIZE } from './entry.ts'
import { folded, type Labels, LEADING } from './labels.ts'
import {
  DEPTHS_WORD,
  EPOCH_WORD,
  MAX_READERS,
  PAGE,
  READER_WORDS,
  READERS_WORD,
  ROOT_WORD,
  SEED_WORD,
  type TableMemory,
} from './memory.ts'

/** In the index, the place of an entry that was removed; looked past. No entry is in the first page. */
export const REMOVED = 1

/**
 * Looks names up, with no lock and beside a writer. What it finds may be read between `enter` and `leave`: meanwhile the
 * writer gives no memory away that was in use at `enter`.
 */
export class TableReader {
  readonly memory: TableMemory
  readonly seed: number
  readonly #line: number
  #depth = 0

  /** Each reader has a number of its own, below MAX_READERS. */
  constructor(memory: TableMemory, reader: number) {
    if (reader >= MAX_READERS) throw new RangeError(`a table has at most ${MAX_READERS} readers`)
    this.memory = memory
    this.seed = memory.words[SEED_WORD] as number
    this.#line = READERS_WORD + reader * READER_WORDS
  }

  enter(): void {
    if (this.#depth++ > 0) return
    const { words } = this.memory
    Atomics.store(words, this.#line, Atomics.load(words, EPOCH_WORD))
  }

  leave(): void {
    if (--this.#depth === 0) Atomics.store(this.memory.words, this.#line, 0)
  }

  /** The entry of the name that begins at label `from`, in the zone of that number whose apex begins at label `apex`; 0 if there is none. */
  find(zone: number, labels: Labels, from: number, apex: number): number {
    const { memory } = this
    let { words } = memory
    const root = Atomics.load(words, ROOT_WORD)
    const index = (root >>> 8) * PAGE
    const mask = (1 << (root & 255)) - 1
    if (index + 2 * mask >= words.length) words = this.#grown()
    const start = labels.starts[from] as number
    const length = (labels.starts[apex] as number) - start
    const hash = keyHash(labels.hashes[from] as number, zone)
    const key = keyOf(zone, length)
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = Atomics.load(words, index + 2 * slot + 1)
      if (entry === 0) return 0
      if (words[index + 2 * slot] !== hash || entry === REMOVED) continue
      if (entry >= words.length) words = this.#grown()
      if (!isKey(words[entry + KEY] as number, key)) continue
      if (!isName(words, entry + NAME, labels.view, start, length)) continue
      if (entry + MAX_HEAD + (words[entry + SIZE] as number) > words.length) this.#grown()
      return entry
    }
  }

  /** Where the index has the slot in which the name that begins at label `from` is looked for first, in the zone of that number. */
  slotOf(zone: number, labels: Labels, from: number): number {
    const root = Atomics.load(this.memory.words, ROOT_WORD)
    const slot = keyHash(labels.hashes[from] as number, zone) & ((1 << (root & 255)) - 1)
    return (root >>> 8) * PAGE + 2 * slot
  }

  /** Whether the apex of a zone may have so many labels. */
  mayBeApex(labels: number): boolean {
    return (((this.memory.words[DEPTHS_WORD + (labels >>> 5)] as number) >>> (labels & 31)) & 1) === 1
  }

  /** Where the data of an entry begins. */
  dataOf(entry: number): number {
    return entry + headWords(this.memory.words[entry + KEY] as number)
  }

  #grown(): Int32Array {
    this.memory.refresh()
    return this.memory.words
  }
}

// ---------------------------------------------------------------------------

function isName(words: Int32Array, at: number, view: DataView, start: number, length: number): boolean {
  let done = 0
  for (; done + 4 <= length; done += 4, at++) if (folded(view.getInt32(start + done, true)) !== words[at]) return false
  if (done === length) return true
  return (folded(view.getInt32(start + done, true)) & (LEADING[length - done] as number)) === words[at]
}
