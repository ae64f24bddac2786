import { canonicalName, isAtOrBelow, type Name, NameError, parseName } from '../../shared/dns/name.ts'
import { NamingError } from '../../shared/records/faults.ts'
import type { MirrorApiParts, Target } from './parts.ts'

/**
 * The zone of that spelling and its hosted zone. Throws NamingError `invalid_name`, `zone_not_found`,
 * `zone_not_mirrored`.
 */
export async function findTarget({ zones }: Pick<MirrorApiParts, 'zones'>, spelled: string): Promise<Target> {
  const apex = readName(spelled)
  const found = (await zones.list()).find(({ zone }) => zone === apex)
  if (found === undefined) throw new NamingError('zone_not_found')
  if (found.hostedZone === undefined) throw new NamingError('zone_not_mirrored')
  return { zone: apex, hostedZone: found.hostedZone }
}

/** A full owner name in a zone, apex included. Throws NamingError `invalid_name`. */
export function readNameIn(zone: Name, spelled: string): Name {
  const name = readName(spelled)
  if (isAtOrBelow(parseName(name), parseName(zone))) return name
  throw new NamingError('invalid_name', `${name} is not in the zone ${zone}`)
}

/** A name in any letter case, with or without its final dot. Throws NamingError `invalid_name`. */
export function readName(spelled: string): Name {
  try {
    return canonicalName(spelled)
  } catch (cause) {
    if (!(cause instanceof NameError)) throw cause
    throw new NamingError('invalid_name', cause.message, { cause })
  }
}
