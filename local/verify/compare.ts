import type { Name } from '../../shared/dns/name.ts'
import type { MirrorRow } from '../../shared/mirror/model.ts'
import type { ListedSet } from '../../shared/mirror/ports.ts'
import type { StoredRRset } from '../../shared/records/model.ts'
import { sameRRset } from '../../shared/records/segments.ts'

/** One name and type, and what each side has of it. */
export interface Compared {
  readonly name: Name
  readonly type: string
  readonly registered: boolean
  /** Undefined if the responder has none. */
  readonly served: StoredRRset | undefined
  /** Undefined if the hosted zone has none. */
  readonly listed: Pick<ListedSet, 'rrset'> | undefined
  readonly row: MirrorRow | undefined
}

/** Why a registered RRset is not in Route 53, in one line; undefined if it should be. */
export function quarantine({ name, type, registered, row }: Omit<Compared, 'served'>): string | undefined {
  const refusal = registered ? row?.refused[type] : undefined
  return refusal && `quarantined: ${name} ${type}: ${refusal.message}`
}

/** What is wrong with a name and type in one line; undefined if both sides agree. */
export function difference({ name, type, registered, served, listed }: Compared): string | undefined {
  if (served === undefined) return `${registered ? 'not answered' : 'not registered'}: ${name} ${type}`
  if (listed === undefined) return `missing in Route 53: ${name} ${type}`
  const { rrset } = listed
  if (sameRRset(rrset, served)) return undefined
  return `differs: ${name} ${type}: the responder has ${shown(served)}, Route 53 ${shown(rrset)}`
}

/** True for a record set that somebody else has put there: neither registered nor noted as ours. */
export function isForeign({ registered, type, row }: Pick<Compared, 'registered' | 'type' | 'row'>): boolean {
  return !registered && row?.applied[type] === undefined
}

// ---------------------------------------------------------------------------

function shown(rrset: StoredRRset | undefined): string {
  return rrset === undefined ? 'an alias or a routing policy' : `${rrset.ttl} ${rrset.rdata.join(', ')}`
}
