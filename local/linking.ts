import { failureOf } from '../shared/aws/route53-client.ts'
import type { Name } from '../shared/dns/name.ts'
import type { HostedZoneId } from '../shared/mirror/model.ts'
import type { Pace } from '../shared/mirror/pace.ts'
import type { FoundHostedZone, HostedZoneRegistry } from '../shared/mirror/ports.ts'
import type { Zone } from '../shared/records/model.ts'
import type { Now, ZoneStore } from '../shared/records/ports.ts'

export interface LinkingParts {
  readonly zones: ZoneStore
  readonly registry: HostedZoneRegistry
  readonly pace: Pace
  readonly now: Now
  /** Which hosted zone was taken, where that is not plain, one line each. */
  readonly tell: (line: string) => void
}

/** What is linked now; `missing` has a reason for each zone that could not be. */
export interface Links {
  readonly hostedZones: ReadonlyMap<Name, HostedZoneId>
  readonly missing: ReadonlyMap<Name, string>
}

/**
 * Links each served zone to its hosted zone: the one that it had, else one of exactly its name, else one that is created.
 * Where Route 53 cannot be asked at all, the zones that are left are not tried.
 */
export async function linkZones(parts: LinkingParts): Promise<Links> {
  const hostedZones = new Map<Name, HostedZoneId>()
  const missing = new Map<Name, string>()
  let outage: string | undefined
  for (const zone of await parts.zones.list()) {
    if (outage !== undefined) missing.set(zone.zone, outage)
    else {
      try {
        hostedZones.set(zone.zone, await linkZone(zone, parts))
      } catch (error) {
        const { message, cause } = error as Error
        missing.set(zone.zone, message)
        if (failureOf(cause ?? error).kind !== 'fault') outage = message
      }
    }
  }
  return { hostedZones, missing }
}

// ---------------------------------------------------------------------------

const TURN_MS = 60_000

async function linkZone({ zone, hostedZone }: Zone, parts: LinkingParts): Promise<HostedZoneId> {
  const { zones, registry, tell } = parts
  await turn(parts)
  const found = await registry.find(zone)
  if (hostedZone !== undefined && found.some(({ id }) => id === hostedZone)) return hostedZone
  const taken = found.find((one) => !one.private) ?? found[0]
  if (taken !== undefined && found.length > 1) tell(`${zone}: ${describe(found)} have this name, ${taken.id} is taken`)
  if (taken === undefined) await turn(parts)
  const id = taken?.id ?? (await registry.create(zone))
  await zones.link(zone, id)
  return id
}

async function turn({ pace, now }: LinkingParts): Promise<void> {
  if (!(await pace.turn(now() + TURN_MS))) throw new Error('Route 53 wants no requests for a while')
}

function describe(found: readonly FoundHostedZone[]): string {
  return found.map((one) => `${one.id} (${one.private ? 'private' : 'public'})`).join(', ')
}
