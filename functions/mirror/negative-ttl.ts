import { backoff } from '../../shared/mirror/pace.ts'
import type { ListedSet } from '../../shared/mirror/ports.ts'
import type { Zone } from '../../shared/records/model.ts'
import { lookUp } from './inflight.ts'
import type { Session } from './session.ts'

/**
 * Sets the minimum field of the hosted zone's SOA record to that of the zone, unless it is `known` to be so. Route 53 begins with a day, which with
 * the record's TTL makes resolvers remember for 15 minutes that a name does not exist (RFC 2308 5): a name that was asked
 * for too early would stay away long after it is registered.
 */
export async function lowerNegativeTtl(session: Session, known: number | undefined): Promise<void> {
  const { store, route53, hostedZone, zone, report } = session
  const { minimum } = zone.soa
  if (known === minimum) return
  const set = await lookUp(session, { name: zone.zone, type: 'SOA' })
  const [soa] = set?.rrset?.rdata ?? []
  if (set?.rrset !== undefined && soa !== undefined && soa !== withMinimum(soa, minimum)) {
    const rrset = { ttl: set.rrset.ttl, rdata: [withMinimum(soa, minimum)] }
    for (let losses = 0; ; losses++) {
      const outcome = await session.request(() => {
        report({ kind: 'request', zone: zone.zone, operation: 'change' })
        return route53.change(hostedZone, [{ action: 'UPSERT', name: zone.zone, type: 'SOA', rrset }])
      })
      if (outcome.kind === 'accepted') break
      if (outcome.kind === 'refused') {
        const refusal = { code: 'invalid' as const, message: outcome.messages.join('; '), at: session.now() }
        report({ kind: 'refused', zone: zone.zone, name: zone.zone, type: 'SOA', refusal })
        break
      }
      await session.wait(backoff(losses)) // an UPSERT can be repeated
    }
  }
  await store.note(hostedZone, { minimum })
}

/** False if these record sets hold the SOA of the zone, with another minimum. */
export function hasMinimum(sets: readonly ListedSet[], { zone, soa: { minimum } }: Zone): boolean {
  const [soa] = sets.find(({ name, type }) => name === zone && type === 'SOA')?.rrset?.rdata ?? []
  return soa === undefined || soa === withMinimum(soa, minimum)
}

// ---------------------------------------------------------------------------

/** An SOA rdata with another minimum, its last field (RFC 1035 3.3.13). */
function withMinimum(soa: string, minimum: number): string {
  return soa.replace(/\d+$/, String(minimum))
}
