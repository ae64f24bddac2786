import { isAtOrBelow, type Name, parseName } from '../dns/name.ts'

/** A zone may lie in another one: a name belongs to the closest zone above it, which is the one that answers for it. */
export function closestZone(name: Name, zones: readonly Name[]): Name | undefined {
  const owner = parseName(name)
  const above = zones.filter((zone) => isAtOrBelow(owner, parseName(zone)))
  return above.toSorted((a, b) => b.length - a.length)[0]
}
