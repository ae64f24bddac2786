import { canonicalName } from '../../shared/dns/name.ts'
import { newZone } from '../../shared/records/new-zone.ts'
import type { ZoneStore } from '../../shared/records/ports.ts'

/**
 * Adds the zones of a deployment to those that are served. One that is there stays as it is, and none is ever removed.
 * Throws before it adds anything if `zones` is not a list of domain names.
 */
export async function seedZones(store: ZoneStore, zones: unknown): Promise<void> {
  if (!Array.isArray(zones)) throw new TypeError('zones must be a list of domain names')
  for (const zone of zones.map((text) => canonicalName(String(text)))) await store.add(newZone(zone))
}
