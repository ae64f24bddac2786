/** What the mirror needs of the outside. Each port has one contract suite in `test/contract/` that every adapter passes. */
import type { Name } from '../dns/name.ts'
import type { StoredRRset } from '../records/model.ts'
import type { Change, HostedZoneId, Inflight, Mark, MirrorRow, MirrorState, Walk } from './model.ts'

/** The record sets of hosted zones. Nothing here retries, waits or throws for what AWS answers: outcomes are values. */
export interface Route53 {
  /** Sends one change batch, which is carried out as a whole or not at all. */
  change(hostedZone: HostedZoneId, changes: readonly Change[]): Promise<ChangeOutcome>
  /** Record sets in Route 53's order, from a name (and type) on; `limit` is 1 to 300, and fewer may come. */
  list(hostedZone: HostedZoneId, from: ListFrom | undefined, limit: number): Promise<ListOutcome>
  /** Whether a change has reached all name servers. */
  changeStatus(id: string): Promise<StatusOutcome>
}

export type ChangeOutcome =
  | { readonly kind: 'accepted'; readonly id: string }
  /** InvalidChangeBatch or InvalidInput, in AWS's words; nothing was changed. */
  | { readonly kind: 'refused'; readonly messages: readonly string[] }
  | Failure

export type ListOutcome =
  | { readonly kind: 'listed'; readonly sets: readonly ListedSet[]; readonly next: ListFrom | undefined }
  | Failure

export type StatusOutcome = { readonly kind: 'status'; readonly status: 'PENDING' | 'INSYNC' } | Failure

export type Failure =
  /** The account's requests are too many (Throttling); nothing was done. */
  | { readonly kind: 'throttled' }
  /** Another request for this hosted zone is under way (PriorRequestNotComplete); nothing was done. */
  | { readonly kind: 'busy' }
  /** No answer, or one of a server in trouble (5xx): it may have been carried out. */
  | { readonly kind: 'unknown'; readonly reason: string }
  /** The hosted zone or the caller is the trouble (NoSuchHostedZone, AccessDenied, …); nothing was done. */
  | { readonly kind: 'fault'; readonly code: string; readonly message: string }

export interface ListFrom {
  readonly name: Name
  readonly type?: string
  readonly identifier?: string
}

export interface ListedSet {
  readonly name: Name
  readonly type: string
  /** In canonical form; undefined for what the project has no form for: aliases, routing policies, values it cannot read. */
  readonly rrset: StoredRRset | undefined
}

/** Hosted zones themselves, for setting up. Rejects with an Error of one line if AWS refuses or cannot be reached. */
export interface HostedZoneRegistry {
  /** Hosted zones of exactly this name, in AWS's order. */
  find(zone: Name): Promise<readonly FoundHostedZone[]>
  /** Creates a public hosted zone. */
  create(zone: Name): Promise<HostedZoneId>
}

export interface FoundHostedZone {
  readonly id: HostedZoneId
  readonly private: boolean
}

/** The mirror's own memory. All reads are strongly consistent. */
export interface MirrorStore {
  /**
   * Marks names as possibly different from their mirror, each with a new token. One that is marked already keeps its time,
   * so that lag is counted from the oldest change that waits; of a name given twice the older time counts.
   */
  mark(hostedZone: HostedZoneId, names: readonly Pick<Mark, 'name' | 'at'>[]): Promise<void>
  /** Marked names in ascending order of the name text, those after `after`. */
  marks(hostedZone: HostedZoneId, after: Name | undefined, limit: number): Promise<readonly Mark[]>
  /**
   * Takes marks away, each only if its token is still the same. One that was marked again stays, for a change that was
   * logged about `now`.
   */
  unmark(hostedZone: HostedZoneId, marks: readonly Mark[], now: number): Promise<void>
  /** Hosted zones that have marks, a walk under way, or a lease that was not given back. */
  restless(hostedZones: readonly HostedZoneId[]): Promise<readonly HostedZoneId[]>

