import { randomUUID } from 'node:crypto'
import type { MirrorState, Walk, ZoneFault } from '../../shared/mirror/model.ts'
import { drain } from './drain.ts'
import { settleInflight } from './inflight.ts'
import { lowerNegativeTtl } from './negative-ttl.ts'
import type { MirrorParts } from './parts.ts'
import { createSession, LEASE_MS, type MirroredZone, type Session, Stop } from './session.ts'
import { walkPage } from './walk.ts'

/**
 * Works on one hosted zone until nothing is left to do or `deadline` (milliseconds since the epoch) is near. Of several
 * that try, one gets the lease, and the others leave at once: whoever holds it hears of what they came for, since it is
 * given back only if nobody was woken meanwhile. Rejects if the store cannot be reached; the names stay marked.
 */
export async function workOnZone(parts: MirrorParts, zone: MirroredZone, deadline: number): Promise<void> {
  const { store, now } = parts
  const { hostedZone } = zone
  const lease = { holder: randomUUID(), until: now() + LEASE_MS }
  let state = await store.acquire(hostedZone, lease.holder, now(), lease.until)
  if (state === undefined) return
  const session = createSession(parts, zone, lease, deadline)
  try {
    if (isParked(state, now())) {
      if (state.fault?.code !== FULL) return
      session.full = state.fault.message // what adds no record sets is done all the same
    }
    await settleInflight(session)
    for (;;) {
      await workThrough(session, state)
      if (await store.release(hostedZone, lease.holder, state.wake)) return
      state = (await store.state(hostedZone)) ?? state
    }
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    if (error.fault !== undefined) await park(session, error.fault)
  } finally {
    await letGo(session, lease.holder)
  }
}

// ---------------------------------------------------------------------------

/** Time between two pages of a walk, which nobody waits for: one request a second. */
const PAGE_MS = 1_000
const LOOK_MS = 250
const MIN_PARK_MS = 30_000
const MAX_PARK_MS = 15 * 60_000

type StopFault = NonNullable<Stop['fault']>

/** The code of the fault of a hosted zone that takes no further record sets; AWS has none. */
const FULL = 'HostedZoneFull'

/** Drains, and between the pages of a walk drains again. */
async function workThrough(session: Session, state: MirrorState): Promise<void> {
  const { store, hostedZone, now } = session
  await lowerNegativeTtl(session, state.minimum)
  await drain(session)
  await noteFault(session, state)
  const isDue = ({ retryAt = 0 }: Walk) => now() >= retryAt
  for (let walk = state.walk, pageAt = now(); walk !== undefined && isDue(walk); await drain(session)) {
    if (now() < pageAt) await session.wait(Math.min(LOOK_MS, pageAt - now()))
    else {
      pageAt = now() + PAGE_MS
      walk = await walkOn(session, walk)
    }
  }
  await store.setInflight(hostedZone, undefined)
}

/** One page further; a hosted zone that cannot be listed may still be written to, so the walk alone has to wait. */
async function walkOn(session: Session, walk: Walk): Promise<Walk | undefined> {
  try {
    return await walkPage(session, walk)
  } catch (error) {
    if (!(error instanceof Stop) || error.fault === undefined) throw error
    const fault = faultOf(error.fault, walk.startedAt, session.now())
    const waiting = { ...walk, retryAt: fault.retryAt }
    await session.store.note(session.hostedZone, { walk: waiting })
    session.report({ kind: 'fault', zone: session.zone.zone, fault })
    return waiting
  }
}

/** A fault is over with the first proper answer; of a hosted zone that is full, once there is room. */
async function noteFault(session: Session, state: MirrorState): Promise<void> {
  const { store, hostedZone, full, answered, now } = session
  if (full === undefined) {
    if (state.fault !== undefined && answered) await store.note(hostedZone, { fault: undefined })
  } else if (!isParked(state, now())) await park(session, { code: FULL, message: full })
}

function isParked({ fault }: MirrorState, now: number): boolean {
  return fault !== undefined && now < fault.retryAt
}

/** The hosted zone takes nothing: it is left alone. */
async function park({ store, hostedZone, zone, now, report }: Session, found: StopFault): Promise<void> {
  const at = now()
  const fault = faultOf(found, (await store.state(hostedZone))?.fault?.since ?? at, at)
  await store.note(hostedZone, { fault })
  report({ kind: 'fault', zone: zone.zone, fault })
}

/** It is tried again after as long as the trouble has lasted, within bounds. */
function faultOf({ code, message }: StopFault, since: number, now: number): ZoneFault {
  return { code, message, since, retryAt: now + Math.min(Math.max(now - since, MIN_PARK_MS), MAX_PARK_MS) }
}

/** Gives the lease back whoever was woken: what is left to do is found by the next look at restless zones. */
async function letGo({ store, hostedZone }: Session, holder: string): Promise<void> {
  for (let tries = 0; tries < 5; tries++) {
    const state = await store.state(hostedZone)
    if (state?.lease?.holder !== holder) return
    if (await store.release(hostedZone, holder, state.wake)) return
  }
}
