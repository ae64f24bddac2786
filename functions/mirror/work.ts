import { randomUUID } from 'node:crypto'
import type { MirrorState, ZoneFault } from '../../shared/mirror/model.ts'
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
    if (isParked(state, now())) return
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

/** Drains, and between the pages of a walk drains again. */
async function workThrough(session: Session, state: MirrorState): Promise<void> {
  const { store, hostedZone, now } = session
  await lowerNegativeTtl(session, state.minimum)
  await drain(session)
  if (state.fault !== undefined) await store.note(hostedZone, { fault: undefined })
  for (let walk = state.walk, pageAt = now(); walk !== undefined; await drain(session)) {
    if (now() < pageAt) await session.wait(Math.min(LOOK_MS, pageAt - now()))
    else {
      pageAt = now() + PAGE_MS
      walk = await walkPage(session, walk)
    }
  }
  await store.setInflight(hostedZone, undefined)
}

function isParked({ fault }: MirrorState, now: number): boolean {
  return fault !== undefined && now < fault.retryAt
}

/** The hosted zone takes nothing: it is left alone for as long again as it has been in trouble, within bounds. */
async function park(
  { store, hostedZone, zone, now, report }: Session,
  found: NonNullable<Stop['fault']>,
): Promise<void> {
  const at = now()
  const since = (await store.state(hostedZone))?.fault?.since ?? at
  const retryAt = at + Math.min(Math.max(at - since, MIN_PARK_MS), MAX_PARK_MS)
  const fault: ZoneFault = { code: found.code, message: found.message, since, retryAt }
  await store.note(hostedZone, { fault })
  report({ kind: 'fault', zone: zone.zone, fault })
}

/** Gives the lease back whoever was woken: what is left to do is found by the next look at restless zones. */
async function letGo({ store, hostedZone }: Session, holder: string): Promise<void> {
  for (let tries = 0; tries < 5; tries++) {
    const state = await store.state(hostedZone)
    if (state?.lease?.holder !== holder) return
    if (await store.release(hostedZone, holder, state.wake)) return
  }
}
