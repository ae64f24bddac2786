import type { Name } from '../dns/name.ts'
import type { RRsets } from '../records/model.ts'
import type { NameStore, Now, ZoneStore } from '../records/ports.ts'
import type { Writer } from '../records/writer.ts'
import type { NamedFunction, Registration, RegistrationKey } from './model.ts'
import type { RegistrationStore, Timers } from './ports.ts'

export interface RegistrationRequest {
  readonly zone: Name
  readonly name: Name
  readonly id: string
  /** In canonical form. */
  readonly rrsets: RRsets
  /** Absent: no lease. */
  readonly leaseSeconds?: number
  readonly fn?: NamedFunction
}

export interface Registry {
  /**
   * Registers or, where the same is registered already, renews: then the names table is not written. Throws NamingError
   * `zone_not_found`, `update_denied`, `registration_conflict` (the id is somebody else's), `record_conflict`,
   * `name_too_large`, `busy`, `unavailable`.
   */
  register(request: RegistrationRequest, writer: Writer): Promise<Registration>
  /** Takes away what was registered under the id. Throws NamingError `registration_not_found` and as `register`. */
  withdraw(request: Pick<RegistrationRequest, 'zone' | 'name' | 'id'>, writer: Writer): Promise<void>
  /** Throws NamingError `zone_not_found`, `registration_not_found`. */
  read(request: Pick<RegistrationRequest, 'zone' | 'name' | 'id'>): Promise<Registration>
  /** Called at the time of a timer: ends the registration if its lease has run out, else sets the timer anew. */
  look(key: RegistrationKey): Promise<void>
  /** Ends all whose leases have run out, whatever became of their timers; with `arm`, sets the timers of all others. */
  sweep(options?: { readonly arm?: boolean }): Promise<SweepCounts>
}

/** Registrations there were, and those that were ended. */
export interface SweepCounts {
  readonly registrations: number
  readonly ended: number
}

export interface RegistryParts {
  readonly names: NameStore
  readonly zones: ZoneStore
  readonly registrations: RegistrationStore
  readonly timers: Timers
  readonly now: Now
  readonly pause: (ms: number) => Promise<void>
  readonly newNonce: () => string
}
