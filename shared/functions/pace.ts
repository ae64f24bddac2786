/** Resolves when the next request may be sent. */
export type Pace = () => Promise<void>

/**
 * So many requests a second, and as many at once after a rest: all of Lambda's API that lists and reads shares 15 requests
 * a second with everything else in the account (Lambda Developer Guide, "Lambda quotas").
 */
export function createPace(perSecond: number, now: () => number, pause: (ms: number) => Promise<void>): Pace {
  const each = 1000 / perSecond
  let next = Number.NEGATIVE_INFINITY
  return async () => {
    next = Math.max(next + each, now() - (perSecond - 1) * each)
    const wait = next - now()
    if (wait > 0) await pause(wait)
  }
}
