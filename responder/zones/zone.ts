import { Type } from '../../shared/dns/codes.ts'
import type { WireName } from '../../shared/dns/name.ts'
import type { RRset } from '../../shared/dns/rrset.ts'
import { flagsOf, HIDES, KEY, SIZE } from '../table/entry.ts'
import type { NameLabels } from '../table/labels.ts'
import type { TableReader } from '../table/reader.ts'
import { HIDING } from '../table/zone-entry.ts'
import { nextRRset, placeOf, unpackRRset } from './packed.ts'

/** What makes a zone one that is served: the two RRsets its apex must have. */
export interface ZoneHeader {
  readonly soa: RRset
  readonly ns: RRset
}

/** The SOA RRset of negative answers, its TTL the lesser of its own and MINIMUM (RFC 2308 5). */
export function negativeSoa({ soa }: Pick<ZoneHeader, 'soa'>): RRset {
  return { ...soa, ttl: Math.min(soa.ttl, minimumOf(soa)) }
}

/** One zone in the answer table, as it is at the moment. What is asked for is at or below its apex. */
export class Zone {
  readonly apex: WireName
  readonly #number: number
  readonly #data: number
  readonly #reader: TableReader
  readonly #labels: NameLabels

  /** `data` is where that of the zone's entry begins. */
  constructor(apex: WireName, number: number, data: number, reader: TableReader, labels: NameLabels) {
    this.apex = apex
    this.#number = number
    this.#data = data
    this.#reader = reader
    this.#labels = labels
  }

  /** The SOA RRset of negative answers. */
  get negativeSoa(): RRset | undefined {
    const soa = this.rrset(this.apex, Type.SOA)
    return soa && negativeSoa({ soa })
  }

  exists(name: WireName): boolean {
    return this.#find(name) !== 0
  }

  rrset(name: WireName, type: number, owner: WireName = name): RRset | undefined {
    const entry = this.#find(name)
    if (entry === 0) return undefined
    const { memory } = this.#reader
    const start = this.#reader.dataOf(entry)
    const place = placeOf(memory.words, start, start + (memory.words[entry + SIZE] as number), type)
    return place === 0 ? undefined : unpackRRset(memory, place, owner)
  }

  rrsets(name: WireName, owner: WireName = name): readonly RRset[] {
    const all: RRset[] = []
    const entry = this.#find(name)
    if (entry === 0) return all
    const { memory } = this.#reader
    const start = this.#reader.dataOf(entry)
    const end = start + (memory.words[entry + SIZE] as number)
    for (let at = start; at < end; at = nextRRset(memory.words, at)) all.push(unpackRRset(memory, at, owner))
    return all
  }

  /** The highest name at or above `name` that is a zone cut or owns a DNAME; what is below it is not answered from. */
  hiding(name: WireName): WireName | undefined {
    const { words } = this.#reader.memory
    if (words[this.#data + HIDING] === 0) return undefined
    const labels = this.#labels.of(name)
    const apex = this.#apexIn(name)
    for (let at = apex; at >= 0; at--) {
      const entry = this.#reader.find(this.#number, labels, at, apex)
      if (entry === 0) return undefined // nothing is below what does not exist
      if ((flagsOf(this.#reader.memory.words[entry + KEY] as number) & HIDES) !== 0) return tail(name, labels, at)
    }
    return undefined
  }

  /** The longest existing ancestor of a name that does not exist (RFC 4592 3.3.1). */
  closestEncloser(name: WireName): WireName {
    const labels = this.#labels.of(name)
    const apex = this.#apexIn(name)
    let at = 1
    while (at < apex && this.#reader.find(this.#number, labels, at, apex) === 0) at++
    return tail(name, labels, at)
  }

  #find(name: WireName): number {
    const labels = this.#labels.of(name)
    return this.#reader.find(this.#number, labels, 0, this.#apexIn(name))
  }

  /** Which label of a name, the one read last, begins the apex. */
  #apexIn(name: WireName): number {
    const { starts, count } = this.#labels
    const place = name.length - this.apex.length
    let at = count
    while ((starts[at] as number) > place) at--
    return at
  }
}

// ---------------------------------------------------------------------------

function tail(name: WireName, { starts }: NameLabels, from: number): WireName {
  return name.slice(starts[from]) as WireName
}

/** The last 32 bits of SOA rdata (RFC 1035 3.3.13). */
function minimumOf(soa: RRset): number {
  const rdata = soa.rdata[0]
  if (rdata === undefined || rdata.length < 4) return 0
  return new DataView(rdata.buffer, rdata.byteOffset).getUint32(rdata.length - 4)
}
