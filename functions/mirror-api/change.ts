import { statusOfChange } from '../../shared/mirror/change-status.ts'
import type { AcceptedChange } from '../../shared/mirror/model.ts'
import type { ChangeNote, Route53 } from '../../shared/mirror/ports.ts'
import type { MirrorApiParts } from './parts.ts'

/**
 * Whether a change that Route 53 has accepted is on all its name servers; PENDING where that cannot be learnt soon. AWS
 * is asked unless `mayAsk` is false.
 */
export async function settledStatus(
  { store, route53, pace, now, pause }: MirrorApiParts,
  { id, at }: Pick<AcceptedChange, 'id' | 'at'>,
  mayAsk = true,
): Promise<ChangeNote['status']> {
  const age = now() - at
  if (id === undefined) return age >= USUAL_MS ? 'INSYNC' : 'PENDING'
  if (age >= SURE_MS) return 'INSYNC'
  if (!mayAsk) return (await store.changeNote(id))?.status ?? 'PENDING'
  return statusOfChange({ store, route53: impatient(route53, pause), pace, now }, id, now() + TURN_MS)
}

/** The most that `settledStatus` takes, the store left out. */
export const SETTLE_MS = 2_500

// ---------------------------------------------------------------------------

/** What AWS says that a change takes as a rule (API reference, ChangeResourceRecordSets). */
const USUAL_MS = 60_000
/** After a day there is no doubt, and AWS need not know of the change any more. */
const SURE_MS = 24 * 3_600_000
/** How long a question may wait for its turn. Longer, and those that ask would hold up those that write. */
const TURN_MS = 500
const ANSWER_MS = SETTLE_MS - TURN_MS

function impatient(route53: MirrorApiParts['route53'], pause: MirrorApiParts['pause']): Pick<Route53, 'changeStatus'> {
  return {
    changeStatus: (id) =>
      Promise.race([
        route53.changeStatus(id),
        pause(ANSWER_MS).then(() => ({ kind: 'unknown' as const, reason: 'no answer in time' })),
      ]),
  }
}
