import { type Name, NameError } from '../shared/dns/name.ts'
import { probeName } from '../shared/probe/name.ts'
import type { ZoneSetting } from './settings.ts'
import { SettingsError } from './settings-error.ts'
import { chosenZone } from './zone-choice.ts'

/**
 * The zone that is probed; undefined if none is. By default it is the first one where the responder is on: without it
 * an idle stack costs less than the probe. Throws SettingsError.
 */
export function readProbe(given: unknown, zones: readonly ZoneSetting[], hasResponder: boolean): Name | undefined {
  const zone = chosenZone('probe', given ?? hasResponder, zones)
  try {
    if (zone !== undefined) probeName(zone)
  } catch (error) {
    if (!(error instanceof NameError)) throw error
    throw new SettingsError(`probe cannot be in ${zone}: ${error.message}; name another zone, or give probe=false`)
  }
  return zone
}
