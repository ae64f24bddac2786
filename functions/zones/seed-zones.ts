import { canonicalName, type Name } from '../../shared/dns/name.ts'
import type { Measure } from '../../shared/metrics/measure.ts'
import { newZone } from '../../shared/records/new-zone.ts'
import type { ZoneStore } from '../../shared/records/ports.ts'

/**
 * Adds the zones of a deployment to those that are served and ties each to the hosted zone that mirrors it: `zones` is a
 * list of domain names or `{ zone, hostedZone? }`. A zone that is there keeps all else, and none is ever removed, but
 * only zones in the list stay mirrored. Throws before it writes anything if the list is not such.
 */
export async function seedZones(store: ZoneStore, zones: unknown, measure: Measure<'zones'>): Promise<void> {
  if (!Array.isArray(zones)) throw new TypeError('zones must be a list of domain names')
  const wanted = zones.map(readZone)
  const mirrors = new Map(wanted.map(({ zone, hostedZone }) => [zone, hostedZone]))
  checkOneEach(wanted)
  for (const zone of wanted.map(({ zone }) => newZone(zone))) await store.add(zone)
  const linked = await store.list()
  // Cut before it is tied anew: a hosted zone that passes to another zone never mirrors both.
  for (const { zone, hostedZone } of linked) {
    if (hostedZone !== undefined && mirrors.get(zone) !== hostedZone) await store.link(zone, undefined)
  }
  for (const [zone, hostedZone] of mirrors) if (hostedZone !== undefined) await store.link(zone, hostedZone)
  measure('ZonesServed', wanted.length)
  measure('ZonesMirrored', wanted.filter(({ hostedZone }) => hostedZone !== undefined).length)
}

// ---------------------------------------------------------------------------

interface Wanted {
  readonly zone: Name
  readonly hostedZone: string | undefined
}

const HOSTED_ZONE_ID = /^Z[A-Z0-9]{1,31}$/

function readZone(given: unknown): Wanted {
  const { zone, hostedZone } = typeof given === 'string' ? { zone: given } : Object(given)
  if (typeof zone !== 'string') throw new TypeError(`${JSON.stringify(given)} names no zone`)
  if (hostedZone !== undefined && !(typeof hostedZone === 'string' && HOSTED_ZONE_ID.test(hostedZone))) {
    throw new TypeError(`${JSON.stringify(hostedZone)} is not the id of a hosted zone`)
  }
  return { zone: canonicalName(zone), hostedZone }
}

/** Two zones in one hosted zone would take each other's records for strangers. */
function checkOneEach(wanted: readonly Wanted[]): void {
  for (const member of ['zone', 'hostedZone'] as const) {
    const all = wanted.flatMap((one) => one[member] ?? [])
    const twice = all.find((one, at) => all.indexOf(one) !== at)
    if (twice !== undefined) throw new TypeError(`${twice} is in the list twice`)
  }
}
