import type { Name } from '../../shared/dns/name.ts'
import type { Refusal, WalkCounts, ZoneFault } from '../../shared/mirror/model.ts'
import type { Pace } from '../../shared/mirror/pace.ts'
import type { MirrorStore, Route53 } from '../../shared/mirror/ports.ts'
import type { NameStore, Now, ZoneStore } from '../../shared/records/ports.ts'

/** What the mirror works with. */
export interface MirrorParts {
  readonly names: NameStore
  readonly zones: ZoneStore
  readonly store: MirrorStore
  readonly route53: Route53
  readonly pace: Pace
  readonly now: Now
  readonly pause: (ms: number) => Promise<void>
  readonly report: (event: MirrorEvent) => void
}

/** What is worth a log line or a metric. Times are in milliseconds. */
export type MirrorEvent = { readonly zone: Name } & (
  | { readonly kind: 'request'; readonly operation: 'change' | 'list' | 'status' }
  | { readonly kind: 'batch'; readonly names: number; readonly values: number; readonly characters: number }
  /** From the change-log segment to the acceptance, of the name that waited longest. */
  | { readonly kind: 'lag'; readonly ms: number }
  | { readonly kind: 'split' }
  | { readonly kind: 'throttled' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'refused'; readonly name: Name; readonly type: string; readonly refusal: Refusal }
  | { readonly kind: 'fault'; readonly fault: ZoneFault }
  | { readonly kind: 'walked'; readonly walk: 'reconcile' | 'adopt'; readonly counts: WalkCounts }
  /** From the acceptance of a change until AWS said that all its name servers have it. */
  | { readonly kind: 'insync'; readonly ms: number }
  /** Names that wait, the time that the oldest of those looked at has waited, and names with refused RRsets. */
  | { readonly kind: 'backlog'; readonly marked: number; readonly refused: number; readonly ms: number }
)
