import { lowerCase } from './ascii.ts'
import { isAtOrBelow, ROOT, type WireName } from './name.ts'
import { WireWriter } from './wire.ts'

/**
 * Writes messages, one at a time, whose names point at what stands before them (RFC 1035 4.1.4).
 *
 * The places of names are kept in a hash table of suffixes: a label and the place of what follows it. It holds each
 * suffix once, at its first place, so what follows a label in the message is the one place that can match.
 */
export class MessageWriter extends WireWriter {
  #question: WireName = ROOT
  #questionKnown = true
  /** `stamp << 14 | place`: slots with the stamp of an earlier message are free. */
  readonly #slots = new Int32Array(SLOTS)
  #stamp = 0

  /** Starts a message whose question's name, if it has one, is about to be written behind the header. */
  start(question: WireName = ROOT): void {
    this.at = 0
    this.#question = question
    this.#questionKnown = false
  }

  /** Writes an owner name. Gives its place for pointers to come, 0 if they cannot reach it. */
  owner(name: WireName): number {
    const question = this.#question
    if (name !== ROOT && (name === question || isAtOrBelow(question, name))) {
      const place = QUESTION + question.length - name.length
      this.u16(POINTER | place)
      return place
    }
    const start = this.at
    this.name(name)
    this.compress(start)
    const first = this.octets[start] as number
    if (first >= 0xc0) return this.#follow(start)
    return first === 0 || start >= REACH ? 0 : start
  }

  /** A copy of the message. */
  message(): Uint8Array {
    const message = Buffer.allocUnsafe(this.at) // from Node's pool, as most messages are small
    message.set(this.octets.subarray(0, this.at))
    return message
  }

  override compress(start: number): void {
    if (!this.#questionKnown) this.#learnQuestion()
    let label = this.#splitLabels(start) - 1
    let known = 0 // place of the part of the name that follows the label; 0 is the root
    for (; label >= 0; label--) {
      const place = this.#placeIn(this.#probe(starts[label] as number, known))
      if (place === 0) break
      known = place
    }
    if (known !== 0) {
      this.at = starts[label + 1] as number
      this.u16(POINTER | known)
    }
    if (this.at > REACH) return
    for (; label >= 0; label--) {
      const at = starts[label] as number
      const slot = this.#probe(at, known)
      if (slot === FULL) return
      this.#slots[slot] = (this.#stamp << PLACE_BITS) | at
      known = at
    }
  }

  #learnQuestion(): void {
    this.#questionKnown = true
    if (++this.#stamp === MAX_STAMP) {
      this.#slots.fill(0)
      this.#stamp = 1
    }
    const { at } = this
    this.at = QUESTION
    if (this.#question !== ROOT) this.compress(QUESTION)
    this.at = at
  }

  /** Puts the places of the labels of the name at `at` into `starts`; gives their number. */
  #splitLabels(at: number): number {
    const { octets } = this
    let count = 0
    for (let length = octets[at] as number; length !== 0; length = octets[at] as number) {
      starts[count++] = at
      at += 1 + length
    }
    return count
  }

  /** The slot of the label at `at` with `parent` behind it, or the free slot where it belongs, or FULL. */
  #probe(at: number, parent: number): number {
    const { octets } = this
    const end = at + 1 + (octets[at] as number)
    let hash = parent
    for (let i = at; i < end; i++) hash = Math.imul(hash ^ (lowerCase[octets[i] as number] as number), 0x01000193)
    hash ^= hash >>> 15
    for (let i = 0; i < MAX_PROBES; i++) {
      const slot = (hash + i) & (SLOTS - 1)
      const place = this.#placeIn(slot)
      if (place === 0 || this.#matches(place, at, parent)) return slot
    }
    return FULL
  }

  #placeIn(slot: number): number {
    const entry = this.#slots[slot] ?? 0 // FULL is none of them
    return entry >>> PLACE_BITS === this.#stamp ? entry & (REACH - 1) : 0
  }

  #matches(place: number, at: number, parent: number): boolean {
    const { octets } = this
    const size = 1 + (octets[at] as number)
    for (let i = 0; i < size; i++) {
      if (lowerCase[octets[place + i] as number] !== lowerCase[octets[at + i] as number]) return false
    }
    return this.#follow(place + size) === parent
  }

  /** The place of the name that is written at `at`, pointed at or in full; 0 for the root. */
  #follow(at: number): number {
    const first = this.octets[at] as number
    if (first >= 0xc0) return ((first & 0x3f) << 8) | (this.octets[at + 1] as number)
    return first === 0 ? 0 : at
  }
}

// ---------------------------------------------------------------------------

const QUESTION = 12 // behind the header
const POINTER = 0xc000
const PLACE_BITS = 14
const REACH = 1 << PLACE_BITS
const MAX_STAMP = 1 << (31 - PLACE_BITS)
const SLOTS = 1 << 14 // about twice as many as suffixes fit into REACH
const MAX_PROBES = 32 // then the name just stays longer, so names chosen to collide cost no time
const FULL = -1
const starts = new Int32Array(128) // of labels, of which a name has 127 at most
