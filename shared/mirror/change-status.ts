import type { Now } from '../records/ports.ts'
import { backoff, type Pace } from './pace.ts'
import type { ChangeNote, MirrorStore, Route53 } from './ports.ts'

export interface ChangeStatusParts {
  readonly store: Pick<MirrorStore, 'changeNote' | 'noteChange'>
  readonly route53: Pick<Route53, 'changeStatus'>
  readonly pace: Pace
  readonly now: Now
}

/**
 * Whether a change has reached all of Route 53's name servers. AWS is asked only every so often, whoever wants to know,
 * since the question takes one of the account's few requests; in between the answer is the last one. PENDING also where
 * AWS cannot be asked before `latest` (milliseconds since the epoch).
 */
export async function statusOfChange(
  { store, route53, pace, now }: ChangeStatusParts,
  id: string,
  latest: number,
): Promise<ChangeNote['status']> {
  const known = await store.changeNote(id)
  if (known?.status === 'INSYNC') return 'INSYNC'
  if (known !== undefined && now() - known.askedAt < ASK_AGAIN_MS) return 'PENDING'
  // Noted before, so that of many who wait for a change one takes a turn, and the mirror the others.
  await store.noteChange(id, { status: 'PENDING', askedAt: now() })
  if (!(await pace.turn(latest))) {
    await store.noteChange(id, { status: 'PENDING', askedAt: known?.askedAt ?? 0 })
    return 'PENDING'
  }
  const outcome = await route53.changeStatus(id)
  if (outcome.kind === 'throttled') await pace.slowDown(backoff(0))
  if (outcome.kind !== 'status' || outcome.status === 'PENDING') return 'PENDING'
  await store.noteChange(id, { status: 'INSYNC', askedAt: now() })
  return 'INSYNC'
}

// ---------------------------------------------------------------------------

const ASK_AGAIN_MS = 5_000
