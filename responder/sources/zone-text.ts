import { Type } from '../../shared/dns/codes.ts'
import type { WireName } from '../../shared/dns/name.ts'
import type { OwnedRRset, RRset } from '../../shared/dns/rrset.ts'
import { readZoneFile, type ZoneFileOptions } from '../../shared/dns/zone-file.ts'
import { NamesPacker, type Update } from '../zones/update.ts'
import type { ZoneHeader } from '../zones/zone.ts'

/** The updates that bring a replica to the zone in a master file; the last one makes it served. Throws ZoneFileError. */
export function* readZoneText(text: string, options: ZoneFileOptions): Generator<Update> {
  const apex = options.origin
  const packer = new NamesPacker()
  let header: ZoneHeader | undefined
  for (const { octets, start, end, rrsets } of readZoneFile(text, options)) {
    const stored = header === undefined ? rrsets.filter(({ type }) => type !== Type.SOA && type !== Type.NS) : rrsets
    header ??= headerOf(apex, rrsets) // the apex comes first
    if (stored.length > 0) packer.addOctets(octets, start, end, stored)
    if (packer.count === NAMES_AT_ONCE) yield packer.take(apex)
  }
  if (packer.count > 0) yield packer.take(apex)
  if (header !== undefined) yield { kind: 'zone', apex, header }
}

// ---------------------------------------------------------------------------

/** Few, as all else of the thread that applies them waits meanwhile: two milliseconds. */
const NAMES_AT_ONCE = 4000

/** A zone without these two has been refused. */
function headerOf(apex: WireName, rrsets: readonly OwnedRRset[]): ZoneHeader {
  const [soa, ns] = [Type.SOA, Type.NS].map((type) => {
    return { owner: apex, ...(rrsets.find((rrset) => rrset.type === type) as OwnedRRset) }
  }) as [RRset, RRset]
  return { soa, ns }
}
