import { InvalidChangeBatch } from './api-error.ts'
import type { HostedZone, Plan, RecordSet } from './model.ts'
import type { R53Name } from './names.ts'
import { keyOf, type ZoneSets } from './zone-sets.ts'

// What must hold in the hosted zone as the batch leaves it. Only names that the batch touches are looked at.

/** Throws InvalidChangeBatch with one message for each set that may not be there. */
export function checkOutcome(plan: Plan, zone: HostedZone, sets: ZoneSets, maxSets: number): void {
  const after = outcome(plan, sets)
  const growth = [...after].reduce((total, [name, all]) => total + all.length - sets.at(name).length, 0)
  const messages = plan.put.flatMap((set) => RULES.flatMap((rule) => rule(set, after.get(set.name) ?? [], zone) ?? []))
  const orphans = plan.put.filter((set) => !targetExists(set, zone, after, sets))
  const found = [...messages, ...orphans.map((set) => noTarget(set, zone)), ...apexFaults(zone.name, after)]
  if (found.length > 0) throw new InvalidChangeBatch(found)
  if (growth > 0 && sets.size + growth > maxSets) {
    throw new InvalidChangeBatch([`Exceeded limit MAX_RRSETS_BY_ZONE for zone: ${zone.id}`], ['zoneFull'])
  }
}

// ---------------------------------------------------------------------------

/** What is wrong with a set that the batch puts beside the others of its name; `all` has it in. */
type Rule = (set: RecordSet, all: readonly RecordSet[], zone: HostedZone) => string | undefined

const RULES: readonly Rule[] = [cname, belongsToApex, policies, weightedTtl]

const MAX_WEIGHTED = 100

function cname({ name, type }: RecordSet, all: readonly RecordSet[], zone: HostedZone): string | undefined {
  const what = `RRSet of type ${type} with DNS name ${name} is not permitted`
  if (type === 'CNAME' && name === zone.name) return `${what} at apex in zone ${zone.name}`
  if (type === 'CNAME' && all.some((other) => other.type !== 'CNAME')) {
    return `${what} as it conflicts with other records with the same DNS name in zone ${zone.name}`
  }
  if (type !== 'CNAME' && all.some((other) => other.type === 'CNAME')) {
    return `${what} because a conflicting RRSet of type CNAME with the same DNS name already exists in zone ${zone.name}`
  }
  return undefined
}

function belongsToApex({ name, type }: RecordSet, _all: readonly RecordSet[], zone: HostedZone): string | undefined {
  return type === 'SOA' && name !== zone.name ? 'A HostedZone must contain exactly one SOA record.' : undefined
}

/** Sets of one name and type have all the same policy, or there is a single one without. */
function policies(set: RecordSet, all: readonly RecordSet[]): string | undefined {
  const others = all.filter((other) => other.type === set.type && other.identifier !== set.identifier)
  if (others.length === 0) return undefined
  const { name, type, identifier, routing } = set
  const what = `RRSet with DNS name ${name}, type ${type}`
  if (routing === undefined) return `${what} cannot be created as other RRSets exist with the same name and type.`
  if (others.some((other) => other.routing?.policy !== routing.policy)) {
    const policy = routing.policy === 'Weight' ? 'weighted' : routing.policy.toLowerCase()
    return `${what}, SetIdentifier ${identifier} cannot be created as a non-${policy} set exists with the same name and type.`
  }
  if (others.length < MAX_WEIGHTED) return undefined
  return `Exceeded limit on number of weighted RRSets for ${name}, type ${type} in this zone.`
}

function weightedTtl(
  { name, type, identifier, routing, ttl }: RecordSet,
  all: readonly RecordSet[],
): string | undefined {
  if (routing?.policy !== 'Weight') return undefined
  const others = all.filter((other) => other.type === type && other.routing !== undefined)
  if (others.every((other) => other.ttl === ttl)) return undefined
  return `RRSet with DNS name ${name} and type ${type}, SetIdentifier ${identifier} cannot be created as weighted sets must contain the same TTL.`
}

/** All sets that the touched names have afterwards. */
function outcome({ removed, put }: Plan, sets: ZoneSets): ReadonlyMap<R53Name, readonly RecordSet[]> {
  const replaced = new Set([...removed, ...put].map(keyOf))
  const putAt = Map.groupBy(put, ({ name }) => name)
  const names = new Set([...removed, ...put].map(({ name }) => name))
  return new Map(
    Array.from(names, (name) => {
      const kept = sets.at(name).filter((set) => !replaced.has(keyOf(set)))
      return [name, [...kept, ...(putAt.get(name) ?? [])]]
    }),
  )
}

function apexFaults(apex: R53Name, after: ReadonlyMap<R53Name, readonly RecordSet[]>): readonly string[] {
  const all = after.get(apex)
  if (all === undefined) return []
  const faults: string[] = []
  if (!all.some(({ type }) => type === 'SOA')) faults.push('A HostedZone must contain exactly one SOA record.')
  if (!all.some(({ type }) => type === 'NS')) {
    faults.push('A HostedZone must contain at least one NS record for the zone itself.')
  }
  return faults
}

/** The target of an alias into the same zone must be there; what is elsewhere cannot be known here. */
function targetExists(
  { type, alias }: RecordSet,
  zone: HostedZone,
  after: ReadonlyMap<R53Name, readonly RecordSet[]>,
  sets: ZoneSets,
): boolean {
  if (alias?.hostedZoneId !== zone.id) return true
  return (after.get(alias.dnsName) ?? sets.at(alias.dnsName)).some((target) => target.type === type)
}

function noTarget({ type, alias }: RecordSet, zone: HostedZone): string {
  return `Tried to create an alias that targets ${alias?.dnsName}, type ${type} in zone ${zone.id}, but that target was not found`
}
