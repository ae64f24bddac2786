import { formatName, type Name, parseName } from '../dns/name.ts'
import type { Zone } from './model.ts'
import { EMPTY_LOG } from './ports.ts'

/**
 * A zone as it is first served: one name server, `ns` below the apex, and a negative TTL of seconds, so that a name asked
 * for too early is found soon after it is registered. Throws NameError if the apex leaves no room for a label below it.
 */
export function newZone(zone: Name): Zone {
  const apex = parseName(zone)
  const mname = formatName(parseName('ns', apex))
  const rname = formatName(parseName('hostmaster', apex))
  return {
    zone,
    serial: EMPTY_LOG,
    soa: { ttl: 3600, mname, rname, refresh: 300, retry: 60, expire: 604_800, minimum: 1 },
    ns: { ttl: 3600, rdata: [mname] },
  }
}
