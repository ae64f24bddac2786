import { Type } from '../../shared/dns/codes.ts'
import { isAtOrBelow, type Name, parseName, type WireName } from '../../shared/dns/name.ts'
import { parseRdata, typeNumber } from '../../shared/dns/rdata.ts'
import type { RRset } from '../../shared/dns/rrset.ts'
import type { RRsets, StoredRRset, WrittenBy, Zone } from '../../shared/records/model.ts'
import type { OwnedRRset } from '../zones/packed.ts'
import type { ZoneHeader } from '../zones/zone.ts'

/** One state of a name, ready to be served. */
export interface CompiledName {
  readonly name: WireName
  readonly apex: WireName
  readonly version: number
  readonly rrsets: readonly OwnedRRset[]
  /** Milliseconds since the epoch; undefined if that is not known. */
  readonly writtenAt: number | undefined
}

/** What the store and the log say of a name: the latest state of a NameRecord or the new one of a NameChange. */
export interface StoredName {
  readonly name: Name
  readonly zone: Name
  readonly version: number
  readonly rrsets: RRsets
  readonly by?: WrittenBy
}

/** Turns a stored name into wire form, once for all its answers. Throws an Error that says what cannot be read. */
export function compileName({ name, zone, version, rrsets, by }: StoredName): CompiledName {
  const compiled: OwnedRRset[] = []
  for (const mnemonic in rrsets) {
    const type = typeNumber(mnemonic)
    if (type === undefined) throw new Error(`${name} has RRs of an unknown type ${mnemonic}`)
    compiled.push(compileRRset(type, rrsets[mnemonic] as StoredRRset))
  }
  const wire = parseName(name)
  const apex = apexOf(zone)
  if (!isAtOrBelow(wire, apex)) throw new Error(`${name} is not in its zone ${zone}`)
  return { name: wire, apex, version, rrsets: compiled, writtenAt: by?.at }
}

/** The SOA and NS RRsets of a zone as segment `seq` left it: a serial has 32 bits and is never 0 (RFC 1982). */
export function compileHeader({ zone, soa, ns }: Zone, seq: number): ZoneHeader {
  const serial = seq % 2 ** 32 || 1
  const owner = parseName(zone)
  const { mname, rname, refresh, retry, expire, minimum } = soa
  const rdata = parseRdata(Type.SOA, `${mname} ${rname} ${serial} ${refresh} ${retry} ${expire} ${minimum}`)
  return {
    soa: { owner, type: Type.SOA, ttl: soa.ttl, rdata: [rdata] },
    ns: { owner, ...compileRRset(Type.NS, ns) },
  }
}

// ---------------------------------------------------------------------------

const apexes = new Map<Name, WireName>()

/** One string for all the names of a zone. */
function apexOf(zone: Name): WireName {
  let apex = apexes.get(zone)
  if (apex === undefined) {
    apex = parseName(zone)
    apexes.set(zone, apex)
  }
  return apex
}

function compileRRset(type: number, { ttl, rdata }: StoredRRset): Omit<RRset, 'owner'> {
  return { type, ttl, rdata: rdata.map((text) => parseRdata(type, text)) }
}
