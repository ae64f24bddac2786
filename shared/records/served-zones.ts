import type { Name } from '../dns/name.ts'
import type { Now, ZoneStore } from './ports.ts'

/**
 * The zones served, remembered for a second. One that is wanted and missing is looked for in the store at once, so that
 * a zone just added can be written to.
 */
export function servedZones(store: ZoneStore, now: Now): (wanted?: string) => Promise<readonly Name[]> {
  let zones: readonly Name[] = []
  let readAt = Number.NEGATIVE_INFINITY
  return async (wanted) => {
    const missing = wanted !== undefined && !zones.some((zone) => zone === wanted)
    if (now() - readAt > ZONES_STAY_MS || missing) {
      const started = now()
      zones = (await store.list()).map(({ zone }) => zone)
      readAt = started
    }
    return zones
  }
}

// ---------------------------------------------------------------------------

const ZONES_STAY_MS = 1_000
