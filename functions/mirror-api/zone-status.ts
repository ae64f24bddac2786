import type { Name } from '../../shared/dns/name.ts'
import type { BatchNote, MirrorState, ZoneFault } from '../../shared/mirror/model.ts'
import { settledStatus } from './change.ts'
import { type QuarantinedRRset, quarantinedRRsets, seconds, time } from './forms.ts'
import type { MirrorApiParts, Target } from './parts.ts'
import { type WalkStatus, walkStatus } from './walk-status.ts'

/** How far the mirror of a zone has come. */
export interface ZoneStatus {
  readonly zone: Name
  readonly hostedZone: string
  readonly status: 'INSYNC' | 'PENDING' | 'QUARANTINED' | 'FAULT'
  /** Seconds that the oldest waiting name waits. */
  readonly lag: number
  readonly names: { readonly pending: number; readonly quarantined: number }
  readonly lastBatch?: Awaited<ReturnType<typeof batchForm>>
  readonly fault?: ReturnType<typeof faultForm>
  /** A page of the RRsets that are not mirrored. */
  readonly quarantined: readonly ({ readonly name: Name } & QuarantinedRRset)[]
  /** The name after which the next page begins; absent on the last one. */
  readonly next?: Name
  readonly reconcile: WalkStatus
  readonly adoption: WalkStatus
}

/** The state of a zone's mirror as it is now, with the quarantined names after `after`. */
export async function statusOfZone(
  parts: MirrorApiParts,
  { zone, hostedZone }: Target,
  after: Name | undefined,
): Promise<ZoneStatus> {
  const { store, now } = parts
  const [state, counts, marks, refused] = await Promise.all([
    store.state(hostedZone),
    store.counts(hostedZone),
    store.marks(hostedZone, undefined, SAMPLE),
    store.refused(hostedZone, after, PAGE),
  ])
  const [rows, lastBatch] = await Promise.all([
    store.rows(hostedZone, refused),
    state?.lastBatch && batchForm(parts, state.lastBatch),
  ])
  const quarantined = refused.flatMap((name) =>
    quarantinedRRsets(rows.get(name)?.refused ?? {}).map((rrset) => ({ name, ...rrset })),
  )
  const next = refused.length === PAGE ? refused.at(-1) : undefined
  const waits = counts.marked > 0 || lastBatch?.status === 'PENDING'
  const at = now()
  return {
    zone,
    hostedZone,
    status: state?.fault ? 'FAULT' : counts.refused > 0 ? 'QUARANTINED' : waits ? 'PENDING' : 'INSYNC',
    lag: seconds(Math.max(0, at - Math.min(at, ...marks.map((mark) => mark.at)))),
    names: { pending: counts.marked, quarantined: counts.refused },
    ...(lastBatch && { lastBatch }),
    ...(state?.fault && { fault: faultForm(state.fault) }),
    quarantined,
    ...(next !== undefined && { next }),
    reconcile: walkStatus(state ?? NO_STATE, 'reconcile'),
    adoption: walkStatus(state ?? NO_STATE, 'adopt'),
  }
}

// ---------------------------------------------------------------------------

/** Waiting names whose age is looked at, as the worker does for its metrics. */
const SAMPLE = 1_000
/** Quarantined names in one answer. */
const PAGE = 100
const NO_STATE: MirrorState = { wake: 0 }

async function batchForm(parts: MirrorApiParts, batch: BatchNote) {
  const { id, at, names, values, characters, lagMs } = batch
  const status = await settledStatus(parts, batch)
  return {
    ...(id !== undefined && { id }),
    acceptedAt: time(at),
    names,
    values,
    characters,
    lag: seconds(lagMs),
    status,
  }
}

function faultForm({ code, message, since, retryAt }: ZoneFault) {
  return { code, message, since: time(since), retryAt: time(retryAt) }
}
