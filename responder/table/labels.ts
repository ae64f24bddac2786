import { MAX_LABEL, MAX_NAME, type WireName } from '../../shared/dns/name.ts'

const MAX_LABELS = 127
/** Octets behind a name that may be read, and have no say. */
const SPARE = 3

/**
 * The labels of a name that stands in wire form, in any letter case, in a buffer with three octets more behind it. Hashes
 * are made from the root on, so that reading the name once gives those of all its ancestors; case does not change them.
 */
export class Labels {
  readonly octets: Uint8Array
  readonly view: DataView
  /** Where each label begins, with its length; the last is that of the root. */
  readonly starts = new Int32Array(MAX_LABELS + 1)
  /** Of each label and all that follow it. */
  readonly hashes = new Int32Array(MAX_LABELS + 1)
  /** Number of labels, root not counted. */
  count = 0
  readonly #seed: number

  constructor(octets: Uint8Array, seed: number) {
    this.octets = octets
    this.view = new DataView(octets.buffer, octets.byteOffset, octets.length)
    this.#seed = seed
  }

  /** Reads the name at `start`. False if it does not end before `end`, is too long, or has labels of another kind. */
  read(start: number, end: number): boolean {
    const { octets, view, starts, hashes } = this
    let count = 0
    let at = start
    for (;;) {
      const length = at < end ? (octets[at] as number) : MAX_LABEL + 1
      if (length === 0) break
      if (length > MAX_LABEL || at + length + 2 - start > MAX_NAME) return false
      starts[count++] = at
      at += 1 + length
    }
    starts[count] = at
    this.count = count
    let hash = this.#seed
    hashes[count] = hash
    for (let i = count - 1; i >= 0; i--) {
      const next = at
      at = starts[i] as number
      let word = at
      for (; word + 4 <= next; word += 4) hash = mixed(hash, folded(view.getInt32(word, true)))
      if (word < next) hash = mixed(hash, folded(view.getInt32(word, true)) & (LEADING[next - word] as number))
      hashes[i] = hash
    }
    return true
  }
}

/** The labels of names that stand elsewhere. */
export class NameLabels extends Labels {
  #name: WireName | undefined

  constructor(seed: number) {
    super(new Uint8Array(MAX_NAME + SPARE), seed)
  }

  /** Reads a name, unless it is that which was read last. */
  of(name: WireName): this {
    if (name === this.#name) return this
    const { octets } = this
    this.#name = undefined
    for (let i = 0; i < name.length; i++) octets[i] = name.charCodeAt(i)
    if (!this.read(0, name.length)) throw new Error('a name in wire form that is none')
    this.#name = name
    return this
  }

  /** Reads the name that stands elsewhere, in wire form and `length` octets long. */
  copy(from: Uint8Array, at: number, length: number): this {
    const { octets } = this
    for (let i = 0; i < length; i++) octets[i] = from[at + i] as number
    this.#name = undefined
    if (!this.read(0, length)) throw new Error('a name in wire form that is none')
    return this
  }
}

/** Four octets, those that are ASCII capitals made small (RFC 4343 3.2): `length` octets of labels are none, being at most 63. */
export function folded(word: number): number {
  const low = word & 0x7f7f7f7f
  const fromA = (low + 0x3f3f3f3f) | 0
  const beyondZ = (low + 0x25252525) | 0
  return word | ((fromA & ~beyondZ & ~word & 0x80808080) >>> 2)
}

/** Of a word read in little-endian order, that many octets which come first. */
export const LEADING = Int32Array.of(0, 0xff, 0xffff, 0xffffff)

// ---------------------------------------------------------------------------

/**
 * Multiplied twice: after once, what a change of the uppermost bit makes is the same whatever the hash is, so that the word
 * behind could take it back.
 */
function mixed(hash: number, word: number): number {
  const once = Math.imul(hash ^ word, 0x9e3779b1)
  const twice = Math.imul(once ^ (once >>> 15), 0x85ebca6b)
  return twice ^ (twice >>> 13)
}
