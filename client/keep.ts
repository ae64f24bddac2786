import { setTimeout as later } from 'node:timers/promises'
import { type Acknowledged, RegistrationError } from './model.ts'

/** A name that is registered, and kept so. */
export interface Registered {
  readonly id: string
  /** Resolves when the API acknowledges it for the first time; rejects if it is stopped or withdrawn before. */
  readonly first: Promise<Acknowledged>
  /**
   * Takes the records away and renews no more. Resolves with true when they are known to be gone, with false if that was
   * not reached in time (10000 ms): then they go with the lease. Never rejects; may be called again.
   */
  withdraw(withinMs?: number): Promise<boolean>
  /** Renews no more: the records stay until the lease ends. */
  stop(): void
}

/** Told what happens. What they throw is nobody's concern. */
export interface Listeners {
  /** Registered, or renewed. */
  onRenewed?(acknowledged: Acknowledged): unknown
  /** A request failed, and will be tried again in so many milliseconds; undefined: it will not. */
  onError?(error: Error, retryMs: number | undefined): unknown
}

export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Resolves after so many milliseconds, or when the signal is aborted. Keeps no process alive. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
  /** From 0 up to 1. */
  readonly random: () => number
}

export const realClock: Clock = {
  now: Date.now,
  pause: (ms, signal) => later(ms, undefined, { signal, ref: false }).catch(() => {}),
  random: Math.random,
}

export interface KeepParts {
  readonly id: string
  readonly lease: number | undefined
  readonly put: (signal: AbortSignal) => Promise<Acknowledged>
  readonly remove: (signal: AbortSignal) => Promise<void>
  readonly listeners: Listeners
  readonly clock: Clock
}

/** Registers and renews, one request at a time, until it is stopped or withdrawn. */
export function keepRegistered({ id, lease, put, remove, listeners, clock }: KeepParts): Registered {
  const ending = new AbortController() // of the renewals
  const leaving = new AbortController() // of the request under way
  let gone: Promise<boolean> | undefined
  let acknowledgedOnce = false
  let settle: { resolve(first: Acknowledged): void; reject(error: Error): void } | undefined
  const first = new Promise<Acknowledged>((resolve, reject) => {
    settle = { resolve, reject }
  })
  first.catch(() => {}) // whoever does not wait for it need not handle it
  const renewing = renew()
  return {
    id,
    first,
    withdraw(withinMs = 10_000) {
      ending.abort()
      gone ??= withdrawn(withinMs)
      return gone
    },
    stop: () => ending.abort(),
  }

  async function renew(): Promise<void> {
    for (let failures = 0; !ending.signal.aborted; ) {
      let waitMs: number
      try {
        const acknowledged = await put(leaving.signal)
        failures = 0
        acknowledgedOnce = true
        settle?.resolve(acknowledged)
        tell(() => listeners.onRenewed?.(acknowledged))
        if (acknowledged.renewAfter === undefined) return
        waitMs = acknowledged.renewAfter * 1_000 * (0.8 + 0.2 * clock.random()) // not all of a fleet at once, and never late
      } catch (error) {
        failures++
        waitMs = retryMs(error, failures)
        const retry = ending.signal.aborted ? undefined : waitMs
        tell(() => listeners.onError?.(error as Error, retry))
      }
      await clock.pause(waitMs, ending.signal)
    }
    settle?.reject(new RegistrationError('it was stopped before it was registered'))
  }

  async function withdrawn(withinMs: number): Promise<boolean> {
    // A PUT that is under way would undo a DELETE that overtakes it, so it has a moment to end.
    const grace = setTimeout(() => leaving.abort(), Math.min(PUT_GRACE_MS, withinMs / 2))
    const late = new AbortController()
    const end = setTimeout(() => late.abort(), withinMs)
    try {
      await renewing
      for (let failures = 1; ; failures++) {
        try {
          await remove(late.signal)
          return true
        } catch (error) {
          const hopeless = !acknowledgedOnce && lease !== undefined // the API was away all the time, and now as well
          const over = hopeless || late.signal.aborted || (error instanceof RegistrationError && error.isRefusal)
          const waitMs = over ? undefined : retryMs(error, failures)
          tell(() => listeners.onError?.(error as Error, waitMs))
          if (waitMs === undefined) return false
          await clock.pause(waitMs, late.signal)
        }
      }
    } finally {
      clearTimeout(grace)
      clearTimeout(end)
    }
  }

  /** Half a second, twice as long each time, up to a third of the lease, so that after an outage all is well before long. */
  function retryMs(error: unknown, failures: number): number {
    const longest = Math.min(LONGEST_RETRY_MS, lease === undefined ? LONGEST_RETRY_MS : (lease * 1_000) / 3)
    const refusal = error instanceof RegistrationError && error.isRefusal
    const ms = refusal ? longest : Math.min(longest, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 10))
    return ms * (0.5 + 0.5 * clock.random())
  }
}

// ---------------------------------------------------------------------------

const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 30_000
const PUT_GRACE_MS = 1_000

/** Calls a listener, whose errors, also later ones, are kept from the host. */
function tell(call: () => unknown): void {
  ;(async () => call())().catch(() => {})
}
