import type { Name } from '../dns/name.ts'
import type { Registration, RegistrationKey } from './model.ts'

/** Where registrations are kept: apart from the names, so that a renewal is no write to those, which the stream would tell. */
export interface RegistrationStore {
  /** Strongly consistent. */
  read(name: Name, id: string): Promise<Registration | undefined>
  /** Stores it in place of the one of its name and id with the nonce `replaced`, or of none: false if there is another. */
  put(registration: Registration, replaced: string | undefined): Promise<boolean>
  /** Moves the end of a lease; false if it is another registration by now, has no lease, has run out, or is ending. */
  renew(key: RegistrationKey, until: number, now: number): Promise<boolean>
  /**
   * From now on it cannot be renewed any more: its lease has run out, or it is withdrawn (`whenever`). True also if it was
   * ending already; false if it is another one by now, or its lease goes on.
   */
  end(key: RegistrationKey, now: number, whenever?: boolean): Promise<boolean>
  /** Removes it, if it is still that one. */
  remove(key: RegistrationKey): Promise<void>
  /** All of them, in pages of no particular order. */
  scan(): AsyncIterable<readonly Registration[]>
}

/** Has a registration looked at when its lease may have run out. */
export interface Timers {
  /** Milliseconds since the epoch. May come late, twice, and, rarely, not at all. */
  set(key: RegistrationKey, at: number): Promise<void>
}
