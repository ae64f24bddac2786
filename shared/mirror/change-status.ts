import type { Now } from '../records/ports.ts'
import type { Pace } from './pace.ts'
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
  if (!(await pace.turn(latest))) return 'PENDING'
  const outcome = await route53.changeStatus(id)
  const status = outcome.kind === 'status' ? outcome.status : 'PENDING'
  await store.noteChange(id, { status, askedAt: now() })
  return status
}

// ---------------------------------------------------------------------------

const ASK_AGAIN_MS = 5_000
