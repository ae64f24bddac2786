import type { Node } from 'constructs'
import { countLabels, formatName, type Name, NameError, parseName } from '../shared/dns/name.ts'

/** What a user may choose: the context of `cdk.json`, or `-c NAME=VALUE` on the command line. */
export interface Settings {
  /** Zones that are served, in the order given. */
  readonly zones: readonly Name[]
}

/** A setting that cannot be used; `message` names it and says why. */
export class SettingsError extends Error {
  override name = 'SettingsError'
}

/** Reads and checks the context of an app. Throws SettingsError. */
export function readSettings(node: Node): Settings {
  return { zones: readZones(node.tryGetContext('zones')) }
}

// ---------------------------------------------------------------------------

/** A list of zone names; `-c zones=a,b` on the command line gives it as one text. */
function readZones(given: unknown): readonly Name[] {
  const texts = typeof given === 'string' ? given.split(',').map((text) => text.trim()) : given
  if (!Array.isArray(texts) || texts.length === 0) {
    throw new SettingsError(
      `zones must be a list of zone names such as ["rpc.example.org"], it is ${JSON.stringify(given)}`,
    )
  }
  const zones = texts.map(readZone)
  const repeated = zones.find((zone, at) => zones.indexOf(zone) !== at)
  if (repeated) throw new SettingsError(`zones names ${repeated} twice`)
  return zones
}

function readZone(text: unknown): Name {
  if (typeof text !== 'string') throw new SettingsError(`zones holds ${JSON.stringify(text)}, which is not a text`)
  try {
    const zone = parseName(text)
    if (countLabels(zone) === 0) throw new NameError('the root cannot be served')
    if (zone.startsWith('\x01*')) throw new NameError('a zone cannot be a wildcard')
    return formatName(zone)
  } catch (error) {
    if (error instanceof NameError) throw new SettingsError(`zones holds ${JSON.stringify(text)}: ${error.message}`)
    throw error
  }
}
