import { Type } from './codes.ts'
import { formatName, isAtOrBelow, type WireName } from './name.ts'
import { NameIndex } from './name-index.ts'
import { typeMnemonic } from './rdata.ts'
import type { RRset } from './rrset.ts'

/** A record that does not belong in the zone, or one that is missing; `message` says why. */
export class ZoneError extends Error {
  override name = 'ZoneError'
}

/** Gathers the RRs of one zone into RRsets and refuses what a zone may not hold. */
export class ZoneRRsets {
  readonly #origin: WireName
  /** The first RRset of each owner name, and those of other types for the few names that have more. */
  readonly #first: GrowingRRset[] = []
  readonly #numbers = new NameIndex()
  readonly #others = new Map<WireName, GrowingRRset[]>()

  constructor(origin: WireName) {
    this.#origin = origin
  }

  /** Adds one RR. Throws ZoneError. */
  add(owner: WireName, type: number, ttl: number, rdata: Uint8Array): void {
    const number = this.#numbers.numberOf(owner)
    const first = this.#first[number]
    if (first === undefined) {
      this.#checkOwner(owner, type)
      this.#first.push({ owner, type, ttl, rdata: [rdata] })
      return
    }
    const rrset = this.#rrsetsOf(first).find((other) => other.type === type)
    if (rrset === undefined) {
      this.#checkOwner(owner, type)
      checkNeighbours(this.#rrsetsOf(first), owner, type)
      this.#others.set(owner, [...(this.#others.get(owner) ?? []), { owner, type, ttl, rdata: [rdata] }])
      return
    }
    if (SINGLE.has(type) && Buffer.compare(rrset.rdata[0] as Uint8Array, rdata) !== 0) {
      throw new ZoneError(`${formatName(owner)} has another ${typeMnemonic(type)} already`)
    }
    if (rrset.rdata.length === MAX_RRS) {
      throw new ZoneError(`${formatName(owner)} has more than ${MAX_RRS} RRs of type ${typeMnemonic(type)}`)
    }
    rrset.ttl = Math.min(rrset.ttl, ttl)
    rrset.rdata.push(rdata)
  }

  /** All RRsets, the SOA first. Throws ZoneError if the zone is not complete. */
  finish(): readonly RRset[] {
    const first = this.#first[this.#numbers.numberOf(this.#origin)]
    const apex = first === undefined ? [] : this.#rrsetsOf(first)
    const soa = apex.find(({ type }) => type === Type.SOA)
    const apexName = formatName(this.#origin)
    if (soa === undefined) throw new ZoneError(`there is no SOA at ${apexName}`)
    if (apex.every(({ type }) => type !== Type.NS)) throw new ZoneError(`there is no NS at ${apexName}`)
    const all = [soa, ...apex.filter((rrset) => rrset !== soa)]
    for (const rrset of this.#first) if (rrset !== first) all.push(...this.#rrsetsOf(rrset))
    for (const rrset of all) if (rrset.rdata.length > 1) rrset.rdata = withoutDuplicates(rrset.rdata)
    return all
  }

  /** All RRsets of the name whose first one is given. */
  #rrsetsOf(first: GrowingRRset): readonly GrowingRRset[] {
    const others = this.#others.get(first.owner)
    return others === undefined ? [first] : [first, ...others]
  }

  #checkOwner(owner: WireName, type: number): void {
    if (!isAtOrBelow(owner, this.#origin)) {
      throw new ZoneError(`${formatName(owner)} is outside the zone ${formatName(this.#origin)}`)
    }
    if (type === Type.SOA && owner !== this.#origin) {
      throw new ZoneError(`an SOA belongs to ${formatName(this.#origin)}, not to ${formatName(owner)}`)
    }
  }
}

// ---------------------------------------------------------------------------

interface GrowingRRset extends RRset {
  ttl: number
  rdata: Uint8Array[]
}

const MAX_RRS = 0xffff // in an RRset: no message counts more (RFC 1035 4.1.1)

/** Types of which a name has one RR at most (RFC 1034 3.6.2, RFC 1035 6.1, RFC 6672 2.4). */
const SINGLE: ReadonlySet<number> = new Set([Type.SOA, Type.CNAME, Type.DNAME])

/** Types that may stand beside a CNAME: KEY, RRSIG, NSEC (RFC 2181 10.1, RFC 4034 3, 4). */
const BESIDE_CNAME: ReadonlySet<number> = new Set([25, 46, 47])

function checkNeighbours(rrsets: readonly RRset[], owner: WireName, type: number): void {
  if (BESIDE_CNAME.has(type)) return
  const hasCname = rrsets.some((rrset) => rrset.type === Type.CNAME)
  const hasOther = rrsets.some((rrset) => rrset.type !== Type.CNAME && !BESIDE_CNAME.has(rrset.type))
  if (type === Type.CNAME ? hasOther : hasCname) {
    throw new ZoneError(`${formatName(owner)} has a CNAME and other data (RFC 2181 10.1)`)
  }
}

/** Every rdata once, in the order of the file. */
function withoutDuplicates(list: readonly Uint8Array[]): Uint8Array[] {
  const seen = new Map(list.map((rdata) => [Buffer.from(rdata).toString('latin1'), rdata]))
  return [...seen.values()]
}
