import { Type } from './codes.ts'
import { largeWords } from './large.ts'
import { formatName, type WireName } from './name.ts'
import { NameIndex } from './name-index.ts'
import { typeMnemonic } from './rdata.ts'
import type { OwnedRRset } from './rrset.ts'
import type { WireWriter } from './wire.ts'

/** A record that does not belong in the zone, or one that is missing; `message` says why. */
export class ZoneError extends Error {
  override name = 'ZoneError'
}

/** A name of a zone, as it stands among octets, with its RRsets. */
export interface ZoneName {
  readonly octets: Uint8Array
  readonly start: number
  readonly end: number
  readonly rrsets: readonly OwnedRRset[]
}

/**
 * Gathers the RRs of one zone into RRsets and refuses what a zone may not hold. An RRset is some words in one large array, then
 * its first RR, which are linked to what follows: to the next RRset of the name, the next RR. So a million of them
 * are no work for the garbage collector, and what they take goes at once when they are gone.
 */
export class ZoneRRsets {
  readonly #origin: WireName
  readonly #names: NameIndex
  /** The first RRset of each name, by its number; 0 is none, as everywhere. */
  #first: Int32Array<SharedArrayBuffer>
  #words: Int32Array<SharedArrayBuffer>
  #octets: Uint8Array<SharedArrayBuffer>
  #end = 1

  /** With room for about so many names. */
  constructor(origin: WireName, expected: number) {
    this.#origin = origin
    this.#names = new NameIndex(expected)
    this.#first = largeWords(64 + expected)
    this.#words = largeWords(16 * (64 + expected))
    this.#octets = new Uint8Array(this.#words.buffer, 0, 4 * this.#words.length)
    this.#names.numberOf(origin)
  }

  /** The number of the owner name that these octets are, for `add`. */
  owner({ octets, at }: WireWriter): number {
    const number = this.#names.numberIn(octets, at)
    if (number === this.#first.length) {
      const larger = largeWords(2 * number)
      larger.set(this.#first)
      this.#first = larger
    }
    return number
  }

  /** Adds one RR. Throws ZoneError. */
  add(owner: number, type: number, ttl: number, rdata: WireWriter): void {
    let last = 0
    let at = this.#first[owner] as number
    while (at !== 0 && this.#words[at + TYPE] !== type) {
      last = at
      at = this.#words[at + NEXT] as number
    }
    if (at === 0) this.#addRRset(last, owner, type, ttl, rdata)
    else this.#addTo(at, owner, ttl, rdata)
  }

  /** Throws ZoneError if the zone is not complete. */
  finish(): void {
    const types = new Set(this.#typesOf(APEX))
    if (!types.has(SOA)) throw new ZoneError(`there is no SOA at ${formatName(this.#origin)}`)
    if (!types.has(NS)) throw new ZoneError(`there is no NS at ${formatName(this.#origin)}`)
  }

  /** All names: the apex with the SOA first, then the others in the order in which they came. */
  *names(): Generator<ZoneName> {
    yield this.#nameAt(
      APEX,
      this.#rrsetsOf(APEX).sort((a, b) => Number(b.type === SOA) - Number(a.type === SOA)),
    )
    for (let number = APEX + 1; number < this.#names.count; number++) yield this.#nameAt(number, this.#rrsetsOf(number))
  }

  #nameAt(number: number, rrsets: readonly OwnedRRset[]): ZoneName {
    const names = this.#names
    return { octets: names.octets, start: names.startOf(number), end: names.startOf(number + 1), rrsets }
  }

  #rrsetsOf(number: number): OwnedRRset[] {
    const words = this.#words
    const rrsets: OwnedRRset[] = []
    for (let at = this.#first[number] as number; at !== 0; at = words[at + NEXT] as number) {
      const rdata: Uint8Array[] = []
      for (let rr = at + RRSET; rr !== 0; rr = words[rr + NEXT] as number) rdata.push(this.#rdataAt(rr))
      const once = rdata.length > 1 ? withoutDuplicates(rdata) : rdata
      rrsets.push({ type: words[at + TYPE] as number, ttl: (words[at + TTL] as number) >>> 0, rdata: once })
    }
    return rrsets
  }

  *#typesOf(number: number): Generator<number> {
    for (let at = this.#first[number] as number; at !== 0; at = this.#words[at + NEXT] as number)
      yield this.#words[at + TYPE] as number
  }

  #rdataAt(rr: number): Uint8Array {
    const start = 4 * (rr + RR)
    return this.#octets.slice(start, start + (this.#words[rr + LENGTH] as number))
  }

