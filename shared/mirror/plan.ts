import type { Name } from '../dns/name.ts'
import type { NameRecord, RRsets, StoredRRset } from '../records/model.ts'
import { sameRRset } from '../records/segments.ts'
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
  const planned: Change[] = []
  for (const type of new Set([...Object.keys(row.applied), ...Object.keys(desired)])) {
    const change = planRRset(row.name, type, row.applied[type], desired[type])
    if (change === undefined) continue
    const reason = change.action === 'DELETE' ? undefined : unstorable(zone, row.name, type, change.rrset)
    const refusal =
      known[type] ?? (reason === undefined ? undefined : { code: 'unsupported' as const, message: reason, at: now })
    if (refusal === undefined) planned.push(change)
    else refused[type] = refusal
  }
  const wanted = planned.filter((change) => !isInVain(change, Object.keys(desired), refused))
  return { name: row.name, version, refused, ...fitting(wanted, row.applied) }
}

/** The plan for a name whose registered state cannot be read: what is there stays, and the name is quarantined. */
export function planNothing({ name, applied }: MirrorRow, now: number): NamePlan {
  const refusal: Refusal = { code: 'invalid', message: 'what is registered cannot be read', at: now }
  const refused = Object.fromEntries(Object.keys(applied).map((type) => [type, refusal]))
  return { name, version: 0, changes: [], cost: NO_COST, complete: true, refused }
}

/** True if the row does not stand for what is registered: there is something to send, or a refusal to note or to lift. */
export function isDue(zone: Name, record: NameRecord | undefined, row: MirrorRow, now: number): boolean {
  const { changes, refused, version } = planName(zone, record, row, now)
  const refusals = Object.keys(refused).length + Object.keys(row.refused).length
  return changes.length > 0 || (version !== row.version && refusals > 0)
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
  return sameRRset(have, want) ? undefined : { action: 'UPSERT', name, type, rrset: want }
}

/**
 * True for a deletion that only makes room for what is refused: the name keeps what it has instead of having nothing.
 * A CNAME stands alone (RFC 2181 10.1).
 */
function isInVain(
  { action, type }: Change,
  desired: readonly string[],
  refused: Readonly<Record<string, Refusal>>,
): boolean {
  if (action !== 'DELETE' || desired.length === 0) return false
  const isSwitch = type === 'CNAME' || desired.includes('CNAME')
  return isSwitch && desired.every((one) => refused[one] !== undefined)
}

const ORDER = { DELETE: 0, UPSERT: 1, CREATE: 2 } as const

/**
 * As many of the changes as one request holds, deletions first, but one at least: of what is too large for a request by
 * our count, AWS shall be the judge. An UPSERT that no request holds, since it counts twice, becomes a deletion and a
 * creation, in one request if that holds both; else the creation is planned once the deletion is done.
 */
function fitting(wanted: readonly Change[], applied: RRsets): Pick<NamePlan, 'changes' | 'cost' | 'complete'> {
  const sendable = wanted.flatMap((change) => (fits(costOf(change)) ? [change] : replaced(change, applied)))
  const changes: Change[] = []
  let cost = NO_COST
  for (const change of sendable.toSorted((a, b) => ORDER[a.action] - ORDER[b.action])) {
    const sum = add(cost, costOf(change))
    if (changes.length > 0 && !fits(sum)) break
    changes.push(change)
    cost = sum
  }
  return { changes, cost, complete: changes.length === sendable.length }
}

function replaced(change: Change, applied: RRsets): readonly Change[] {
  const have = applied[change.type]
  if (have === undefined || change.action !== 'UPSERT') return [change]
  return [
    { ...change, action: 'DELETE', rrset: have },
    { ...change, action: 'CREATE' },
  ]
}
