import type { WireName } from '../../shared/dns/name.ts'
import type { PackedRRsets } from './packed.ts'
import type { ZoneHeader } from './zone.ts'
import type { Zones } from './zones.ts'

/** A step of a replica, in a form that passes between threads. Steps made by one `applyUpdates` are seen together. */
export type Update =
  /** The steps that follow make the zone anew, beside the one that is served, until its header puts it in the place of that. */
  | { readonly kind: 'renew'; readonly apex: WireName }
  /** Serves a zone with this header from now on; without header the zone is no longer served. */
  | { readonly kind: 'zone'; readonly apex: WireName; readonly header?: ZoneHeader }
  /** All RRsets of each of `count` names; a name that comes without any is removed. */
  | { readonly kind: 'names'; readonly apex: WireName; readonly count: number; readonly packed: PackedNames }

/**
 * Names with their RRsets, in memory that threads share, so that all replicas are fed from one copy: for each name its
 * length (1), the name, the length of its packed RRsets (4) and these.
 */
export type PackedNames = Uint8Array<SharedArrayBuffer>

export type NameEntry = readonly [name: WireName, rrsets: PackedRRsets]

/** The update of these names. */
export function namesUpdate(apex: WireName, entries: readonly NameEntry[]): Update {
  const size = entries.reduce((sum, [name, rrsets]) => sum + 1 + name.length + 4 + rrsets.length, 0)
  const octets = Buffer.from(new SharedArrayBuffer(size))
  let at = 0
  for (const [name, rrsets] of entries) {
    octets[at] = name.length
    at += 1 + octets.write(name, at + 1, 'latin1')
    octets.writeUInt32BE(rrsets.length, at)
    at += 4 + octets.write(rrsets, at + 4, 'latin1')
  }
  return { kind: 'names', apex, count: entries.length, packed: new Uint8Array(octets.buffer as SharedArrayBuffer) }
}

export function applyUpdates(zones: Zones, updates: readonly Update[]): void {
  for (const update of updates) {
    if (update.kind === 'renew') zones.renew(update.apex)
    else if (update.kind === 'zone') zones.serve(update.apex, update.header)
    else {
      const zone = zones.at(update.apex)
      for (const [name, rrsets] of unpackNames(update.packed)) zone.put(name, rrsets)
    }
  }
}

/** Names that the updates are about, which is what it takes to apply them. */
export function namesIn(updates: readonly Update[]): number {
  return updates.reduce((sum, update) => sum + (update.kind === 'names' ? update.count : 0), 0)
}

// ---------------------------------------------------------------------------

function* unpackNames(packed: PackedNames): Generator<NameEntry> {
  const octets = Buffer.from(packed.buffer)
  for (let at = 0; at < octets.length; ) {
    const nameEnd = at + 1 + (octets[at] as number)
    const name = octets.toString('latin1', at + 1, nameEnd) as WireName
    at = nameEnd + 4 + octets.readUInt32BE(nameEnd)
    yield [name, octets.toString('latin1', nameEnd + 4, at) as PackedRRsets]
  }
}
