import type { Name } from '../../shared/dns/name.ts'
import { add, NO_COST, share } from '../../shared/mirror/cost.ts'
import type { Mark, MirrorRow } from '../../shared/mirror/model.ts'
import { type Packable, pack } from '../../shared/mirror/pack.ts'
import { emptyRow, planName, planNothing } from '../../shared/mirror/plan.ts'
import { deliver, settle } from './deliver.ts'
import { Draft } from './draft.ts'
import type { Session } from './session.ts'

/**
 * Brings Route 53 up to date with every name that is marked, as it is registered now: how often it changed, and in
 * which order that was told, does not matter. Returns once nothing is marked, or nothing that can be done now; throws Stop.
 */
export async function drain(session: Session): Promise<void> {
  const { store, hostedZone } = session
  let after: Name | undefined
  let heldBack = false
  for (let moved = false; ; ) {
    const marks = await store.marks(hostedZone, after, MARKS)
    if (marks.length === 0 && after === undefined) return
    const more = marks.length === MARKS
    const pass = await drainMarks(session, marks, more || heldBack)
    heldBack = pass.heldBack
    moved ||= pass.moved
    after = more ? marks.at(-1)?.name : undefined // names that are marked again and again hold up no others
    if (more) continue
    if (!moved || session.full !== undefined) return
    moved = false
  }
}

// ---------------------------------------------------------------------------

/** Names looked at together: enough for two full requests. */
const MARKS = 2_000
/** A request that is filled up to this share is not kept back. */
const WELL_FILLED = 0.95

interface Pass {
  /** True if names were held back, which others are to join in a request. */
  readonly heldBack: boolean
  /** True if something was sent, or settled without. */
  readonly moved: boolean
}

async function drainMarks(session: Session, marks: readonly Mark[], others: boolean): Promise<Pass> {
  const drafts = await draw(session, marks)
  const settled = drafts.filter(({ plan }) => plan.changes.length === 0)
  if (settled.length > 0) await settle(session, settled)
  const batches = pack(
    drafts
      .filter(({ plan }) => plan.changes.length > 0)
      .map((draft) => ({ draft, changes: draft.plan.changes, cost: draft.plan.cost })),
  )
  const filled = others ? withoutRemainder(batches) : batches
  await deliver(session, filled)
  return { heldBack: filled.length < batches.length, moved: settled.length + filled.length > 0 }
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
  const [{ records, unreadable }, rows] = await Promise.all([names.readAll(wanted), store.rows(hostedZone, wanted)])
  return marks.map((mark) => {
    const row: MirrorRow = rows.get(mark.name) ?? emptyRow(mark.name)
    const plan = unreadable.has(mark.name)
      ? planNothing(row, now())
      : planName(zone.zone, records.get(mark.name), row, now())
    return new Draft(plan, mark, row)
  })
}
