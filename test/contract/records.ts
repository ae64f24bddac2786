/** Records and zones for tests, in presentation format. */
import { canonicalName, type Name } from '../../shared/dns/name.ts'
import type { NameChange, NameRecord, RRsets, Segment, Zone } from '../../shared/records/model.ts'
import { newZone } from '../../shared/records/new-zone.ts'
import { EMPTY_LOG } from '../../shared/records/ports.ts'

export const apex = canonicalName('example.org')

export function zoneAt(text: string): Zone {
  return newZone(canonicalName(text))
}

/** `a(60, '192.0.2.1', '192.0.2.2')`: an A RRset with TTL 60. */
export function a(ttl: number, ...rdata: string[]): RRsets {
  return { A: { ttl, rdata } }
}

/** A record of a name below example.org. */
export function record(label: string, version: number, rrsets: RRsets): NameRecord {
  return { name: nameOf(label), zone: apex, version, rrsets }
}

export function nameOf(label: string): Name {
  return canonicalName(`${label}.${apex}`)
}

/** A first registration, as a change of the log. */
export function registration(label: string, version: number, zone: Name = apex): NameChange {
  const name = canonicalName(`${label}.${zone}`)
  return { name, zone, from: 0, first: version, version, old: {}, new: a(60, '192.0.2.1') }
}

/** The nth segment of a log. Appended now: DynamoDB Local removes what has expired within seconds. */
export function segment(nth: number, ...changes: NameChange[]): Segment {
  return { seq: EMPTY_LOG + nth, at: STARTED + nth, changes }
}

// ---------------------------------------------------------------------------

const STARTED = Date.now()
