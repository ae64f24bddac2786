import { costOfAll } from '../../shared/mirror/cost.ts'
import { type Attempt, divide } from './divide.ts'
import { changesOf, type Draft, grows, isDivisible, type Part } from './draft.ts'
import { halves } from './halves.ts'
import { madeBy } from './inflight.ts'
import { type Sent, send } from './send.ts'
import type { Session } from './session.ts'

/**
 * Carries out batches, each in one request if Route 53 takes it. What it names as being at fault is corrected or set
 * aside, and the rest goes on; where it names nothing the batch is halved, between names and in the end between the
 * changes of one, until what it does not take stands alone. All other changes are made, whatever lies among them.
 */
export async function deliver(session: Session, batches: readonly (readonly Part[])[]): Promise<void> {
  const attempts: Attempt[] = batches.map((parts) => ({ parts }))
  for (let attempt = attempts.shift(); attempt !== undefined; attempt = attempts.shift()) {
    const parts = attempt.parts.map(withoutDone).filter((part) => session.full === undefined || !grows(part))
    if (parts.length === 0) continue // what finds no room stays marked
    if (attempt.suspect && isDivisible(parts)) {
      attempts.unshift(...halves(session, parts))
      continue
    }
    const sent = await send(session, parts)
    if (sent.kind === 'refused') {
      const rest = await divide(session, parts, sent.messages)
      await settle(session, draftsOf(parts))
      attempts.unshift(...rest)
    } else {
      await accept(session, parts, sent)
      if (attempt.twin !== undefined) attempt.twin.suspect = true // one of the two was at fault
    }
  }
}

/**
 * Notes how far these names have come; the marks of those that are finished go. Not many at a time: while the store is slow
 * the lease must not run out in between, for then another writer would have noted more than we know.
 */
export async function settle(session: Session, drafts: readonly Draft[]): Promise<void> {
  const { store, hostedZone, now } = session
  for (let from = 0; from < drafts.length; from += NOTED) {
    const some = drafts.slice(from, from + NOTED)
    await session.keepLease()
    await store.putRows(
      hostedZone,
      some.filter(({ isNews }) => isNews).map(({ row }) => row),
    )
    await store.unmark(
      hostedZone,
      some.filter(({ finished }) => finished).map(({ mark }) => mark),
      now(),
    )
  }
}

// ---------------------------------------------------------------------------

const NOTED = 200

async function accept(session: Session, parts: readonly Part[], sent: Exclude<Sent, { kind: 'refused' }>) {
  const { store, hostedZone, now, report } = session
  const accepted = { ...(sent.kind === 'accepted' && { id: sent.id }), at: now() }
  for (const { draft, changes } of parts) draft.accept(sent.kind === 'accepted' ? changes : madeBy(changes), accepted)
  await settle(session, draftsOf(parts))
  const lagMs = Math.max(0, accepted.at - Math.min(...parts.map(({ draft }) => draft.mark.at)))
  const cost = costOfAll(changesOf(parts))
  await store.note(hostedZone, { lastBatch: { ...accepted, names: parts.length, ...cost, lagMs } })
  report({ kind: 'lag', zone: session.zone.zone, ms: lagMs })
  if (changesOf(parts).some(({ action }) => action === 'DELETE')) session.full = undefined // there is room again
}

/** Without what was deleted with the other half. */
function withoutDone({ draft, changes }: Part): Part {
  return { draft, changes: changes.filter((change) => !draft.isDone(change)) }
}

function draftsOf(parts: readonly Part[]): readonly Draft[] {
  return [...new Set(parts.map(({ draft }) => draft))]
}
