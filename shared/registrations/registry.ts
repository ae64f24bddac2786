import type { Name } from '../dns/name.ts'
import { claim, isHeld, unclaim } from '../records/claims.ts'
import { closestZone } from '../records/closest-zone.ts'
import { createEditName } from '../records/edit-name.ts'
import { stateOf } from '../records/edits.ts'
import { NamingError } from '../records/faults.ts'
import type { RRsets } from '../records/model.ts'
import type { NameStore, Now, ZoneStore } from '../records/ports.ts'
import { sameRRsets } from '../records/segments.ts'
import { servedZones } from '../records/served-zones.ts'
import { checkWriter, permitted, type Writer } from '../records/writer.ts'
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
   * `zone_not_found`, `unsupported_type` (NS or CNAME of a zone itself), `update_denied`, `registration_conflict` (the id is
   * somebody else's), `record_conflict`, `name_too_large`, `busy`, `unavailable`.
   */
  register(request: RegistrationRequest, writer: Writer): Promise<Registration>
  /**
   * Takes away what was registered under the id, also if that was begun before and did not come through, or the lease has run out.
   * Throws NamingError `registration_not_found` and as `register`.
   */
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
  /** Hears of each lease that has ended, once its RRs are gone from the names: how long after its time, in milliseconds. */
  readonly lapsed?: (lateMs: number) => void
}

/** Registrations over their store, and what they claim over the names. */
export function createRegistry(parts: RegistryParts): Registry {
  const { names, zones, registrations, timers, now, pause, newNonce, lapsed } = parts
  const editName = createEditName(names, now, pause)
  const served = servedZones(zones, now)

  return {
    async register(request, writer) {
      const zone = await closest(request)
      const types = Object.keys(request.rrsets)
      if (request.name === zone) checkApex(types)
      for (const type of types) checkWriter(writer, zone, request.name, type)
      for (let losses = 0; losses < MAX_LOSSES; losses++) {
        const registered = await renewOrBegin({ ...request, zone }, writer)
        if (registered !== undefined) return registered
        await pause(Math.random() * Math.min(MAX_PAUSE_MS, 2 ** losses))
      }
      throw new NamingError('busy')
    },

    async withdraw(request, writer) {
      const zone = await closest(request)
      const known = await registrations.read(request.name, request.id)
      if (known === undefined) throw new NamingError('registration_not_found')
      for (const type of Object.keys(known.rrsets)) checkWriter(writer, zone, known.name, type)
      if (!(await registrations.end(known, now(), true))) throw new NamingError('busy')
      await finish(known, writer.principal)
    },

    async read(request) {
      await closest(request)
      return find(request)
    },

    async look(key) {
      const known = await registrations.read(key.name, key.id)
      if (known === undefined || known.nonce !== key.nonce) return
      if (await isOver(known)) await lapse(known)
      else if (known.lease !== undefined) await timers.set(keyOf(known), await endOf(known))
    },

    async sweep({ arm = false } = {}) {
      const counts = { registrations: 0, ended: 0 }
      const failures: unknown[] = []
      for await (const page of registrations.scan()) {
        counts.registrations += page.length
        for (const known of page) {
          try {
            if (known.ending || isRunOut(known, now())) {
              if (!(await isOver(known))) continue // renewed, or another one by now
              await lapse(known)
              counts.ended++
            } else if (arm && known.lease !== undefined) await timers.set(keyOf(known), known.lease.until)
          } catch (error) {
            failures.push(error) // it keeps none of the others
          }
        }
      }
      if (failures.length > 0) throw failures[0]
      return counts
    },
  }

  async function closest({ zone, name }: Pick<RegistrationRequest, 'zone' | 'name'>): Promise<Name> {
    const all = await served(zone)
    if (!all.includes(zone)) throw new NamingError('zone_not_found')
    return closestZone(name, all) ?? zone
  }

  async function find({ name, id }: Pick<RegistrationRequest, 'name' | 'id'>): Promise<Registration> {
    const known = await registrations.read(name, id)
    if (known === undefined || !isLive(known, now())) throw new NamingError('registration_not_found')
    return known
  }

  /** Undefined if somebody else registered under the id meanwhile. */
  async function renewOrBegin(request: RegistrationRequest, writer: Writer): Promise<Registration | undefined> {
    const { name, id } = request
    const [known, record] = await Promise.all([registrations.read(name, id), names.read(name)])
    if (known !== undefined && isLive(known, now())) {
      if (known.principal !== writer.principal) throw new NamingError('registration_conflict')
      const renewed = isSame(known, request) && isHeld(stateOf(record), id, known) && (await renew(known))
      if (renewed) return renewed
    }
    return begin(request, known, writer)
  }

  /** Undefined if it has come to its end meanwhile. */
  async function renew(known: Registration): Promise<Registration | undefined> {
    if (known.lease === undefined) return known
    const at = now()
    const lease = { ...known.lease, until: at + known.lease.seconds * 1000 }
    return (await registrations.renew(known, lease.until, at)) ? { ...known, lease } : undefined
  }

  /**
   * Stored, and its timer set, before its RRs are, so that whatever happens in between it is known what has to go, and when. Whoever
   * asks again after a fault begins anew, for its RRs are not there. What was there under the id before is back if they are refused.
   */
  async function begin(
    { leaseSeconds: seconds, ...what }: RegistrationRequest,
    known: Registration | undefined,
    writer: Writer,
  ): Promise<Registration | undefined> {
    const at = now()
    const nonce = `${String(Math.max(at, timeOf(known) + 1)).padStart(TIME_DIGITS, '0')}-${newNonce()}`
    const lease = seconds === undefined ? {} : { lease: { seconds, until: at + seconds * 1000 } }
    const registration: Registration = { ...what, nonce, principal: writer.principal, ...lease }
    const { name, zone, id, rrsets } = registration
    if (!(await registrations.put(registration, known?.nonce))) return undefined
    if (registration.lease !== undefined) await timers.set(keyOf(registration), registration.lease.until)
    try {
      await editName(zone, name, permitted(claim(id, { nonce, rrsets }), writer, zone), writer.principal)
    } catch (error) {
      if (!(error instanceof NamingError) || error.status >= 500) throw error // nobody knows what is there: its end will tell
      if (known !== undefined) await registrations.put(known, nonce)
      else await registrations.remove(registration)
      throw error
    }
    return registration
  }

  /** True if it cannot be renewed any more. */
  async function isOver(known: Registration): Promise<boolean> {
    return known.ending === true || (isRunOut(known, now()) && (await registrations.end(keyOf(known), now())))
  }

  async function endOf(known: Registration): Promise<number> {
    const { lease } = (await registrations.read(known.name, known.id)) ?? known
    return lease?.until ?? now()
  }

  async function lapse(known: Registration): Promise<void> {
    await finish(known, PRINCIPAL)
    if (known.lease !== undefined) lapsed?.(Math.max(0, now() - known.lease.until)) // clocks differ
  }

  /** In the zone in which the name is by now, which may be a closer one than at the time of the registration. */
  async function finish({ name, id, nonce, ...registered }: Registration, principal: string): Promise<void> {
    const { zone } = (await names.read(name)) ?? registered
    await editName(zone, name, unclaim(id, nonce), principal)
    await registrations.remove({ name, id, nonce })
  }
}

