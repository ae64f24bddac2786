import { canonicalName, type Name, NameError } from '../shared/dns/name.ts'
import type { ZoneSetting } from './settings.ts'
import { SettingsError } from './settings-error.ts'

/** A setting that is the name of a zone, `true` for the first one, or `false`: undefined. Throws SettingsError. */
export function chosenZone(setting: string, given: unknown, zones: readonly ZoneSetting[]): Name | undefined {
  if (given === false || given === 'false') return undefined
  if (given === true || given === 'true') return zones[0]?.zone
  const found = zones.find(({ zone }) => zone === nameOf(given))
  if (found !== undefined) return found.zone
  throw new SettingsError(`${setting} must be true, false or one of the zones, it is ${JSON.stringify(given)}`)
}

// ---------------------------------------------------------------------------

function nameOf(given: unknown): Name | undefined {
  try {
    return typeof given === 'string' ? canonicalName(given) : undefined
  } catch (error) {
    if (error instanceof NameError) return undefined
    throw error
  }
}
