import { Rcode, Type } from '../../shared/dns/codes.ts'
import { type AddressWeights, pickOne } from '../links/loadbalance.ts'
import { HIDES, KEY, SIZE, WILDCARD, ZONES } from '../table/entry.ts'
import { Labels } from '../table/labels.ts'
import type { TableMemory } from '../table/memory.ts'
import type { TableReader } from '../table/reader.ts'
import { HIDING, MAX_POINTERS, NEAR, NUMBER, POINTERS, SECTION, SECTION_SIZE, WITHIN } from '../table/zone-entry.ts'
import { countAt, octetsAt, placeOf, RRSET_WORDS } from '../zones/packed.ts'
import type { Ordinary } from './ordinary.ts'
import { canBeAsked, isPlain } from './plain-types.ts'
import type { Tally } from './tally.ts'
import { WeightsByLabels } from './weights.ts'

/**
 * Answers ordinary questions in place, from what the table has ready: one question of class IN, with a plain OPT record or
 * none, for a type that needs no more than its own RRs, or for what is not there. The octets are those that the chain would
 * have sent; whatever is less than ordinary is left to it.
 */
export class FastPath {
  readonly #octets: Uint8Array
  readonly #view: DataView
  readonly #labels: Labels
  readonly #reader: TableReader
  readonly #memory: TableMemory
  readonly #tally: Tally
  readonly #udpSize: number
  readonly #balanced: boolean
  readonly #weights: WeightsByLabels
  readonly #random: () => number
  #began = 0

  /** Questions stand in `octets`, with room behind them for replies of the largest size that is offered. */
  constructor(octets: Uint8Array, parts: FastPathParts, { udpSize, balanced, weights }: Ordinary) {
    this.#octets = octets
    this.#view = new DataView(octets.buffer, octets.byteOffset, octets.length)
    this.#memory = parts.reader.memory
    this.#reader = parts.reader
    this.#labels = new Labels(octets, this.#reader.seed)
    this.#tally = parts.tally
    this.#udpSize = udpSize
    this.#balanced = balanced
    this.#weights = new WeightsByLabels(weights, this.#reader.seed)
    this.#random = parts.random ?? Math.random
  }

  /** To be called before questions are answered; what is found stays as it is until `end`. */
  begin(): void {
    this.#reader.enter()
    this.#began = performance.now()
  }

  end(): void {
    this.#reader.leave()
    this.#tally.took((performance.now() - this.#began) / 1000)
  }

