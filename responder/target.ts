import { Type } from '../shared/dns/codes.ts'
import type { WireName } from '../shared/dns/name.ts'
import type { RRset } from '../shared/dns/rrset.ts'

/** The names that the rdata of an RRset points to, in order; none for a type that points nowhere. */
export function targetsOf({ type, rdata }: Pick<RRset, 'type' | 'rdata'>): WireName[] {
  const start = TARGET_AT[type]
  return start === undefined ? [] : rdata.map((octets) => nameAt(octets, start))
}

/** True if the targets of this type are hosts, whose addresses the asker will want next. */
export function namesHosts(type: number): boolean {
  return type in TARGET_AT && type !== Type.CNAME && type !== Type.DNAME
}

export function isSvcb(type: number): boolean {
  return type === SVCB || type === HTTPS
}

// ---------------------------------------------------------------------------

const SVCB = 64
const HTTPS = 65

/** Where the target begins in the rdata. */
const TARGET_AT: Readonly<Record<number, number>> = {
  [Type.NS]: 0,
  [Type.CNAME]: 0,
  [Type.DNAME]: 0,
  [Type.MX]: 2,
  [Type.SRV]: 6,
  [SVCB]: 2,
  [HTTPS]: 2,
}

/** The name at `start`, in lower case and without compression as all rdata in memory. */
function nameAt(octets: Uint8Array, start: number): WireName {
  let end = start
  while ((octets[end] as number) > 0) end += 1 + (octets[end] as number)
  return Buffer.from(octets.buffer, octets.byteOffset + start, end + 1 - start).toString('latin1') as WireName
}
