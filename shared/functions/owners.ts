import { formatName, type Name, parentName, parseName } from '../dns/name.ts'
import { functionOfArn } from './arn.ts'
import type { Publication } from './model.ts'

/** The functions, by ARN without qualifier, to which names of publications belong. */
export function ownersOf(publications: readonly Publication[]): (name: Name) => string | undefined {
  const owners = new Map(publications.flatMap(({ name, fn }) => (fn === undefined ? [] : [[name, fn.arn] as const])))
  return (name) => {
    const arn = owners.get(toldOf(name))
    return arn === undefined ? undefined : (functionOfArn(arn)?.arn ?? arn)
  }
}

// ---------------------------------------------------------------------------

/** The name of a function without the service labels above it: no label of such a name begins with an underscore. */
function toldOf(name: Name): Name {
  let wire = parseName(name)
  while (wire.charAt(1) === '_') wire = parentName(wire)
  return formatName(wire)
}