  /** The length of the reply to the message of so many octets, in the place of which it stands; 0 if that is for the chain. */
  answer(start: number, length: number): number {
    const view = this.#view
    const labels = this.#labels
    const end = start + length
    if (length < MIN_QUERY) return 0
    if ((view.getUint16(start + 2) & UNUSUAL) !== 0 || view.getInt32(start + 4) !== ONE_QUESTION) return 0
    const additional = view.getInt32(start + 8)
    if (additional > 1 || additional < 0 || !labels.read(start + HEADER_SIZE, end)) return 0
    const nameEnd = (labels.starts[labels.count] as number) + 1
    const questionEnd = nameEnd + 4
    if (questionEnd + additional * OPT_SIZE !== end || view.getUint16(nameEnd + 2) !== CLASS_IN) return 0
    const type = view.getUint16(nameEnd)
    if (canBeAsked[type] === 0) return 0
    let limit = MIN_UDP
    let dnssecOk = false
    if (additional === 1) {
      // The root, the type and the upper half of the size; then rcode, version and flags; no options.
      if (view.getInt32(questionEnd) >>> 8 !== Type.OPT) return 0
      if (view.getUint8(questionEnd + 6) !== 0 || view.getUint16(questionEnd + 9) !== 0) return 0
      limit = Math.min(Math.max(view.getUint16(questionEnd + 3), MIN_UDP), this.#udpSize)
      dnssecOk = (view.getUint8(questionEnd + 7) & 0x80) !== 0
    }
    const size = this.#lookUp(type, start, questionEnd, limit - additional * OPT_SIZE - (questionEnd - start))
    if (size === 0) return 0

    let at = questionEnd + size
    if (additional === 1) {
      this.#octets[at] = 0
      view.setUint16(at + 1, Type.OPT)
      view.setUint16(at + 3, this.#udpSize)
      view.setInt32(at + 5, dnssecOk ? 0x8000 : 0)
      view.setUint16(at + 9, 0)
      at += OPT_SIZE
    }
    const flags = AUTHORITATIVE | (view.getUint16(start + 2) & RECURSION_DESIRED) | this.#rcode
    view.setUint16(start + 2, flags)
    view.setInt32(start + 4, ONE_QUESTION | this.#answers)
    view.setInt32(start + 8, additional | (this.#answers === 0 ? 0x10000 : 0))
    this.#tally.add(type, dnssecOk, length, this.#rcode, at - start)
    return at - start
  }

  #rcode = 0
  #answers = 0

  /** Writes the answer or authority section at `to`, if it takes no more than `room` octets, and gives its length; 0 is for the chain. */
  #lookUp(type: number, start: number, to: number, room: number): number {
    const labels = this.#labels
    const reader = this.#reader
    const { count } = labels
    let apex = 0
    let zone = 0
    for (; zone === 0; apex++) {
      if (apex > count) return 0
      if (reader.mayBeApex(count - apex)) zone = reader.find(ZONES, labels, apex, count)
    }
    apex--
    const data = reader.dataOf(zone)
    const number = this.#word(data + NUMBER)
    if (this.#word(data + HIDING) !== 0 && this.#isHidden(number, apex)) return 0
    const entry = reader.find(number, labels, 0, apex)
    if (entry === 0) {
      let encloser = 0
      for (let at = 1; encloser === 0 && at <= apex; at++) encloser = reader.find(number, labels, at, apex)
      if (encloser === 0 || (this.#word(encloser + KEY) & WILDCARD) !== 0) return 0
      return this.#deny(Rcode.NXDOMAIN, data, apex, start, to, room)
    }
    const first = reader.dataOf(entry)
    const last = first + this.#word(entry + SIZE)
    const { words } = this.#memory
    const place = placeOf(words, first, last, type)
    if (place === 0) {
      if (placeOf(words, first, last, Type.CNAME) !== 0) return 0
      return this.#deny(Rcode.NOERROR, data, apex, start, to, room)
    }
    if (isPlain[type] === 0) return 0
    return this.#give(type, place, to, room)
  }

  #isHidden(zone: number, apex: number): boolean {
    for (let at = apex; at >= 0; at--) {
      const entry = this.#reader.find(zone, this.#labels, at, apex)
      if (entry === 0) return false
      if ((this.#word(entry + KEY) & HIDES) !== 0) return true
    }
    return false
  }

  /** The RRs, addresses among them begun where the balance says. */
  #give(type: number, place: number, to: number, room: number): number {
    const { words } = this.#memory
    const size = octetsAt(words, place)
    const count = countAt(words, place)
    if (size > room) return 0
    const from = place + RRSET_WORDS
    this.#rcode = Rcode.NOERROR
    this.#answers = count
    if (count === 1 || !this.#balanced || (type !== Type.A && type !== Type.AAAA)) {
      this.#copy(from, size, to)
      return size
    }
    const each = size / count
    if (each !== (type === Type.A ? A_SIZE : AAAA_SIZE)) return 0 // no addresses
    const weights = this.#weights.of(this.#labels)
    if (weights === undefined) this.#rotate(from, count, each, to)
    else this.#putFirst(weights, from, count, each, to)
    return size
  }

  #rotate(from: number, count: number, each: number, to: number): void {
    const turned = Math.floor(this.#random() * count) * each
    this.#copy(from + (turned >>> 2), count * each - turned, to)
    this.#copy(from, turned, to + count * each - turned)
  }

  #putFirst(weights: AddressWeights, from: number, count: number, each: number, to: number): void {
    const { octets } = this.#memory
    const addresses = Array.from({ length: count }, (_, i) =>
      octets.subarray(4 * from + i * each + RR_HEAD, 4 * from + (i + 1) * each),
    )
    const before = pickOne(addresses, weights, this.#random) * each
    this.#copy(from + (before >>> 2), each, to)
    this.#copy(from, before, to + each)
    this.#copy(from + ((before + each) >>> 2), count * each - before - each, to + each + before)
  }

  /** The SOA, its pointers set for where the apex stands in this question (RFC 2308 3). */
  #deny(rcode: number, data: number, apex: number, start: number, to: number, room: number): number {
    const labels = this.#labels
    const size = this.#word(data + SECTION_SIZE)
    if (size === 0 || size > room) return 0
    if (apex > 0) {
      const near = labels.hashes[apex - 1] as number
      if (near === this.#word(data + NEAR) || near === this.#word(data + NEAR + 1)) return 0
    }
    this.#copy(data + SECTION, size, to)
    const apexAt = (labels.starts[apex] as number) - start
    for (let i = 0; i < MAX_POINTERS; i++) {
      const pointer = this.#word(data + POINTERS + i)
      if (pointer === 0) break
      const target = pointer >>> 16
      const place = (target & WITHIN) === 0 ? apexAt + target : to - start + (target & ~WITHIN)
      this.#view.setUint16(to + (pointer & 0xffff) - 1, POINTER | place)
    }
    this.#rcode = rcode
    this.#answers = 0
    return size
  }

  /** Copies octets from a word of the table on, and some more behind them. */
  #copy(from: number, size: number, to: number): void {
    const { words } = this.#memory
    const view = this.#view
    for (let end = to + size; to < end; to += 4) view.setInt32(to, words[from++] as number, true)
  }

  #word(at: number): number {
    return this.#memory.words[at] as number
  }
}

export interface FastPathParts {
  readonly reader: TableReader
  readonly tally: Tally
  /** From 0 to below 1. */
  readonly random?: () => number
}

// ---------------------------------------------------------------------------

const HEADER_SIZE = 12
/** A header, the root, a type and a class. */
const MIN_QUERY = HEADER_SIZE + 5
const OPT_SIZE = 11
const CLASS_IN = 1
const A_SIZE = 16
const AAAA_SIZE = 28
const RR_HEAD = 12
const MIN_UDP = 512
/** QR, opcode, AA, TC and rcode: all but RD and the bits of resolvers. */
const UNUSUAL = 0xfe0f
const ONE_QUESTION = 0x00010000
const AUTHORITATIVE = 0x8400
const RECURSION_DESIRED = 0x0100
const POINTER = 0xc000
