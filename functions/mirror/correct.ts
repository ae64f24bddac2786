import type { Change, Refusal } from '../../shared/mirror/model.ts'
import { type Blame, excerpt } from '../../shared/mirror/refusals.ts'
import { sameRRset } from '../../shared/records/segments.ts'
import type { Draft } from './draft.ts'
import { isCarriedOut, lookUp } from './inflight.ts'
import type { Session } from './session.ts'

/**
 * What to send instead of a change that Route 53 has refused; undefined if it is done with. What is deleted already is
 * as good as deleted by us, and an RRset of ours that somebody edited is deleted as it is now. An RRset that exists
 * although we never made it belongs to somebody else: it stays.
 */
export async function correct(
  session: Session,
  draft: Draft,
  change: Change,
  { kind, message }: Blame,
): Promise<Change | undefined> {
  switch (kind) {
    case 'not-found':
      draft.forget(change)
      return undefined
    case 'mismatch':
      return asItIs(session, draft, change, message)
    case 'exists':
      return unlessOurs(session, draft, change, message)
    case 'conflict':
      return refuse(session, draft, change, 'foreign', message)
    default:
      return refuse(session, draft, change, 'invalid', message)
  }
}

// ---------------------------------------------------------------------------

async function asItIs(session: Session, draft: Draft, change: Change, message: string): Promise<Change | undefined> {
  const set = await lookUp(session, change)
  if (set === undefined) {
    draft.forget(change)
    return undefined
  }
  if (set.rrset === undefined) return refuse(session, draft, change, 'foreign', message)
  if (sameRRset(set.rrset, change.rrset)) return refuse(session, draft, change, 'invalid', message)
  return { ...change, rrset: set.rrset }
}

/** A creation that AWS carried out when its sender had died and nobody counted on it any more. */
async function unlessOurs(
  session: Session,
  draft: Draft,
  change: Change,
  message: string,
): Promise<Change | undefined> {
  const sent = session.doubtful.find((one) => one.action !== 'DELETE' && isSameSet(one, change))
  if (sent === undefined || !(await isCarriedOut(session, session.doubtful))) {
    return refuse(session, draft, change, 'foreign', message)
  }
  draft.own(change.type, sent.rrset)
  if (!sameRRset(sent.rrset, change.rrset)) return { ...change, action: 'UPSERT' }
  draft.accept([change], { at: session.now() })
  return undefined
}

function isSameSet(a: Change, b: Change): boolean {
  return a.name === b.name && a.type === b.type
}

function refuse(session: Session, draft: Draft, change: Change, code: Refusal['code'], message: string): undefined {
  const refusal = { code, message: excerpt(message, change), at: session.now() }
  draft.refuse(change, refusal)
  session.report({ kind: 'refused', zone: session.zone.zone, name: change.name, type: change.type, refusal })
}
