import type { Name } from '../dns/name.ts'
import type { NameRecord, RRsets, StoredRRset } from '../records/model.ts'
import { sameRRsets } from '../records/segments.ts'
import { add, type Cost, costOf, fits, NO_COST } from './cost.ts'
import type { Change, MirrorRow, Refusal } from './model.ts'
import { unstorable } from './storable.ts'

/** What has to be done to one name of a hosted zone so that it holds what is registered. */
export interface NamePlan {
  readonly name: Name
  /** Version of the registered state that this leads to; 0 if nothing is registered. */
  readonly version: number
  /** For one request, in an order in which each could be sent alone: deletions first. */
  readonly changes: readonly Change[]
  readonly cost: Cost
  /** False if more is to be done after these, because no request holds it all. */
  readonly complete: boolean
  /** RRsets that cannot be mirrored, as far as it is known without asking. */
  readonly refused: MirrorRow['refused']
}

/**
 * Compares what is registered for a name with what Route 53 holds through us. An RRset that was refused is not sent
 * again before the name changes. `record` is undefined, or of another zone, where nothing is registered in this one.
 */
export function planName(zone: Name, record: NameRecord | undefined, row: MirrorRow, now: number): NamePlan {
  const registered = record?.zone === zone ? record : undefined
  const desired: RRsets = registered?.rrsets ?? {}
  const version = registered?.version ?? 0
  const known = row.version === version ? row.refused : {}
  const refused: Record<string, Refusal> = {}
  const wanted: Change[] = []
  for (const type of new Set([...Object.keys(row.applied), ...Object.keys(desired)])) {
    const change = planRRset(row.name, type, row.applied[type], desired[type])
    if (change === undefined) continue
    const reason = change.action === 'DELETE' ? undefined : unstorable(zone, row.name, type, change.rrset)
    const refusal =
      known[type] ?? (reason === undefined ? undefined : { code: 'unsupported' as const, message: reason, at: now })
    if (refusal === undefined) wanted.push(change)
    else refused[type] = refusal
  }
  return { name: row.name, version, refused, ...fitting(wanted, row.applied) }
}

/** True if the row does not stand for what is registered: there is something to send, or a refusal to note. */
export function isDue(zone: Name, record: NameRecord | undefined, row: MirrorRow, now: number): boolean {
  const { changes, refused, version } = planName(zone, record, row, now)
  return changes.length > 0 || (version !== row.version && Object.keys(refused).length > 0)
}

/** A row for a name of which the mirror knows nothing. */
export function emptyRow(name: Name): MirrorRow {
  return { name, applied: {}, refused: {}, version: 0 }
}

/** The RRsets of a name after a change was carried out. */
export function applyChange(rrsets: RRsets, { action, type, rrset }: Change): RRsets {
  const { [type]: _, ...others } = rrsets
  return action === 'DELETE' ? others : { ...others, [type]: rrset }
}

// ---------------------------------------------------------------------------

function planRRset(name: Name, type: string, have?: StoredRRset, want?: StoredRRset): Change | undefined {
  if (want === undefined) return have && { action: 'DELETE', name, type, rrset: have }
  if (have === undefined) return { action: 'CREATE', name, type, rrset: want }
  return sameRRsets({ [type]: have }, { [type]: want }) ? undefined : { action: 'UPSERT', name, type, rrset: want }
}

const ORDER = { DELETE: 0, UPSERT: 1, CREATE: 2 } as const

/**
 * As many of the changes as one request holds, deletions first. An UPSERT that no request holds, since it counts twice,
 * begins with the deletion of what is there; its creation is planned once that is done.
 */
function fitting(wanted: readonly Change[], applied: RRsets): Pick<NamePlan, 'changes' | 'cost' | 'complete'> {
  const sendable = wanted.map((change) => (fits(costOf(change)) ? change : deletion(change, applied)))
  const changes: Change[] = []
  let cost = NO_COST
  for (const change of sendable.toSorted((a, b) => ORDER[a.action] - ORDER[b.action])) {
    const sum = add(cost, costOf(change))
    if (!fits(sum)) break
    changes.push(change)
    cost = sum
  }
  return { changes, cost, complete: changes.length === wanted.length && sendable.every((one, i) => one === wanted[i]) }
}

function deletion(change: Change, applied: RRsets): Change {
  const have = applied[change.type]
  return have === undefined ? change : { ...change, action: 'DELETE', rrset: have }
}