  /** Adds an RRset of one RR to a name, behind its last one. */
  #addRRset(last: number, owner: number, type: number, ttl: number, rdata: WireWriter): void {
    this.#check(owner, type)
    const rrset = this.#end
    this.#makeRoom(RRSET)
    const words = this.#words
    words[rrset + TYPE] = type
    words[rrset + TTL] = ttl
    words[rrset + COUNT] = 1
    words[rrset + LAST] = rrset + RRSET
    this.#append(rdata)
    if (last === 0) this.#first[owner] = rrset
    else this.#words[last + NEXT] = rrset
  }

  #addTo(rrset: number, owner: number, ttl: number, rdata: WireWriter): void {
    const type = this.#words[rrset + TYPE] as number
    const count = this.#words[rrset + COUNT] as number
    if (SINGLE.has(type) && Buffer.compare(this.#rdataAt(rrset + RRSET), rdata.octets.subarray(0, rdata.at)) !== 0)
      throw new ZoneError(`${this.#nameOf(owner)} has another ${typeMnemonic(type)} already`)
    if (count === MAX_RRS)
      throw new ZoneError(`${this.#nameOf(owner)} has more than ${MAX_RRS} RRs of type ${typeMnemonic(type)}`)
    const rr = this.#end
    this.#append(rdata)
    const words = this.#words
    words[(words[rrset + LAST] as number) + NEXT] = rr
    words[rrset + LAST] = rr
    words[rrset + COUNT] = count + 1
    words[rrset + TTL] = Math.min((words[rrset + TTL] as number) >>> 0, ttl)
  }

  #append({ octets, at: length }: WireWriter): void {
    const rr = this.#end
    this.#makeRoom(RR + ((length + 3) >>> 2))
    this.#words[rr + LENGTH] = length
    let to = 4 * (rr + RR)
    for (let i = 0; i < length; i++) this.#octets[to++] = octets[i] as number
  }

  #makeRoom(words: number): void {
    this.#end += words
    if (this.#end <= this.#words.length) return
    const larger = largeWords(2 * this.#end)
    larger.set(this.#words)
    this.#words = larger
    this.#octets = new Uint8Array(larger.buffer, 0, 4 * larger.length)
  }

  /** Whether a name may have an RRset of one more type. */
  #check(owner: number, type: number): void {
    const isApex = owner === APEX
    if (!isApex && !this.#isInside(owner))
      throw new ZoneError(`${this.#nameOf(owner)} is outside the zone ${formatName(this.#origin)}`)
    if (type === SOA && !isApex)
      throw new ZoneError(`an SOA belongs to ${formatName(this.#origin)}, not to ${this.#nameOf(owner)}`)
    if (this.#first[owner] === 0 || BESIDE_CNAME.has(type)) return
    for (const other of this.#typesOf(owner)) {
      if (BESIDE_CNAME.has(other) || (other === CNAME) === (type === CNAME)) continue
      throw new ZoneError(`${this.#nameOf(owner)} has a CNAME and other data (RFC 2181 10.1)`)
    }
  }

  #isInside(number: number): boolean {
    const { octets } = this.#names
    const end = this.#names.startOf(number + 1)
    let at = this.#names.startOf(number)
    while (end - at > this.#origin.length) at += 1 + (octets[at] as number)
    for (let i = 0; i < this.#origin.length; i++) if (octets[at + i] !== this.#origin.charCodeAt(i)) return false
    return end - at === this.#origin.length
  }

  #nameOf(number: number): string {
    return formatName(this.#names.name(number))
  }
}

// ---------------------------------------------------------------------------

const { SOA, NS, CNAME, DNAME } = Type
const APEX = 0
const MAX_RRS = 0xffff // in an RRset: no message counts more (RFC 1035 4.1.1)

// The words of an RRset, before those of its first RR.
const NEXT = 0
const TYPE = 1
const TTL = 2
const COUNT = 3
const LAST = 4
const RRSET = 5

// The words of an RR, before its rdata; the first is NEXT.
const LENGTH = 1
const RR = 2

/** Types of which a name has one RR at most (RFC 1034 3.6.2, RFC 1035 6.1, RFC 6672 2.4). */
const SINGLE: ReadonlySet<number> = new Set([SOA, CNAME, DNAME])

/** Types that may stand beside a CNAME: KEY, RRSIG, NSEC (RFC 2181 10.1, RFC 4034 3, 4). */
const BESIDE_CNAME: ReadonlySet<number> = new Set([25, 46, 47])

/** Every rdata once, in the order of the file. */
function withoutDuplicates(list: readonly Uint8Array[]): Uint8Array[] {
  const seen = new Map(list.map((rdata) => [Buffer.from(rdata).toString('latin1'), rdata]))
  return [...seen.values()]
}
