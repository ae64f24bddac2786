import { isOfHostedZone } from '../../functions/mirror/compare.ts'
import type { Name } from '../../shared/dns/name.ts'
import type { Pace } from '../../shared/mirror/pace.ts'
import type { MirrorStore, Route53 } from '../../shared/mirror/ports.ts'
import type { RRsets, Zone } from '../../shared/records/model.ts'
import type { NameStore, ZoneStore } from '../../shared/records/ports.ts'
import { type Compared, difference, isForeign, quarantine } from './compare.ts'
import type { DnsClient } from './dns-client.ts'
import { readListed, readRegistered, readRows, servedIn } from './sides.ts'

export interface VerifyParts {
  readonly names: NameStore
  readonly zones: ZoneStore
  readonly store: MirrorStore
  readonly route53: Route53
  readonly pace: Pace
  readonly dns: DnsClient
}

export interface Verdict {
  readonly names: number
  readonly rrsets: number
  /** Record sets in the hosted zones that are somebody else's. */
  readonly foreign: number
  /** Names that are on their way to Route 53. */
  readonly waiting: number
  /** RRsets that Route 53 does not take, one line each. What it holds of them instead is nobody's fault. */
  readonly quarantined: readonly string[]
  /** One line each. */
  readonly differences: readonly string[]
}

/** Compares what the responder answers with what Route 53 holds, for all that is registered or was put there by us. */
export async function verify(parts: VerifyParts): Promise<Verdict> {
  const registered = await readRegistered(parts.names)
  const verdicts: Verdict[] = []
  for (const zone of await parts.zones.list()) {
    verdicts.push(await verifyZone(zone, registered.get(zone.zone) ?? new Map(), parts))
  }
  return {
    names: sum(verdicts, ({ names }) => names),
    rrsets: sum(verdicts, ({ rrsets }) => rrsets),
    foreign: sum(verdicts, ({ foreign }) => foreign),
    waiting: sum(verdicts, ({ waiting }) => waiting),
    quarantined: verdicts.flatMap(({ quarantined }) => quarantined).sort(),
    differences: verdicts.flatMap(({ differences }) => differences).sort(),
  }
}

// ---------------------------------------------------------------------------

const AT_ONCE = 50

async function verifyZone(
  { zone, hostedZone }: Zone,
  registered: ReadonlyMap<Name, RRsets>,
  { store, route53, pace, dns }: VerifyParts,
): Promise<Verdict> {
  if (hostedZone === undefined) {
    const nothing = { names: 0, rrsets: 0, foreign: 0, waiting: 0, quarantined: [] }
    return { ...nothing, differences: [`not mirrored: the zone ${zone}`] }
  }
  const sets = (await readListed(route53, pace, hostedZone)).filter((set) => !isOfHostedZone(zone, set))
  const rows = await readRows(store, hostedZone)
  const found = new Map<string, Omit<Compared, 'served'>>()
  for (const [name, rrsets] of registered) {
    for (const type of Object.keys(rrsets)) {
      found.set(`${name} ${type}`, { name, type, registered: true, listed: undefined, row: rows.get(name) })
    }
  }
  for (const { name, type, rrset } of sets) {
    const key = `${name} ${type}`
    const known = found.get(key) ?? { name, type, registered: false, row: rows.get(name) }
    found.set(key, { ...known, listed: { rrset } })
  }
  const ours = [...found.values()].filter((one) => !isForeign(one))
  const due = ours.filter((one) => quarantine(one) === undefined)
  const differences = await inParallel(due, async (one) =>
    difference({ ...one, served: servedIn(await dns.ask(one.name, one.type), one.name, one.type) }),
  )
  return {
    names: new Set(ours.map(({ name }) => name)).size,
    rrsets: ours.length,
    foreign: found.size - ours.length,
    waiting: (await store.counts(hostedZone)).marked,
    quarantined: ours.flatMap((one) => quarantine(one) ?? []),
    differences: differences.filter((one) => one !== undefined),
  }
}

/** The results in the order of the items. */
async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const entries = items.entries()
  const worker = async () => {
    for (const [at, item] of entries) results[at] = await work(item)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return results
}

function sum(verdicts: readonly Verdict[], figure: (verdict: Verdict) => number): number {
  return verdicts.reduce((all, verdict) => all + figure(verdict), 0)
}