  /** Counts a wake-up. True if nobody holds the zone at `now`, so that somebody has to be sent. */
  wake(hostedZone: HostedZoneId, now: number): Promise<boolean>
  /** Takes the lease until `until` if nobody holds it at `now`; gives the state with it, undefined if somebody does. */
  acquire(hostedZone: HostedZoneId, holder: string, now: number, until: number): Promise<MirrorState | undefined>
  /** Moves the end of one's lease. False if it is not one's own any more. */
  extend(hostedZone: HostedZoneId, holder: string, until: number): Promise<boolean>
  /** Gives the lease back unless the zone was woken after `wake`: then false, and it is still held. True if it was not one's own. */
  release(hostedZone: HostedZoneId, holder: string, wake: number): Promise<boolean>

  /** Undefined if the zone was never woken or written to. */
  state(hostedZone: HostedZoneId): Promise<MirrorState | undefined>
  /** Sets members of the state, or removes those given as undefined; the others stay. */
  note(hostedZone: HostedZoneId, members: StatePatch): Promise<void>
  /** Notes a walk unless one is under way, whoever began it. False if one is, and nothing is noted. */
  beginWalk(hostedZone: HostedZoneId, walk: Walk): Promise<boolean>

  /** The rows of these names, as many as there are. */
  rows(hostedZone: HostedZoneId, names: readonly Name[]): Promise<ReadonlyMap<Name, MirrorRow>>
  putRows(hostedZone: HostedZoneId, rows: readonly MirrorRow[]): Promise<void>
  /** Rows in Route 53's order, from `from` (inclusive) to before `before`, in pages. */
  rowsBetween(
    hostedZone: HostedZoneId,
    from: Name | undefined,
    before: Name | undefined,
  ): AsyncIterable<readonly MirrorRow[]>
  /** Names with refused RRsets in ascending order of the name text, those after `after`. */
  refused(hostedZone: HostedZoneId, after: Name | undefined, limit: number): Promise<readonly Name[]>
  /** How many names are marked and how many have refused RRsets. */
  counts(hostedZone: HostedZoneId): Promise<{ readonly marked: number; readonly refused: number }>

  inflight(hostedZone: HostedZoneId): Promise<Inflight | undefined>
  setInflight(hostedZone: HostedZoneId, inflight: Inflight | undefined): Promise<void>

  /** What is known of a change: undefined if it was never asked for. */
  changeNote(id: string): Promise<ChangeNote | undefined>
  noteChange(id: string, note: ChangeNote): Promise<void>
}

export type StatePatch = {
  readonly [Member in Exclude<keyof MirrorState, 'wake' | 'lease'>]?: MirrorState[Member] | undefined
}

export interface ChangeNote {
  readonly status: 'PENDING' | 'INSYNC'
  /** Milliseconds since the epoch. */
  readonly askedAt: number
}

/** The pace of all requests to Route 53 of one account, kept where every writer sees it. */
export interface PaceStore {
  /**
   * Reserves the next free slot: not before `now`, `intervalMs` after the one before, and not after `latest`. Gives its
   * time in milliseconds since the epoch, or undefined, and nothing is reserved, if it would be later.
   *
   * A next slot that is more than MAX_AHEAD_MS away was reserved by a clock that is wrong: `now` is reserved in its place,
   * and a deferral that is as far away is forgotten.
   */
  reserve(intervalMs: number, now: number, latest: number): Promise<number | undefined>
  /** Leaves no slot before `until`, for everybody. Slots that are reserved already stay: see `deferredUntil`. */
  defer(until: number): Promise<void>
  /** The latest time that `defer` was called with: nobody sends before it, whatever slot they have. 0 if there is none. */
  deferredUntil(): Promise<number>
}

/** How far ahead, in milliseconds, a slot or a deferral can be: more than any writer waits, or is told to wait. */
export const MAX_AHEAD_MS = 10 * 60_000
