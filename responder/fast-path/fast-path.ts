import { Rcode, Type } from '../../shared/dns/codes.ts'
import { risingNow } from '../clock.ts'
import { type AddressWeights, pickOne } from '../links/loadbalance.ts'
import { createAccountMemory } from '../ratelimit/accounts.ts'
import { Limiter } from '../ratelimit/limiter.ts'
import { KINDS } from '../ratelimit/subject.ts'
import { CHILDREN, GONE, HIDES, KEY, SIZE, WILDCARD } from '../table/entry.ts'
import type { TableMemory } from '../table/memory.ts'
import type { TableReader } from '../table/reader.ts'
import { HIDING, MAX_POINTERS, NEAR, NUMBER, POINTERS, SECTION, SECTION_SIZE, WITHIN } from '../table/zone-entry.ts'
import { countAt, octetsAt, placeOf, RRSET_WORDS } from '../zones/packed.ts'
import type { Ordinary } from './ordinary.ts'
import { isPlain } from './plain-types.ts'
import { ONE_QUESTION, OPT_SIZE, Question } from './question.ts'
import type { Tally } from './tally.ts'
import { WeightsByLabels } from './weights.ts'

/**
 * Answers ordinary questions in place, from what the table has ready: one question of class IN, with a plain OPT record or
 * none, for a type that needs no more than its own RRs, or for what is not there. The octets are those that the chain would
 * have sent; whatever is less than ordinary is left to it.
 *
 * A batch is read first, then what the table has of its names is touched, for all at once, and then it is answered: so the
 * processor waits for memory once, and not for each name.
 */
export class FastPath {
  readonly #octets: Uint8Array
  readonly #view: DataView
  readonly #reader: TableReader
  readonly #memory: TableMemory
  readonly #tally: Tally
  readonly #udpSize: number
  readonly #balanced: boolean
  readonly #weights: WeightsByLabels
  readonly #random: () => number
  readonly #limiter: Limiter | undefined
  readonly #now: () => number
  readonly #questions: readonly Question[]
  readonly #isOrdinary: Uint8Array
  readonly #slots: Int32Array
  readonly #entries: Int32Array
  #count = 0
  #began = 0
  #at = 0
  #rcode = 0
  #answers = 0

  /** So many questions at once stand in `octets`, each with room behind it for a reply of the largest size that is offered. */
  constructor(
    octets: Uint8Array,
    batch: number,
    parts: FastPathParts,
    { udpSize, balanced, weights, rates }: Ordinary,
  ) {
    const { reader, tally, random = Math.random, now = risingNow, accountMemory = createAccountMemory() } = parts
    this.#octets = octets
    this.#view = new DataView(octets.buffer, octets.byteOffset, octets.length)
    this.#memory = reader.memory
    this.#reader = reader
    this.#tally = tally
    this.#udpSize = udpSize
    this.#balanced = balanced
    this.#weights = new WeightsByLabels(weights, reader.seed)
    this.#random = random
    this.#limiter = rates && new Limiter(rates, accountMemory)
    this.#now = now
    this.#questions = Array.from({ length: batch }, () => new Question(octets, reader.seed))
    this.#isOrdinary = new Uint8Array(batch)
    this.#slots = new Int32Array(batch)
    this.#entries = new Int32Array(batch)
  }

  /** Begins a batch. What is found stays as it is until `end`. */
  begin(): void {
    this.#reader.enter()
    this.#began = performance.now()
    this.#at = this.#now()
    this.#count = 0
  }

