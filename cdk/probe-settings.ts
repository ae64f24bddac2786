import { canonicalName, type Name, NameError } from '../shared/dns/name.ts'
import { probeName } from '../shared/probe/name.ts'
import type { ZoneSetting } from './settings.ts'
import { SettingsError } from './settings-error.ts'

/**
 * The zone that is probed; undefined if none is. By default it is the first one where the responder is on: without it
 * an idle stack costs less than the probe. Throws SettingsError.
 */
export function readProbe(given: unknown, zones: readonly ZoneSetting[], hasResponder: boolean): Name | undefined {
  const zone = chosen(given ?? hasResponder, zones)
  try {
    if (zone !== undefined) probeName(zone)
  } catch (error) {
    if (!(error instanceof NameError)) throw error
    throw new SettingsError(`probe cannot be in ${zone}: ${error.message}; name another zone, or give probe=false`)
  }
  return zone
}

// ---------------------------------------------------------------------------

function chosen(given: unknown, zones: readonly ZoneSetting[]): Name | undefined {
  if (given === false || given === 'false') return undefined
  if (given === true || given === 'true') return zones[0]?.zone
  const found = zones.find(({ zone }) => zone === nameOf(given))
  if (found !== undefined) return found.zone
  throw new SettingsError(`probe must be true, false or one of the zones, it is ${JSON.stringify(given)}`)
}

function nameOf(given: unknown): Name | undefined {
  try {
    return typeof given === 'string' ? canonicalName(given) : undefined
  } catch (error) {
    if (error instanceof NameError) return undefined
    throw error
  }
}
