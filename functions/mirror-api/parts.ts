import type { PermissionsOf } from '../../shared/access/permissions.ts'
import type { Name } from '../../shared/dns/name.ts'
import type { HostedZoneId } from '../../shared/mirror/model.ts'
import type { Pace } from '../../shared/mirror/pace.ts'
import type { MirrorStore, Route53 } from '../../shared/mirror/ports.ts'
import type { AskMirror } from '../../shared/mirror/task.ts'
import type { NameStore, Now, ZoneStore } from '../../shared/records/ports.ts'

/** What the API works with. */
export interface MirrorApiParts {
  readonly names: Pick<NameStore, 'read'>
  readonly zones: Pick<ZoneStore, 'list'>
  readonly store: MirrorStore
  readonly route53: Pick<Route53, 'changeStatus'>
  readonly pace: Pace
  readonly ask: AskMirror
  /** Who may have a zone's mirror act; every caller may look. */
  readonly permissionsOf: PermissionsOf
  readonly now: Now
  readonly pause: (ms: number) => Promise<void>
}

/** The zone that a request is about. */
export interface Target {
  readonly zone: Name
  readonly hostedZone: HostedZoneId
}
