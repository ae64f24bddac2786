import { canonicalName, isAtOrBelow, type Name, NameError, parseName } from '../dns/name.ts'
import { NamingError } from '../records/faults.ts'

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