  /** Reads the next message of the batch, of so many octets. */
  read(start: number, length: number): void {
    const i = this.#count++
    const question = this.#questions[i] as Question
    const isOrdinary = question.read(start, length, this.#udpSize, this.#reader)
    this.#isOrdinary[i] = Number(isOrdinary)
    this.#slots[i] = isOrdinary ? this.#reader.slotOf(this.#numberOf(question), question.labels, 0) : 0
  }

  /** To be called when all were read. */
  touch(): void {
    const { words } = this.#memory
    const slots = this.#slots
    const entries = this.#entries
    for (let i = 0; i < this.#count; i++) entries[i] = words[(slots[i] as number) + 1] as number
    // What is read must be put somewhere, or it would not be read.
    for (let i = 0; i < this.#count; i++) slots[i] = words[entries[i] as number] as number
    for (let i = 0; i < this.#count; i++) slots[i] = words[(entries[i] as number) + LINE] as number
  }

  /**
   * The length of the reply to the message that was read as that one, in the place of which it stands. 0 if that is for the
   * chain, SILENT if there is to be no reply.
   */
  answer(i: number, clients: Clients): number {
    if (this.#isOrdinary[i] === 0) return 0
    const view = this.#view
    const question = this.#questions[i] as Question
    const { start, options, dnssecOk } = question
    let size = this.#lookUp(question)
    if (size === 0) return 0
    let flags = AUTHORITATIVE
    let authorities = this.#answers === 0 ? 1 : 0
    if (this.#limiter !== undefined && !this.#isWithin(this.#limiter, question, clients.clientWords(i))) {
      const slips = this.#limiter.slips()
      this.#tally.limit(slips)
      if (!slips) {
        this.#tally.drop(question.type, dnssecOk)
        return SILENT
      }
      size = 0
      authorities = 0
      this.#answers = 0
      flags |= TRUNCATED
    }

    let at = question.end + size
    if (options === 1) {
      this.#octets[at] = 0
      view.setUint16(at + 1, Type.OPT)
      view.setUint16(at + 3, this.#udpSize)
      view.setInt32(at + 5, dnssecOk ? 0x8000 : 0)
      view.setUint16(at + 9, 0)
      at += OPT_SIZE
    }
    view.setUint16(start + 2, flags | (view.getUint16(start + 2) & RECURSION_DESIRED) | this.#rcode)
    view.setInt32(start + 4, ONE_QUESTION | this.#answers)
    view.setInt32(start + 8, options | (authorities << 16))
    this.#tally.add(question.type, dnssecOk, question.length, this.#rcode, at - start)
    return at - start
  }

  end(): void {
    this.#reader.leave()
    this.#tally.took((performance.now() - this.#began) / 1000)
  }

  /** Writes the answer or authority section behind the question, if there is room for it, and gives its length; 0 is for the chain. */
  #lookUp(question: Question): number {
    const reader = this.#reader
    const { labels, apex, type } = question
    const number = this.#numberOf(question)
    if (this.#word(question.zone + CHILDREN) === GONE) return 0 // another took its place, where what hides names is counted now
    if (this.#word(reader.dataOf(question.zone) + HIDING) !== 0 && this.#isHidden(number, question)) return 0
    const entry = reader.find(number, labels, 0, apex)
    if (entry === 0) {
      let encloser = 0
      for (let at = 1; encloser === 0 && at <= apex; at++) encloser = reader.find(number, labels, at, apex)
      if (encloser === 0 || (this.#word(encloser + KEY) & WILDCARD) !== 0) return 0
      return this.#deny(Rcode.NXDOMAIN, question)
    }
    const first = reader.dataOf(entry)
    const last = first + this.#word(entry + SIZE)
    const { words } = this.#memory
    const place = placeOf(words, first, last, type)
    if (place !== 0) return isPlain[type] === 0 ? 0 : this.#give(place, question)
    return placeOf(words, first, last, Type.CNAME) === 0 ? this.#deny(Rcode.NOERROR, question) : 0
  }

  /** By what `subjectOf` says of such answers. */
  #isWithin(limiter: Limiter, { labels, apex, type }: Question, client: Uint32Array): boolean {
    if (limiter.isFree(client)) return true
    const kind = this.#answers > 0 ? ANSWER : this.#rcode === Rcode.NXDOMAIN ? NXDOMAIN : NODATA
    const { starts, count } = labels
    const first = starts[kind === NXDOMAIN ? apex : 0] as number
    limiter.begin(client, kind, kind === ANSWER ? type : 0).name(this.#view, first, (starts[count] as number) + 1)
    return limiter.isWithin(kind, this.#at)
  }

  #isHidden(zone: number, { labels, apex }: Question): boolean {
    for (let at = apex; at >= 0; at--) {
      const entry = this.#reader.find(zone, labels, at, apex)
      if (entry === 0) return false
      if ((this.#word(entry + KEY) & HIDES) !== 0) return true
    }
    return false
  }

  /** The RRs, addresses among them begun where the balance says. */
  #give(place: number, { type, end, room, labels }: Question): number {
    const { words } = this.#memory
    const size = octetsAt(words, place)
    const count = countAt(words, place)
    if (size > room || labels.count === 0) return 0 // nothing points at the root, it is written out
    const from = place + RRSET_WORDS
    this.#rcode = Rcode.NOERROR
    this.#answers = count
    if (count === 1 || !this.#balanced || (type !== Type.A && type !== Type.AAAA)) {
      this.#copy(from, size, end)
      return size
    }
    const each = size / count
    if (each !== (type === Type.A ? A_SIZE : AAAA_SIZE)) return 0 // no addresses
    const weights = this.#weights.of(labels)
    if (weights === undefined) this.#rotate(from, count, each, end)
    else this.#putFirst(weights, from, count, each, end)
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
  #deny(rcode: number, { labels, zone, apex, start, end, room }: Question): number {
    const data = this.#reader.dataOf(zone)
    const size = this.#word(data + SECTION_SIZE)
    if (size === 0 || size > room) return 0
    if (apex > 0) {
      const near = labels.hashes[apex - 1] as number
      if (near === this.#word(data + NEAR) || near === this.#word(data + NEAR + 1)) return 0
    }
    this.#copy(data + SECTION, size, end)
    const apexAt = (labels.starts[apex] as number) - start
    for (let i = 0; i < MAX_POINTERS; i++) {
      const pointer = this.#word(data + POINTERS + i)
      if (pointer === 0) break
      const target = pointer >>> 16
      const place = (target & WITHIN) === 0 ? apexAt + target : end - start + (target & ~WITHIN)
      this.#view.setUint16(end + (pointer & 0xffff) - 1, POINTER | place)
    }
    this.#rcode = rcode
    this.#answers = 0
    return size
  }

  #numberOf({ zone }: Question): number {
    return this.#word(this.#reader.dataOf(zone) + NUMBER)
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
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** Where all threads keep account of what they send to whom. */
  readonly accountMemory?: SharedArrayBuffer
}

/** Where the addresses of clients are to be had, as words, see `wordsOf`. */
export interface Clients {
  /** Of the message that was read as that one; good until the next call. */
  clientWords(i: number): Uint32Array
}

/** There is to be no reply. */
export const SILENT = -1

// ---------------------------------------------------------------------------

const A_SIZE = 16
const AAAA_SIZE = 28
const RR_HEAD = 12
const AUTHORITATIVE = 0x8400
const TRUNCATED = 0x0200
const [ANSWER, NODATA, NXDOMAIN] = (['answer', 'nodata', 'nxdomain'] as const).map((kind) => KINDS.indexOf(kind)) as [
  number,
  number,
  number,
]
const RECURSION_DESIRED = 0x0100
const POINTER = 0xc000
/** Words of a line of the cache, on two of which most entries are. */
const LINE = 12
