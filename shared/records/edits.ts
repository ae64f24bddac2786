import type { Name } from '../dns/name.ts'
import { NamingError } from './faults.ts'
import type { RRsets } from './model.ts'

/** What a request does to the RRsets of one owner name: pure, so that it can be tried again. Throws NamingError to refuse. */
export type Edit = (rrsets: RRsets, owner: Name) => RRsets

/** One address of an owner name: `address` in canonical form, `ttl` in seconds. */
export interface AddressRecord {
  readonly type: 'A' | 'AAAA'
  readonly address: string
  readonly ttl: number
}

/** The first address of a name: `record_exists` if the name has one of either family. */
export function createAddress(record: AddressRecord): Edit {
  return (rrsets, owner) => {
    if (hasAddress(rrsets)) throw new NamingError('record_exists')
    return setAddress(rrsets, owner, record)
  }
}

/** The only address of a name, in place of all it had of either family. */
export function upsertAddress(record: AddressRecord): Edit {
  return (rrsets, owner) => setAddress(rrsets, owner, record)
}

/** As `upsertAddress`, but `record_not_found` if the name has no address. */
export function updateAddress(record: AddressRecord): Edit {
  return (rrsets, owner) => {
    if (!hasAddress(rrsets)) throw new NamingError('record_not_found')
    return setAddress(rrsets, owner, record)
  }
}

/** Removes this one record: `record_not_found` unless type, address and TTL all agree. */
export function deleteAddress(record: AddressRecord): Edit {
  return (rrsets) => {
    if (!holdsAddress(rrsets, record)) throw new NamingError('record_not_found')
    const { [record.type]: rrset, ...others } = rrsets
    const left = rrset?.rdata.filter((rdata) => rdata !== record.address) ?? []
    return left.length === 0 ? others : { ...others, [record.type]: { ttl: record.ttl, rdata: left } }
  }
}

export function hasAddress(rrsets: RRsets): boolean {
  return rrsets.A !== undefined || rrsets.AAAA !== undefined
}

export function holdsAddress(rrsets: RRsets, { type, address, ttl }: AddressRecord): boolean {
  const rrset = rrsets[type]
  return rrset !== undefined && rrset.ttl === ttl && rrset.rdata.includes(address)
}

// ---------------------------------------------------------------------------

function setAddress(rrsets: RRsets, owner: Name, { type, address, ttl }: AddressRecord): RRsets {
  if (rrsets.CNAME !== undefined) throw new NamingError('record_conflict', `CNAME exists at ${owner}`) // RFC 2181 10.1
  const { A: _ipv4, AAAA: _ipv6, ...others } = rrsets
  return { ...others, [type]: { ttl, rdata: [address] } }
}
