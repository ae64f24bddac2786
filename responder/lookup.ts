import { Type } from '../shared/dns/codes.ts'
import { MAX_NAME, type WireName, wildcardOf } from '../shared/dns/name.ts'
import type { RRset } from '../shared/dns/rrset.ts'
import { targetsOf } from './target.ts'
import type { Zone } from './zones/zone.ts'
import type { Zones } from './zones/zones.ts'

/**
 * What a question leads to. `chain` holds the CNAME and DNAME RRsets followed on the way there, in order; `source` is the
 * name whose records the first of all are: the one that was asked for, or the wildcard or owner of a DNAME that made it.
 */
export type Outcome = { readonly source?: WireName | undefined } & Way

type Way =
  | { readonly kind: 'answer'; readonly chain: readonly RRset[]; readonly rrsets: readonly RRset[] }
  /** `soa` has the TTL of negative answers. */
  | { readonly kind: 'nodata' | 'nxdomain'; readonly chain: readonly RRset[]; readonly soa: RRset }
  | { readonly kind: 'delegation'; readonly chain: readonly RRset[]; readonly ns: RRset; readonly zone: Zone }
  /** The chain goes on at a name that is not served here, leads back into itself or is too long to follow. */
  | { readonly kind: 'chain-ends'; readonly chain: readonly RRset[] }
  /** A DNAME led to a name of more than 255 octets (RFC 6672 2.2). */
  | { readonly kind: 'name-too-long'; readonly chain: readonly RRset[] }
  | { readonly kind: 'not-served' }

/** The algorithm of RFC 1034 4.3.2 with DNAME (RFC 6672 3.2), wildcards (RFC 4592) and empty non-terminals (RFC 8020). */
export function lookup(zones: Zones, qname: WireName, qtype: number): Outcome {
  let zone = zones.find(qname, qtype)
  if (zone === undefined) return { kind: 'not-served' }
  const chain: RRset[] = []
  let source: WireName | undefined
  for (let name = qname; ; ) {
    const step = search(zone, name, qtype)
    source ??= step.source
    if (step.kind !== 'alias') return { ...step, chain, source }
    for (const rrset of step.rrsets) if (!holds(chain, rrset.owner, rrset.type)) chain.push(rrset)
    if (step.target === undefined) return { kind: 'name-too-long', chain, source }
    name = step.target
    zone = zones.find(name, qtype)
    const leadsBack = holds(chain, name, Type.CNAME)
    if (zone === undefined || leadsBack || chain.length >= MAX_CHAIN) return { kind: 'chain-ends', chain, source }
  }
}

/** The RRsets of these types at a name, as what is to go along with an answer. Aliases are not followed. */
export function dataOf(zone: Zone, name: WireName, types: readonly number[]): RRset[] {
  const hiding = zone.hiding(name)
  const isHidden = hiding !== undefined && (hiding !== name || isCut(zone, hiding))
  const node = isHidden ? undefined : nodeOf(zone, name)
  return node === undefined ? [] : rrsetsAt(zone, node, name, types)
}

/** The same where the name may be at or below a zone cut: for referrals. No wildcard stands for it. */
export function glueOf(zone: Zone, name: WireName, types: readonly number[]): RRset[] {
  const hiding = zone.hiding(name)
  const isRedirected = hiding !== undefined && hiding !== name && !isCut(zone, hiding)
  return isRedirected ? [] : rrsetsAt(zone, name, name, types)
}

// ---------------------------------------------------------------------------

const MAX_CHAIN = 18 // RRsets of CNAME and DNAME in one answer

/** What one zone says of one name, and whose records say so. */
type Step = { readonly source?: WireName } & Said

type Said =
  | { readonly kind: 'answer'; readonly rrsets: readonly RRset[] }
  | { readonly kind: 'nodata' | 'nxdomain'; readonly soa: RRset }
  | { readonly kind: 'delegation'; readonly ns: RRset; readonly zone: Zone }
  /** Look there next; without target, the name that a DNAME leads to is too long. */
  | { readonly kind: 'alias'; readonly rrsets: readonly RRset[]; readonly target: WireName | undefined }

function search(zone: Zone, name: WireName, qtype: number): Step {
  const hiding = zone.hiding(name)
  if (hiding !== undefined) {
    const cut = hiding === zone.apex ? undefined : zone.rrset(hiding, Type.NS)
    const parentSide = hiding === name && qtype === Type.DS
    if (cut !== undefined && !parentSide) return { kind: 'delegation', ns: cut, zone }
    if (cut === undefined && hiding !== name) return redirect(zone, hiding, name, qtype)
  }
  const node = nodeOf(zone, name)
  return node === undefined ? { kind: 'nxdomain', soa: soaOf(zone) } : atNode(zone, node, name, qtype)
}

/** The name itself, or the wildcard that stands for it (RFC 4592 3.3.1); undefined if there is neither. */
function nodeOf(zone: Zone, name: WireName): WireName | undefined {
  if (zone.exists(name)) return name
  const wildcard = wildcardOf(zone.closestEncloser(name))
  return wildcard !== undefined && zone.exists(wildcard) ? wildcard : undefined
}

function rrsetsAt(zone: Zone, node: WireName, owner: WireName, types: readonly number[]): RRset[] {
  const found: RRset[] = []
  for (const type of types) {
    const rrset = zone.rrset(node, type, owner)
    if (rrset !== undefined) found.push(rrset)
  }
  return found
}

function isCut(zone: Zone, name: WireName): boolean {
  return name !== zone.apex && zone.rrset(name, Type.NS) !== undefined
}

/** Answers from the RRsets of `node`, which is the name itself or the wildcard that stands for it. */
function atNode(zone: Zone, node: WireName, name: WireName, qtype: number): Step {
  if (qtype === Type.ANY) {
    const rrsets = zone.rrsets(node, name)
    return rrsets.length > 0
      ? { kind: 'answer', rrsets, source: node }
      : { kind: 'nodata', soa: soaOf(zone), source: node }
  }
  const found = zone.rrset(node, qtype, name)
  if (found !== undefined) return { kind: 'answer', rrsets: [found], source: node }
  const cname = zone.rrset(node, Type.CNAME, name)
  if (cname !== undefined) return { kind: 'alias', rrsets: [cname], target: targetsOf(cname)[0], source: node }
  return { kind: 'nodata', soa: soaOf(zone), source: node }
}

/** The DNAME at `owner` and the CNAME that it makes for a name below (RFC 6672 3.1), which may be what is asked for. */
function redirect(zone: Zone, owner: WireName, name: WireName, qtype: number): Step {
  const dname = zone.rrset(owner, Type.DNAME) as RRset
  const target = `${name.slice(0, name.length - owner.length)}${targetsOf(dname)[0]}` as WireName
  if (target.length > MAX_NAME) return { kind: 'alias', rrsets: [dname], target: undefined, source: owner }
  const rdata = [Buffer.from(target, 'latin1')]
  const rrsets: readonly RRset[] = [dname, { owner: name, type: Type.CNAME, ttl: dname.ttl, rdata }]
  return qtype === Type.CNAME
    ? { kind: 'answer', rrsets, source: owner }
    : { kind: 'alias', rrsets, target, source: owner }
}

/** True if the chain has that RRset: a DNAME that redirects again stands there once, a CNAME met again is a loop. */
function holds(chain: readonly RRset[], owner: WireName, type: number): boolean {
  return chain.some((rrset) => rrset.type === type && rrset.owner === owner)
}

function soaOf(zone: Zone): RRset {
  if (zone.negativeSoa === undefined) throw new Error('a zone without SOA is not served')
  return zone.negativeSoa
}
