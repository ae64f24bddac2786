import { canonicalName, type Name, NameError } from '../dns/name.ts'

/** The name that the probe registers, relative to its zone. */
export const PROBE_LABEL = 'namestream-probe'

/** The name that the probe registers in a zone. Throws NameError for a zone in which it cannot. */
export function probeName(zone: Name): Name {
  // dns-packet, with which the probe asks, takes every dot for the end of a label.
  if (zone.includes('\\')) throw new NameError('the probe cannot look up a name with escapes')
  return canonicalName(`${PROBE_LABEL}.${zone}`)
}
