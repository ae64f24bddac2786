import { parseName, type WireName } from '../../shared/dns/name.ts'
import type { Zone } from '../../shared/records/model.ts'
import type { Update } from '../zones/update.ts'
import { compileHeader } from './compile.ts'

/**
 * The SOA and NS of each zone as they are served. The serial is the last segment that touched the zone among those
 * applied here, so it tells how far this replica is, and it never goes backwards.
 */
export class Headers {
  #zones: ReadonlyMap<WireName, Zone> = new Map()
  readonly #touched = new Map<WireName, number>()
  readonly #served = new Map<WireName, string>()
  #changed = false // since `advance`

  /** The zones as the store has them; `advance` serves them. */
  set zones(zones: readonly Zone[]) {
    this.#zones = new Map(zones.map((zone) => [parseName(zone.zone), zone]))
    this.#changed = true
  }

  /** Number of zones that are served. */
  get size(): number {
    return this.#served.size
  }

  /** Notes that a segment changed a zone. False if there is no such zone yet. */
  touch(apex: WireName, seq: number): boolean {
    this.#touched.set(apex, seq)
    this.#changed = true
    return this.#zones.has(apex)
  }

  /** The updates that bring a replica to what is known once the segments up to `cursor` are applied. */
  advance(cursor: number): Update[] {
    const updates: Update[] = []
    if (!this.#changed) return updates
    this.#changed = false
    for (const [apex, zone] of this.#zones) {
      // A serial beyond the cursor belongs to segments that are still to come; 1 is that of a zone no segment touched.
      const stored = zone.serial <= cursor ? zone.serial : 0
      const serial = Math.max(stored, this.#touched.get(apex) ?? 0)
      const state = JSON.stringify([serial, zone.soa, zone.ns])
      if (serial === 0 || this.#served.get(apex) === state) continue
      this.#served.set(apex, state)
      this.#touched.set(apex, serial)
      updates.push({ kind: 'zone', apex, header: compileHeader(zone, serial) })
    }
    for (const apex of this.#served.keys()) {
      if (this.#zones.has(apex)) continue
      this.#served.delete(apex)
      updates.push({ kind: 'zone', apex })
    }
    return updates
  }
}
