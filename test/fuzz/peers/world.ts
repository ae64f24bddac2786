/** One scenario as we serve it, and what must be known of it to judge the answers of others. */
import type { Answer } from '../../../responder/answer.ts'
import type { Zone } from '../../../responder/zones/zone.ts'
import type { Zones } from '../../../responder/zones/zones.ts'
import { Type } from '../../../shared/dns/codes.ts'
import { isAtOrBelow, parentName, parseName, ROOT, type WireName } from '../../../shared/dns/name.ts'
import { parseZoneFile } from '../../../shared/dns/zone-file.ts'
import { answering, zoneUpdates } from '../../responder/scenario.ts'
import { Served } from '../../responder/served.ts'
import type { ZoneText } from './zones.ts'

export interface World {
  readonly zones: Zones
  readonly served: ReadonlyMap<WireName, ServedZone>
  /** All zones at once, as they are meant to be served. */
  readonly answer: Answer
}

export interface ServedZone {
  /** Names that own records, and those above them up to the root. */
  readonly names: ReadonlySet<WireName>
  /** The answers of a server that knows this zone only. */
  readonly answer: Answer
}

export function worldOf(texts: readonly ZoneText[]): World {
  const { zones } = new Served(...texts.flatMap(({ origin, text }) => zoneUpdates(origin, text)))
  return {
    zones,
    served: new Map(texts.map((zone) => [parseName(zone.origin), servedZone(zone)])),
    answer: answering(Object.fromEntries(texts.map(({ origin, text }) => [origin, text])), LINKS),
  }
}

/** True if the name, one above it in its zone, or a wildcard that would stand for one of these is in the data of another zone only. */
export function isKnownElsewhere({ zones, served }: World, name: WireName): boolean {
  const apex = zones.find(name, Type.A)?.apex
  if (apex === undefined) return false
  const own = served.get(apex) as ServedZone
  const isElsewhere = (at: WireName) => !own.names.has(at) && [...served.values()].some(({ names }) => names.has(at))
  for (let at = name; at !== apex; at = parentName(at)) {
    if (isElsewhere(at) || isElsewhere(`\x01*${parentName(at)}` as WireName)) return true
  }
  return false
}

/** True if a zone has the name below a DNAME whose owner is a wildcard. */
export function isBelowWildcardDname({ zones }: World, name: WireName): boolean {
  const zone = zones.find(name, Type.A)
  const hiding = zone?.hiding(name)
  return hiding !== undefined && hiding !== name && hiding.startsWith('\x01*')
}

/** True if a zone has the name at or below one of its cuts. */
export function isBelowCut(world: World, name: WireName): boolean {
  return isHidden(world, name, (zone, hiding) => isCut(zone, hiding))
}

/** True if a zone has the name below a DNAME. */
export function isBelowDname(world: World, name: WireName): boolean {
  return isHidden(world, name, (zone, hiding) => hiding !== name && !isCut(zone, hiding))
}

/** True if the name is the apex of a zone of which the zone above does not know. */
export function hasDsOfUnknownCut({ zones, served }: World, name: WireName): boolean {
  if (!served.has(name)) return false
  const parent = zones.find(parentName(name), Type.A)
  return parent !== undefined && parent.hiding(name) !== name
}

/** True if the name is the apex of a zone that lies within two others. */
export function isApexBelowTwo({ served }: World, name: WireName): boolean {
  return served.has(name) && [...served.keys()].filter((apex) => isAtOrBelow(name, apex)).length > 2
}

// ---------------------------------------------------------------------------

/** ANY gets all there is, so that the one RRset that others give can be looked for among it. */
const LINKS = { any: false }

function isHidden({ zones, served }: World, name: WireName, by: (zone: Zone, hiding: WireName) => boolean): boolean {
  return [...served.keys()].some((apex) => {
    const zone = zones.find(apex, Type.A)
    const hiding = isAtOrBelow(name, apex) ? zone?.hiding(name) : undefined
    return zone !== undefined && hiding !== undefined && by(zone, hiding)
  })
}

function isCut(zone: Zone, name: WireName): boolean {
  return name !== zone.apex && zone.rrset(name, Type.NS) !== undefined
}

function servedZone({ origin, text }: ZoneText): ServedZone {
  const apex = parseName(origin)
  const names = new Set<WireName>([ROOT])
  for (const { owner } of parseZoneFile(text, { origin: apex, file: origin })) {
    for (let at = owner; !names.has(at); at = parentName(at)) names.add(at)
  }
  return { names, answer: answering({ [origin]: text }, LINKS) }
}
