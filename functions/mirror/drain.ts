import type { Name } from '../../shared/dns/name.ts'
import { add, NO_COST, share } from '../../shared/mirror/cost.ts'
import type { Mark, MirrorRow } from '../../shared/mirror/model.ts'
import { type Packable, pack } from '../../shared/mirror/pack.ts'
import { emptyRow, planName } from '../../shared/mirror/plan.ts'
import { deliver, settle } from './deliver.ts'
import { Draft } from './draft.ts'
import { type Session, Stop } from './session.ts'

/**
 * Brings Route 53 up to date with every name that is marked, as it is registered now: how often it changed, and in
 * which order that was told, does not matter. Returns once nothing is marked; throws Stop.
 */
export async function drain(session: Session): Promise<void> {
  const { store, hostedZone } = session
  let after: Name | undefined
  let heldBack = false
  for (;;) {
    const marks = await store.marks(hostedZone, after, MARKS)
    if (marks.length === 0 && after === undefined) return
    const more = marks.length === MARKS
    heldBack = await drainMarks(session, marks, more || heldBack)
    if (session.full !== undefined) throw new Stop({ code: 'HostedZoneFull', message: session.full })
    after = more ? marks.at(-1)?.name : undefined // names that are marked again and again hold up no others
  }
}

// ---------------------------------------------------------------------------

/** Names looked at together: enough for two full requests. */
const MARKS = 2_000
/** A request that is filled up to this share is not kept back. */
const WELL_FILLED = 0.95

/** True if names were held back, which others are to join in a request. */
async function drainMarks(session: Session, marks: readonly Mark[], others: boolean): Promise<boolean> {
  const drafts = await draw(session, marks)
  await settle(
    session,
    drafts.filter(({ plan }) => plan.changes.length === 0),
  )
  const batches = pack(
    drafts
      .filter(({ plan }) => plan.changes.length > 0)
      .map((draft) => ({ draft, changes: draft.plan.changes, cost: draft.plan.cost })),
  )
  const filled = others ? withoutRemainder(batches) : batches
  await deliver(session, filled)
  return filled.length < batches.length
}

/** While more names are waiting, a request that they could fill is kept back: its names stay marked. */
function withoutRemainder<T extends Packable>(batches: readonly (readonly T[])[]): readonly (readonly T[])[] {
  const filled = batches.map((batch) => share(batch.map(({ cost }) => cost).reduce(add, NO_COST)))
  const emptiest = Math.min(...filled)
  if (batches.length < 2 || emptiest > WELL_FILLED) return batches
  return batches.filter((_, i) => i !== filled.indexOf(emptiest))
}

/** The plans of marked names. */
async function draw(
  { store, names, hostedZone, zone, now }: Session,
  marks: readonly Mark[],
): Promise<readonly Draft[]> {
  const wanted = marks.map(({ name }) => name)
  const [records, rows] = await Promise.all([names.readAll(wanted), store.rows(hostedZone, wanted)])
  return marks.map((mark) => {
    const row: MirrorRow = rows.get(mark.name) ?? emptyRow(mark.name)
    return new Draft(planName(zone.zone, records.get(mark.name), row, now()), mark, row)
  })
}
