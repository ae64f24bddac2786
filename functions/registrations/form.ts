import type { Registration } from '../../shared/registrations/model.ts'

/** A registration as clients see it. */
export function formOf({ zone, name, id, rrsets, lease }: Registration) {
  const records = Object.entries(rrsets)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([type, { rdata, ttl }]) => ({ type, rdata, ttl }))
  return {
    zone,
    name,
    id,
    records,
    ...(lease && {
      lease: lease.seconds,
      until: new Date(lease.until).toISOString(),
      renewAfter: Math.max(1, Math.floor(lease.seconds / 3)), // two renewals may fail
    }),
  }
}
