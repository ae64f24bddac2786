/** What goes along with an answer because the asker will want it next. */
import { Type } from '../shared/dns/codes.ts'
import { isAtOrBelow, ROOT, type WireName } from '../shared/dns/name.ts'
import type { RRset } from '../shared/dns/rrset.ts'
import { dataOf, glueOf } from './lookup.ts'
import { isSvcb, namesHosts, targetsOf } from './target.ts'
import type { Zone } from './zones/zone.ts'
import type { Zones } from './zones/zones.ts'

/**
 * Addresses of the hosts that an answer names, as far as they are served here (RFC 1034 4.3.2 step 6, RFC 2782), and where a
 * service is an alias, the records of the one that it leads to (RFC 9460 4.1).
 */
export function additionalFor(rrsets: readonly RRset[], zones: Zones): readonly RRset[] {
  const rrset = rrsets[0]
  // Several are an answer to ANY, where the addresses may be among them, or a DNAME with its CNAME.
  if (rrset === undefined || rrsets.length > 1 || !namesHosts(rrset.type)) return NONE
  const found: RRset[] = []
  if (isSvcb(rrset.type)) addService(rrset, zones, found)
  else addAddresses(targetsOf(rrset), zones, rrset.type === Type.NS, found)
  return found
}

/**
 * Glue for the name servers of a delegation. Those at or below the cut cannot be found without it, so it is required
 * (RFC 9471 3.1); what else the zone knows of them comes after (3.2).
 */
export function glueFor(ns: RRset, zone: Zone): { required: readonly RRset[]; optional: readonly RRset[] } {
  const required: RRset[] = []
  const optional: RRset[] = []
  for (const host of targetsOf(ns)) {
    if (!isAtOrBelow(host, zone.apex)) continue
    const section = isAtOrBelow(host, ns.owner) ? required : optional
    section.push(...glueOf(zone, host, ADDRESSES))
  }
  return { required, optional }
}

// ---------------------------------------------------------------------------

const NONE: readonly RRset[] = []
const ADDRESSES = [Type.A, Type.AAAA]
const MAX_ALIASES = 8

/** Addresses of each host, once. Glue is not for an authoritative answer to tell (RFC 2181 5.4.1), but of name servers. */
function addAddresses(hosts: readonly WireName[], zones: Zones, isNs: boolean, found: RRset[]): void {
  for (const host of new Set(hosts)) {
    const zone = zones.find(host, Type.A)
    if (zone === undefined) continue
    const addresses = dataOf(zone, host, ADDRESSES)
    found.push(...(isNs && addresses.length === 0 ? glueOf(zone, host, ADDRESSES) : addresses))
  }
}

/** The services that an SVCB RRset of AliasMode leads to, one after another, and the addresses of the last. */
function addService(rrset: RRset, zones: Zones, found: RRset[]): void {
  const owners = new Set([rrset.owner])
  let last = rrset
  while (owners.size <= MAX_ALIASES) {
    const target = targetOfAlias(last)
    const zone = target === undefined || owners.has(target) ? undefined : zones.find(target, last.type)
    const [next] = zone === undefined ? [] : dataOf(zone, target as WireName, [last.type])
    if (next === undefined) break
    owners.add(next.owner)
    found.push(next)
    last = next
  }
  const { owner } = last
  const isAlias = targetOfAlias(last) !== undefined
  // In ServiceMode a target that is the root stands for the owner (RFC 9460 2.5.2).
  addAddresses(
    targetsOf(last).map((target) => (target === ROOT && !isAlias ? owner : target)),
    zones,
    false,
    found,
  )
}

/** Where an SVCB RRset of AliasMode leads (RFC 9460 2.4.2); undefined for one of ServiceMode. */
function targetOfAlias({ type, rdata }: RRset): WireName | undefined {
  const first = rdata[0] as Uint8Array
  const priority = ((first[0] as number) << 8) | (first[1] as number)
  return priority === 0 ? targetsOf({ type, rdata: [first] })[0] : undefined
}
