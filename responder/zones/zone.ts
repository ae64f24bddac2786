import { Type } from '../../shared/dns/codes.ts'
import { parentName, type WireName } from '../../shared/dns/name.ts'
import type { RRset } from '../../shared/dns/rrset.ts'
import { EMPTY, hasType, type PackedRRsets, unpackAll, unpackRRset } from './packed.ts'

/** What makes a zone one that is served: the two RRsets its apex must have. */
export interface ZoneHeader {
  readonly soa: RRset
  readonly ns: RRset
}

/**
 * The names of one zone in memory. Names exist because they own RRsets or because a name below them exists (empty
 * non-terminals, RFC 8020 2); the second is kept as a count of the existing names directly below. Without header the
 * zone takes data but is not served. At the apex the header stands for SOA and NS, whatever else the name owns.
 */
export class Zone {
  readonly apex: WireName
  #header: ZoneHeader | undefined
  #negativeSoa: RRset | undefined
  readonly #names = new Map<WireName, PackedRRsets>()
  readonly #children = new Map<WireName, number>()
  /** Names that hide those below them: zone cuts (NS below the apex) and owners of a DNAME. */
  readonly #hiding = new Set<WireName>()

  constructor(apex: WireName) {
    this.apex = apex
  }

  get header(): ZoneHeader | undefined {
    return this.#header
  }

  set header(header: ZoneHeader | undefined) {
    this.#header = header
    this.#negativeSoa = header && { ...header.soa, ttl: Math.min(header.soa.ttl, minimumOf(header.soa)) }
  }

  /** The SOA RRset of negative answers, its TTL the lesser of its own and MINIMUM (RFC 2308 5). */
  get negativeSoa(): RRset | undefined {
    return this.#negativeSoa
  }

  /** Number of names that own RRsets. */
  get size(): number {
    return this.#names.size
  }

  /** Replaces all RRsets of a name at or below the apex; the empty string removes it. */
  put(name: WireName, rrsets: PackedRRsets): void {
    const before = this.#names.size
    if (rrsets === EMPTY) this.#names.delete(name)
    else this.#names.set(name, rrsets)
    const more = this.#names.size - before
    if (more !== 0 && name !== this.apex && !this.#children.has(name)) {
      if (more > 0) this.#linkToParent(name)
      else this.#unlinkFromParent(name)
    }

    const hides = hasType(rrsets, Type.DNAME) || (name !== this.apex && hasType(rrsets, Type.NS))
    if (hides) this.#hiding.add(name)
    else this.#hiding.delete(name)
  }

  exists(name: WireName): boolean {
    return this.#names.has(name) || this.#children.has(name) || name === this.apex
  }

  rrset(name: WireName, type: number, owner: WireName = name): RRset | undefined {
    if (name === this.apex && this.#header !== undefined) {
      if (type === Type.SOA) return this.#header.soa
      if (type === Type.NS) return this.#header.ns
    }
    const rrsets = this.#names.get(name)
    return rrsets === undefined ? undefined : unpackRRset(rrsets, type, owner)
  }

  rrsets(name: WireName, owner: WireName = name): readonly RRset[] {
    const own = unpackAll(this.#names.get(name) ?? EMPTY, owner)
    if (name !== this.apex || this.#header === undefined) return own
    return [this.#header.soa, this.#header.ns, ...own.filter(({ type }) => type !== Type.SOA && type !== Type.NS)]
  }

  /** The highest name at or above `name` that is a zone cut or owns a DNAME; what is below it is not answered from. */
  hiding(name: WireName): WireName | undefined {
    if (this.#hiding.size === 0) return undefined
    let highest: WireName | undefined
    for (let at = name; ; at = parentName(at)) {
      if (this.#hiding.has(at)) highest = at
      if (at === this.apex) return highest
    }
  }

  /** The longest existing ancestor of a name that does not exist (RFC 4592 3.3.1). */
  closestEncloser(name: WireName): WireName {
    let at = parentName(name)
    while (!this.exists(at)) at = parentName(at)
    return at
  }

  #linkToParent(name: WireName): void {
    for (let at = name; at !== this.apex; ) {
      at = parentName(at)
      const existed = this.exists(at)
      this.#children.set(at, (this.#children.get(at) ?? 0) + 1)
      if (existed) return
    }
  }

  #unlinkFromParent(name: WireName): void {
    for (let at = name; at !== this.apex; ) {
      at = parentName(at)
      const left = (this.#children.get(at) ?? 0) - 1
      if (left > 0) this.#children.set(at, left)
      else this.#children.delete(at)
      if (this.exists(at)) return
    }
  }
}

// ---------------------------------------------------------------------------

/** The last 32 bits of SOA rdata (RFC 1035 3.3.13). */
function minimumOf(soa: RRset): number {
  const rdata = soa.rdata[0]
  if (rdata === undefined || rdata.length < 4) return 0
  return new DataView(rdata.buffer, rdata.byteOffset).getUint32(rdata.length - 4)
}