// ---------------------------------------------------------------------------

/** What a record says of who took away what was not renewed. */
const PRINCIPAL = 'lease ended'
const TIME_DIGITS = 15
const MAX_LOSSES = 20
const MAX_PAUSE_MS = 50

/** Of the closest zone, whichever the request has named: each zone has NS records of its own, and beside those no alias. */
function checkApex(types: readonly string[]): void {
  if (types.includes('NS')) {
    throw new NamingError('unsupported_type', 'the NS records of a zone itself cannot be registered')
  }
  if (types.includes('CNAME')) throw new NamingError('unsupported_type', 'a zone itself cannot be an alias')
}

/** When a registration began, by its nonce, in milliseconds since the epoch. */
function timeOf(registration: Registration | undefined): number {
  return registration === undefined ? 0 : Number.parseInt(registration.nonce, 10)
}

function keyOf({ name, id, nonce }: Registration): RegistrationKey {
  return { name, id, nonce }
}

function isRunOut({ lease }: Registration, now: number): boolean {
  return lease !== undefined && lease.until <= now
}

function isLive(registration: Registration, now: number): boolean {
  return registration.ending === undefined && !isRunOut(registration, now)
}

function isSame({ zone, rrsets, lease, fn }: Registration, request: RegistrationRequest): boolean {
  return (
    zone === request.zone && // a closer one may have been added
    lease?.seconds === request.leaseSeconds &&
    sameRRsets(rrsets, request.rrsets) &&
    fn?.arn === request.fn?.arn &&
    fn?.auth === request.fn?.auth &&
    fn?.url === request.fn?.url
  )
}
