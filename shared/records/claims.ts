import type { Name } from '../dns/name.ts'
import type { Edit, NameState } from './edits.ts'
import { NamingError } from './faults.ts'
import type { Claim, Claims, RRsets, StoredRRset } from './model.ts'
import { sameRRsets } from './segments.ts'

/**
 * Puts RRs beside those that are there, in place of what was claimed under the id before; of a type the TTL is what was
 * asked for last, for an RRset has one (RFC 2181 5.2). What is there already and nobody has claimed stays nobody's: it is
 * not to go with a claim. Throws NamingError `record_conflict` where a CNAME would not stand alone.
 */
export function claim(id: string, claimed: Claim): Edit {
  return (state, owner) => {
    if ((state.claims[id]?.nonce ?? '') > claimed.nonce) return state // a later one was quicker
    const { rrsets, claims } = withoutClaim(state, id)
    const next = { ...rrsets }
    for (const [type, rrset] of Object.entries(claimed.rrsets)) next[type] = union(rrsets[type], rrset)
    checkAlias(next, owner)
    const lasting = unclaimed({ rrsets, claims })
    const own = selected(claimed.rrsets, (type) => (rdata) => !lasting[type]?.rdata.includes(rdata))
    return { rrsets: next, claims: { ...claims, [id]: { ...claimed, rrsets: own } } }
  }
}

/** True if all that this claim asked for is there, and does not go before it does: it is claimed, or nobody's. */
export function isHeld({ rrsets, claims }: NameState, id: string, { nonce, rrsets: asked }: Claim): boolean {
  const own = claims[id]
  if (own !== undefined && own.nonce !== nonce) return false
  const lasting = unclaimed({ rrsets, claims })
  return Object.entries(asked).every(([type, { rdata }]) =>
    rdata.every((one) => [own?.rrsets, lasting].some((held) => held?.[type]?.rdata.includes(one))),
  )
}

/** Takes away what is claimed under the id since that nonce or earlier; what another registration claims as well stays. */
export function unclaim(id: string, nonce: string): Edit {
  return (state) => {
    const claimed = state.claims[id]
    return claimed === undefined || claimed.nonce > nonce ? state : withoutClaim(state, id)
  }
}

/** Of claims, what is still there. */
export function claimsOn(rrsets: RRsets, claims: Claims): Claims {
  const isThere = (type: string) => (rdata: string) => rrsets[type]?.rdata.includes(rdata) ?? false
  const entries = Object.entries(claims).flatMap(([id, claimed]) => {
    const left = selected(claimed.rrsets, isThere)
    return Object.keys(left).length === 0 ? [] : [[id, { ...claimed, rrsets: left }] as const]
  })
  return Object.fromEntries(entries)
}

export function sameClaims(a: Claims, b: Claims): boolean {
  const ids = Object.keys(a)
  if (ids.length !== Object.keys(b).length) return false
  return ids.every((id) => {
    const [one, other] = [a[id], b[id]]
    return one !== undefined && one.nonce === other?.nonce && sameRRsets(one.rrsets, other.rrsets)
  })
}

/** What would be there without any registration. */
export function unclaimed({ rrsets, claims }: NameState): RRsets {
  return selected(rrsets, (type) => {
    const claimed = new Set(Object.values(claims).flatMap((one) => one.rrsets[type]?.rdata ?? []))
    return (rdata) => !claimed.has(rdata)
  })
}

/** These RRs in place of all that nobody has registered under an id. Throws NamingError `record_conflict`. */
export function inPlaceOfUnclaimed(rrsets: RRsets): Edit {
  return ({ claims }, owner) =>
    Object.entries(claims).reduce<NameState>((state, [id, claimed]) => claim(id, claimed)(state, owner), {
      rrsets,
      claims: {},
    })
}

// ---------------------------------------------------------------------------

function withoutClaim({ rrsets, claims }: NameState, id: string): NameState {
  const { [id]: gone, ...others } = claims
  if (gone === undefined) return { rrsets, claims }
  const holders = Object.values(others)
  const stays = (type: string) => (rdata: string) =>
    !gone.rrsets[type]?.rdata.includes(rdata) || holders.some((other) => other.rrsets[type]?.rdata.includes(rdata))
  return { rrsets: selected(rrsets, stays), claims: others }
}

/** Those of the RRs of which it is true; no RRset without RRs. */
function selected(rrsets: RRsets, isWanted: (type: string) => (rdata: string) => boolean): RRsets {
  const entries = Object.entries(rrsets).flatMap(([type, { ttl, rdata }]) => {
    const left = rdata.filter(isWanted(type))
    return left.length === 0 ? [] : [[type, { ttl, rdata: left }] as const]
  })
  return Object.fromEntries(entries)
}

function union(have: StoredRRset | undefined, { ttl, rdata }: StoredRRset): StoredRRset {
  return { ttl, rdata: [...new Set([...(have?.rdata ?? []), ...rdata])].sort() }
}

/** A CNAME stands alone, and there is one (RFC 2181 10.1); of DNAME there is one as well (RFC 6672 2.4). */
function checkAlias({ CNAME: alias, ...others }: RRsets, owner: Name): void {
  if ((others.DNAME?.rdata.length ?? 0) > 1)
    throw new NamingError('record_conflict', `another DNAME exists at ${owner}`)
  if (alias === undefined) return
  const [other] = Object.keys(others)
  if (other !== undefined) throw new NamingError('record_conflict', `a CNAME may not stand beside ${other} at ${owner}`)
  if (alias.rdata.length > 1) throw new NamingError('record_conflict', `another CNAME exists at ${owner}`)
}
