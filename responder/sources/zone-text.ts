import { Type } from '../../shared/dns/codes.ts'
import type { RRset } from '../../shared/dns/rrset.ts'
import { parseZoneFile, type ZoneFileOptions } from '../../shared/dns/zone-file.ts'
import { NamesPacker, type Update } from '../zones/update.ts'

/** The updates that bring a replica to the zone in a master file; the last one makes it served. Throws ZoneFileError. */
export function* readZoneText(text: string, options: ZoneFileOptions): Generator<Update> {
  const apex = options.origin
  const rrsets = parseZoneFile(text, options)
  const soa = rrsets.find(({ type }) => type === Type.SOA) as RRset // there is one, or the file had been refused
  const ns = rrsets.find(({ type, owner }) => type === Type.NS && owner === apex) as RRset
  const packer = new NamesPacker()
  for (let i = 0; i < rrsets.length; ) {
    const { owner } = rrsets[i] as RRset
    const own: RRset[] = []
    for (; rrsets[i]?.owner === owner; i++) own.push(rrsets[i] as RRset)
    const stored = owner === apex ? own.filter((rrset) => rrset !== soa && rrset !== ns) : own
    if (stored.length > 0) packer.add(owner, stored)
    if (packer.count === NAMES_AT_ONCE || i === rrsets.length) yield packer.take(apex)
  }
  yield { kind: 'zone', apex, header: { soa, ns } }
}

// ---------------------------------------------------------------------------

/** Few, as requests wait while they are applied: a third of a millisecond. */
const NAMES_AT_ONCE = 500
