import type { Name } from '../dns/name.ts'
import type { RRsets, StoredRRset } from '../records/model.ts'

/** Id of a hosted zone without the prefix `/hostedzone/`: `Z0123456789ABC`. */
export type HostedZoneId = string

/** One element of a change batch, in the project's terms; the AWS adapter says it in those of Route 53. */
export interface Change {
  readonly action: 'CREATE' | 'UPSERT' | 'DELETE'
  readonly name: Name
  readonly type: string
  /** What is to be there; of a DELETE what is there, for TTL and every value must agree. */
  readonly rrset: StoredRRset
}

/** What the mirror knows of one owner name in one hosted zone. */
export interface MirrorRow {
  readonly name: Name
  /** RRsets that Route 53 holds through us, exactly as it last took them. What is not in here is not ours. */
  readonly applied: RRsets
  /** RRsets that Route 53 would not take, by type, as of `version`. */
  readonly refused: Readonly<Record<string, Refusal>>
  /** Version of the name's record that `applied` and `refused` stand for; 0: none, or to be tried again. */
  readonly version: number
  /** The change batch that last held this name. */
  readonly change?: AcceptedChange
}

export interface AcceptedChange {
  /** Absent where the answer of Route 53 was lost and the change was found done. */
  readonly id?: string
  /** When it was accepted, in milliseconds since the epoch. */
  readonly at: number
  /** Milliseconds from the change-log segment to the acceptance. */
  readonly lagMs: number
}

/** Why an RRset is not mirrored. */
export interface Refusal {
  /** `invalid`: Route 53 says so. `unsupported`: it has no place for it. `foreign`: somebody else's records are there. */
  readonly code: 'invalid' | 'unsupported' | 'foreign'
  /** In AWS's own words where AWS was asked. */
  readonly message: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** A name that may differ from its mirror. */
export interface Mark {
  readonly name: Name
  /** New with every marking, so that a mark is taken away only by who has seen the state it stands for. */
  readonly token: string
  /** When the oldest change that waits was logged, in milliseconds since the epoch; marking again keeps it. */
  readonly at: number
}

/** The state of the mirror of one hosted zone. */
export interface MirrorState {
  /** Counts how often the zone was woken. */
  readonly wake: number
  /** Who writes to the hosted zone; nobody else may until `until` (milliseconds since the epoch). */
  readonly lease?: { readonly holder: string; readonly until: number }
  /** Why the hosted zone as a whole takes nothing, and when it is tried again. */
  readonly fault?: ZoneFault
  /** The negative TTL that was written into the SOA record of the hosted zone. */
  readonly minimum?: number
  readonly lastBatch?: BatchNote
  /** A walk over the hosted zone that is not at its end. */
  readonly walk?: Walk
  /** What the last reconcile that came to its end found. */
  readonly reconciled?: WalkCounts & { readonly startedAt: number; readonly endedAt: number }
  /** What the last adoption that came to its end found. */
  readonly adopted?: WalkCounts & { readonly startedAt: number; readonly endedAt: number }
}

export interface ZoneFault {
  /** AWS's error code, such as `NoSuchHostedZone`. */
  readonly code: string
  readonly message: string
  /** Milliseconds since the epoch. */
  readonly since: number
  readonly retryAt: number
}

export interface BatchNote {
  readonly id?: string
  readonly at: number
  readonly names: number
  /** As Route 53 counts them: ResourceRecord elements and characters, those of an UPSERT twice. */
  readonly values: number
  readonly characters: number
  /** Milliseconds from the oldest change in the batch to its acceptance. */
  readonly lagMs: number
}

/** A walk over all record sets of a hosted zone, page by page, with the zone free for others in between. */
export interface Walk {
  readonly kind: 'reconcile' | 'adopt'
  /** Adoption: where a name is registered and in the hosted zone with other data, the registered data wins. */
  readonly overwrite: boolean
  readonly startedAt: number
  /** After a fault of the hosted zone: when it goes on. Changes are sent all the same, as long as they are taken. */
  readonly retryAt?: number
  /** The name at which the next page begins; absent at the beginning. */
  readonly next?: Name
  readonly counts: WalkCounts
}

export interface WalkCounts {
  /** Record sets seen. */
  readonly sets: number
  /** Those that the mirror owns. */
  readonly owned: number
  /** Those of somebody else, which stay as they are. */
  readonly foreign: number
  /** Drift: owned RRsets that were gone, or held other data. */
  readonly missing: number
  readonly changed: number
  /** Names whose registered state had not reached the mirror. */
  readonly unmirrored: number
  /** Adoption: RRsets imported; in conflict with a registered RRset; that cannot be registered (aliases, routing policies). */
  readonly imported: number
  readonly conflicts: number
  readonly skipped: number
  /** The first few in conflict or skipped, each as `name type: reason`. */
  readonly remarks: readonly string[]
}

/** A change batch whose outcome is not noted yet: written down before it is sent. */
export interface Inflight {
  readonly changes: readonly Change[]
  /** Of each name in it: the version that it stands for, and when the change was logged. */
  readonly names: readonly { readonly name: Name; readonly version: number; readonly at: number }[]
  readonly sentAt: number
}
