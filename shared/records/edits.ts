import type { Name } from '../dns/name.ts'
import { NamingError } from './faults.ts'
import type { Claim, Claims, RRsets } from './model.ts'

/** What is registered for one owner name, and which of it by whom. */
export interface NameState {
  readonly rrsets: RRsets
  readonly claims: Claims
}

/** What a request does to one owner name: pure, so that it can be tried again. Throws NamingError to refuse. */
export type Edit = (state: NameState, owner: Name) => NameState

/** An edit that knows nothing of claims: of what it removes, nobody keeps one. */
export function onRRsets(edit: (rrsets: RRsets, owner: Name) => RRsets): Edit {
  return ({ rrsets, claims }, owner) => ({ rrsets: edit(rrsets, owner), claims })
}

/** One address of an owner name: `address` in canonical form, `ttl` in seconds. */
export interface AddressRecord {
  readonly type: 'A' | 'AAAA'
  readonly address: string
  readonly ttl: number
}

/** The first address of a name: `record_exists` if the name has one of either family. */
export function createAddress(record: AddressRecord): Edit {
  return (state, owner) => {
    if (hasAddress(state.rrsets)) throw new NamingError('record_exists')
    return setAddress(state, owner, record)
  }
}

/** The only address of a name, in place of all it had of either family. */
export function upsertAddress(record: AddressRecord): Edit {
  return (state, owner) => setAddress(state, owner, record)
}

/** As `upsertAddress`, but `record_not_found` if the name has no address. */
export function updateAddress(record: AddressRecord): Edit {
  return (state, owner) => {
    if (!hasAddress(state.rrsets)) throw new NamingError('record_not_found')
    return setAddress(state, owner, record)
  }
}

/** Removes this one record: `record_not_found` unless type, address and TTL all agree. */
export function deleteAddress(record: AddressRecord): Edit {
  return onRRsets((rrsets) => {
    if (!holdsAddress(rrsets, record)) throw new NamingError('record_not_found')
    const { [record.type]: rrset, ...others } = rrsets
    const left = rrset?.rdata.filter((rdata) => rdata !== record.address) ?? []
    return left.length === 0 ? others : { ...others, [record.type]: { ttl: record.ttl, rdata: left } }
  })
}

export function hasAddress(rrsets: RRsets): boolean {
  return rrsets.A !== undefined || rrsets.AAAA !== undefined
}

export function holdsAddress(rrsets: RRsets, { type, address, ttl }: AddressRecord): boolean {
  const rrset = rrsets[type]
  return rrset !== undefined && rrset.ttl === ttl && rrset.rdata.includes(address)
}

// ---------------------------------------------------------------------------

/** The address is nobody's from now on, whoever had registered the same: it stays until it is removed. */
function setAddress({ rrsets, claims }: NameState, owner: Name, { type, address, ttl }: AddressRecord): NameState {
  if (rrsets.CNAME !== undefined) throw new NamingError('record_conflict', `CNAME exists at ${owner}`) // RFC 2181 10.1
  const { A: _ipv4, AAAA: _ipv6, ...others } = rrsets
  return { rrsets: { ...others, [type]: { ttl, rdata: [address] } }, claims: withoutTypes(claims, ['A', 'AAAA']) }
}

function withoutTypes(claims: Claims, types: readonly string[]): Claims {
  const left = ({ rrsets }: Claim) =>
    Object.fromEntries(Object.entries(rrsets).filter(([type]) => !types.includes(type)))
  return Object.fromEntries(Object.entries(claims).map(([id, claim]) => [id, { ...claim, rrsets: left(claim) }]))
}
