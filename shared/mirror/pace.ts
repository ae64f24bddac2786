import type { Now } from '../records/ports.ts'
import type { PaceStore } from './ports.ts'

/** When a request to Route 53 may be sent: all that is sent for one account goes through one pace. */
export interface Pace {
  /** Waits for one's turn. False, and no turn is taken, if it would come after `latest` (milliseconds since the epoch). */
  turn(latest: number): Promise<boolean>
  /** Gives nobody a turn for so many milliseconds: AWS has said that requests are too many. */
  slowDown(ms: number): Promise<void>
}

export function createPace(
  store: PaceStore,
  requestsPerSecond: number,
  now: Now,
  pause: (ms: number) => Promise<void>,
): Pace {
  return {
    async turn(latest) {
      for (;;) {
        const at = await store.reserve(1000 / requestsPerSecond, now(), latest)
        if (at === undefined) return false
        const wait = at - now()
        if (wait <= 0) return true
        await pause(wait)
        if ((await store.deferredUntil()) <= at) return true // else somebody was throttled meanwhile
      }
    },
    slowDown: (ms) => store.defer(now() + ms),
  }
}

/** Waits longer with every failure, up to a bound, and never as long as anybody else (full jitter over half the wait). */
export function backoff(failures: number): number {
  const wait = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** failures)
  return wait / 2 + (Math.random() * wait) / 2
}

/**
 * The pace from the environment, ROUTE53_REQUESTS_PER_SECOND, or 2: Route 53 takes 5 a second of all that an account
 * asks, and others want their share. Throws an Error if it is no number above 0 and up to 5.
 */
export function requestsPerSecond(environment: Readonly<Record<string, string | undefined>>): number {
  const rate = Number(environment[REQUESTS_PER_SECOND] ?? 2)
  if (rate > 0 && rate <= 5) return rate
  throw new Error(`${REQUESTS_PER_SECOND} must be a number above 0 and up to 5`)
}

export const REQUESTS_PER_SECOND = 'ROUTE53_REQUESTS_PER_SECOND'

// ---------------------------------------------------------------------------

const FIRST_BACKOFF_MS = 1_000
const MAX_BACKOFF_MS = 30_000
