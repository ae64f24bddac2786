import type { Change } from '../../shared/mirror/model.ts'
import { applyChange, emptyRow } from '../../shared/mirror/plan.ts'
import type { ListedSet } from '../../shared/mirror/ports.ts'
import { sameRRset, sameRRsets } from '../../shared/records/segments.ts'
import type { Session } from './session.ts'

/**
 * Settles the batch that an earlier writer sent and did not live to note: if Route 53 has carried it out, the rows get
 * to say what is there by it. What it deleted is deleted again, which costs little and cannot be mistaken. If it was not
 * carried out its names are still marked, and their plans are made anew.
 */
export async function settleInflight(session: Session): Promise<void> {
  const { store, hostedZone } = session
  const inflight = await store.inflight(hostedZone)
  if (inflight === undefined) return
  const { changes, names, sentAt } = inflight
  if (await isCarriedOut(session, changes)) {
    const rows = await store.rows(
      hostedZone,
      names.map(({ name }) => name),
    )
    const settled = names.flatMap(({ name, at }) => {
      const row = rows.get(name) ?? emptyRow(name)
      const applied = madeBy(changes.filter((change) => change.name === name)).reduce(applyChange, row.applied)
      if (sameRRsets(applied, row.applied)) return [] // noted before the end came
      return [{ ...row, applied, change: { at: sentAt, lagMs: Math.max(0, sentAt - at) } }]
    })
    await store.putRows(hostedZone, settled)
  } else session.doubtful = changes
  await store.setInflight(hostedZone, undefined)
}

/**
 * Whether Route 53 has carried out a batch whose answer was lost. It does so with the whole batch or with nothing, so a
 * look at some of what the batch puts there tells: it is all there, or none of it need be. More than one look, since one
 * RRset may have been there before, made by somebody else. Never true of a batch that only deletes: what is gone may have
 * been gone before, and to delete it once more does no harm.
 */
export async function isCarriedOut(session: Session, changes: readonly Change[]): Promise<boolean> {
  const made = madeBy(changes)
  const places = [0, Math.floor(made.length / 2), made.length - 1]
  for (const change of new Set(places.flatMap((place) => made[place] ?? []))) {
    const set = await lookUp(session, change)
    if (!sameRRset(set?.rrset, change.rrset)) return false
  }
  return made.length > 0
}

/** The changes that put something there. */
export function madeBy(changes: readonly Change[]): readonly Change[] {
  return changes.filter(({ action }) => action !== 'DELETE')
}

/** The record set of this name and type as it is now; undefined if there is none. */
export async function lookUp(
  { read, route53, hostedZone, report, zone }: Session,
  { name, type }: Pick<Change, 'name' | 'type'>,
): Promise<ListedSet | undefined> {
  const { sets } = await read(() => {
    report({ kind: 'request', zone: zone.zone, operation: 'list' })
    return route53.list(hostedZone, { name, type }, 1)
  })
  return sets.find((set) => set.name === name && set.type === type)
}
