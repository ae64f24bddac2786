import type { Name } from '../../shared/dns/name.ts'
import type { MirrorRow } from '../../shared/mirror/model.ts'
import { emptyRow, type NamePlan, planName } from '../../shared/mirror/plan.ts'
import { NamingError } from '../../shared/records/faults.ts'
import type { NameRecord, RRsets } from '../../shared/records/model.ts'
import { settledStatus } from './change.ts'
import { type QuarantinedRRset, quarantinedRRsets, seconds, time } from './forms.ts'
import type { MirrorApiParts, Target } from './parts.ts'

/** How far a name has come on its way to Route 53's name servers. */
export interface NameStatus {
  readonly zone: Name
  readonly hostedZone: string
  readonly name: Name
  readonly status: 'PENDING' | 'INSYNC' | 'QUARANTINED'
  /** What Route 53 holds through us. */
  readonly mirrored: RRsets
  /** The change batch that last held the name. */
  readonly change?: {
    readonly id?: string
    readonly acceptedAt: string
    readonly lag: number
    readonly status: 'PENDING' | 'INSYNC'
  }
  readonly quarantined: readonly QuarantinedRRset[]
}

/** The state of one name as it is now; throws NamingError `name_not_found`. */
export async function statusOfName(parts: MirrorApiParts, target: Target, name: Name): Promise<NameStatus> {
  const { names, store, now } = parts
  const { zone, hostedZone } = target
  const [record, rows] = await Promise.all([names.read(name), store.rows(hostedZone, [name])])
  const row = rows.get(name)
  if (row === undefined && !isRegistered(zone, record)) throw new NamingError('name_not_found')
  const plan = planName(zone, record, row ?? emptyRow(name), now())
  const waits = plan.changes.length > 0 || (await isOnItsWay(parts, target, row, plan))
  const change = row?.change && (await accepted(parts, row.change, waits))
  const refused = Object.keys(plan.refused).length > 0
  const onItsWay = waits || change?.status === 'PENDING'
  return {
    zone,
    hostedZone,
    name,
    status: !waits && refused ? 'QUARANTINED' : onItsWay ? 'PENDING' : 'INSYNC',
    mirrored: row?.applied ?? {},
    ...(change && { change }),
    quarantined: quarantinedRRsets(plan.refused),
  }
}

// ---------------------------------------------------------------------------

function isRegistered(zone: Name, record: NameRecord | undefined): boolean {
  return record?.zone === zone && Object.keys(record.rrsets).length > 0
}

/**
 * A name that was changed and changed back looks as if nothing were to be done, but a batch that is being sent may hold
 * what it was in between.
 */
async function isOnItsWay(
  { store }: MirrorApiParts,
  { hostedZone }: Target,
  row: MirrorRow | undefined,
  { name, version }: NamePlan,
): Promise<boolean> {
  if (row === undefined || row.version === version) return false
  const inflight = await store.inflight(hostedZone)
  return inflight?.names.some((one) => one.name === name) ?? false
}

/** AWS is not asked about a change that another one will follow: the answer would tell nobody anything. */
async function accepted(parts: MirrorApiParts, change: NonNullable<MirrorRow['change']>, waits: boolean) {
  const { id, at, lagMs } = change
  const status = await settledStatus(parts, change, !waits)
  return { ...(id !== undefined && { id }), acceptedAt: time(at), lag: seconds(lagMs), status }
}
