import type { Change } from '../../shared/mirror/model.ts'
import { applyChange, emptyRow } from '../../shared/mirror/plan.ts'
import type { ListedSet } from '../../shared/mirror/ports.ts'
import { sameRRsets } from '../../shared/records/segments.ts'
import type { Session } from './session.ts'

/**
 * Settles the batch that an earlier writer sent and did not live to note: if Route 53 has carried it out, the rows get
 * to say so. Otherwise its names are still marked, and their plans are made anew.
 */
export async function settleInflight(session: Session): Promise<void> {
  const { store, hostedZone } = session
  const inflight = await store.inflight(hostedZone)
  if (inflight === undefined) return
  if (await isCarriedOut(session, inflight.changes)) {
    const rows = await store.rows(
      hostedZone,
      inflight.names.map(({ name }) => name),
    )
    const settled = inflight.names.flatMap(({ name, at }) => {
      const row = rows.get(name) ?? emptyRow(name)
      const applied = inflight.changes.filter((change) => change.name === name).reduce(applyChange, row.applied)
      if (sameRRsets(applied, row.applied)) return [] // noted before the end came
      return [{ ...row, applied, change: { at: inflight.sentAt, lagMs: Math.max(0, inflight.sentAt - at) } }]
    })
    await store.putRows(hostedZone, settled)
  }
  await store.setInflight(hostedZone, undefined)
}

/**
 * Whether Route 53 has carried out a batch. It does so with the whole batch or with nothing, so one look at one record
 * set tells: at one that the batch puts there, if it has any, since one that is gone may have been gone before.
 */
export async function isCarriedOut(session: Session, changes: readonly Change[]): Promise<boolean> {
  const change = changes.find(({ action }) => action !== 'DELETE') ?? changes[0]
  if (change === undefined) return false
  const set = await lookUp(session, change)
  if (change.action === 'DELETE') return set === undefined
  return set?.rrset !== undefined && sameRRsets({ set: set.rrset }, { set: change.rrset })
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
