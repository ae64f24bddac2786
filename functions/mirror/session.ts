import type { Change, HostedZoneId, MirrorState } from '../../shared/mirror/model.ts'
import { backoff } from '../../shared/mirror/pace.ts'
import type { Failure } from '../../shared/mirror/ports.ts'
import type { Zone } from '../../shared/records/model.ts'
import type { MirrorParts } from './parts.ts'

/** A zone with its mirror. */
export type MirroredZone = Zone & { readonly hostedZone: HostedZoneId }

export function isMirrored(zone: Zone): zone is MirroredZone {
  return zone.hostedZone !== undefined
}

/** Why the work on a zone ends before it is done: the time is up, the lease is lost, or the hosted zone takes nothing. */
export class Stop extends Error {
  override name = 'Stop'
  readonly fault: { readonly code: string; readonly message: string } | undefined

  constructor(why: 'late' | 'lost' | { readonly code: string; readonly message: string }) {
    super(typeof why === 'string' ? why : why.message)
    this.fault = typeof why === 'string' ? undefined : why
  }
}

/** The time in which one writer, and nobody else, writes to a hosted zone. */
export interface Session extends MirrorParts {
  readonly zone: MirroredZone
  readonly hostedZone: HostedZoneId
  /** The batch that an earlier writer sent, if it was not carried out when this one began: AWS may still do so. */
  doubtful: readonly Change[]
  /** AWS's words that the hosted zone takes no further record sets, as long as nothing was deleted since. */
  full: string | undefined
  /** True once Route 53 has given a proper answer. */
  answered: boolean
  /**
   * Sends a request in its turn, and again, later and later, while AWS asks for less. `prepare` is run once, right before
   * the first. Throws Stop; an answer that may have been lost is the caller's to look into.
   */
  request<T extends Outcome>(call: () => Promise<T | Failure>, prepare?: () => Promise<void>): Promise<T | Unknown>
  /** As `request`, for reading, which can simply be repeated. */
  read<T extends Outcome>(call: () => Promise<T | Failure>): Promise<T>
  /** Waits, unless the time is up before: Stop. */
  wait(ms: number): Promise<void>
  /** Makes sure that the lease lasts for what is written next: Stop if it is lost. */
  keepLease(): Promise<void>
}

interface Outcome {
  readonly kind: string
}

export type Unknown = Extract<Failure, { kind: 'unknown' }>

/** A session for the holder of the lease, which ends at `deadline` (milliseconds since the epoch) at the latest. */
export function createSession(parts: MirrorParts, zone: MirroredZone, lease: Lease, deadline: number): Session {
  const { store, pace, now, pause, report } = parts
  const { hostedZone } = zone
  const latest = deadline - REQUEST_MS
  let { until } = lease

  /** Waits for a turn. One that has passed by the time that all is ready is used by nobody, and another one taken. */
  async function turn(prepare: () => Promise<void>): Promise<void> {
    for (let prepared = false; ; prepared = true) {
      if (now() > latest) throw new Stop('late')
      await session.keepLease()
      if (!(await pace.turn(latest))) throw new Stop('late')
      const at = now()
      await session.keepLease() // the turn may have been long in coming
      if (!prepared) await prepare()
      if (now() - at <= LATE_MS) return
    }
  }

  const session: Session = {
    ...parts,
    zone,
    hostedZone,
    doubtful: [],
    full: undefined,
    answered: false,

    async request<T extends Outcome>(call: () => Promise<T | Failure>, prepare = async () => {}): Promise<T | Unknown> {
      for (let failures = 0; ; failures++) {
        await turn(failures === 0 ? prepare : async () => {})
        const outcome = await call()
        if (isThrottled(outcome)) {
          report({ kind: 'throttled', zone: zone.zone })
          await pace.slowDown(backoff(failures))
        } else if (isBusy(outcome)) {
          report({ kind: 'busy', zone: zone.zone })
          await session.wait(backoff(failures))
        } else if (isFault(outcome)) throw new Stop(outcome)
        else {
          session.answered ||= outcome.kind !== 'unknown'
          return outcome as T | Unknown
        }
      }
    },

    async read<T extends Outcome>(call: () => Promise<T | Failure>): Promise<T> {
      for (let failures = 0; ; failures++) {
        const outcome = await session.request(call)
        if (outcome.kind !== 'unknown') return outcome as T
        report({ kind: 'unknown', zone: zone.zone, reason: (outcome as Unknown).reason })
        await session.wait(backoff(failures))
      }
    },

    async wait(ms) {
      if (now() + ms > latest) throw new Stop('late')
      await pause(ms)
    },

    async keepLease() {
      if (until - now() > REQUEST_MS) return
      until = now() + LEASE_MS
      if (!(await store.extend(hostedZone, lease.holder, until))) throw new Stop('lost')
    },
  }
  return session
}

export type Lease = NonNullable<MirrorState['lease']>

/** How long a lease is taken for; who dies holding it keeps a zone waiting for no longer. */
export const LEASE_MS = 60_000

/** What one request and the noting of its outcome may take at the most, time-outs and repeats included. */
export const REQUEST_MS = 25_000

// ---------------------------------------------------------------------------

/** A request may be so late for its turn. */
const LATE_MS = 250

const isThrottled = (outcome: Outcome): boolean => outcome.kind === 'throttled'
const isBusy = (outcome: Outcome): boolean => outcome.kind === 'busy'
const isFault = (outcome: Outcome): outcome is Extract<Failure, { kind: 'fault' }> => outcome.kind === 'fault'
