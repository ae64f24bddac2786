import type { MiddlewareObj, Request } from '@middy/core'
import { type Client, type ClientOptions, createClient, type RecordSet } from './client.ts'

export interface RegisterNameOptions extends ClientOptions {
  readonly zone: string
  /** The whole owner name: `pay.example.org`. */
  readonly name: Told<string>
  readonly records: Told<readonly RecordSet[]>
  /** Absent: the name of the function, so that all its sandboxes renew one registration. */
  readonly id?: Told<string> | undefined
  /** Seconds (3600): so long after the last invocation that renewed it, the name is gone. */
  readonly lease?: number | undefined
  /** Milliseconds that an invocation waits for the API at the most (500); not heeded with `required`. */
  readonly waitMs?: number | undefined
  /** An invocation for which the name is not registered, or no more, fails (false). */
  readonly required?: boolean | undefined
  /** Told of each request that failed. */
  readonly onError?: ((error: Error) => unknown) | undefined
}

/** What is known at once, or of the context of the invocation. */
export type Told<T> = T | ((context: Context) => T)

export type Context = Request['context']

/**
 * Middy middleware: registers a name at the first invocation in a sandbox, and renews it at the first invocation after a
 * third of the lease. Between invocations a sandbox is frozen, and no timer runs.
 */
export function registerName(options: RegisterNameOptions, now: () => number = Date.now): MiddlewareObj<unknown> {
  const { zone, name, records, id, lease = 3_600, waitMs = 500, required = false, onError } = options
  const { timeoutMs = 5_000 } = options
  const client: Client = createClient(options)
  let attempt: Attempt | undefined // under way
  let renewAt = Number.NEGATIVE_INFINITY
  let endsAt = Number.NEGATIVE_INFINITY
  let failures = 0
  let last: Error | undefined

  return {
    name: 'registerName',
    async before({ context }) {
      await renewed(context)
      if (required && now() >= endsAt) throw last ?? new Error(`${told(name, context)} is not registered`)
    },
  }

  async function renewed(context: Context): Promise<void> {
    if (now() < renewAt) return
    if (attempt && now() < attempt.since + timeoutMs) {
      if (required) await attempt.ended
      return // who began it has waited for it
    }
    attempt?.cancel.abort() // the sandbox was frozen meanwhile: nobody is at the other end any more
    attempt = begin(context)
    await (required ? attempt.ended : atMost(waitMs, attempt.ended))
  }

  function begin(context: Context): Attempt {
    const since = now()
    const cancel = new AbortController()
    const ended = put().then(
      ({ renewAfter = lease / 3 }) => {
        failures = 0
        last = undefined
        renewAt = since + renewAfter * 1_000 // since then, as the answer may have been read after a sleep
        endsAt = since + lease * 1_000
      },
      (error: Error) => {
        if (cancel.signal.aborted) return
        last = error
        // Where the name must be registered each invocation tries; elsewhere a failure must not slow down all that follow.
        if (!required) renewAt = now() + Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures++, 10))
        try {
          onError?.(error)
        } catch {
          // no concern of the invocation
        }
      },
    )
    const begun: Attempt = {
      since,
      cancel,
      ended: ended.then(() => {
        if (attempt === begun) attempt = undefined
      }),
    }
    return begun

    async function put() {
      const registration = {
        zone,
        name: told(name, context),
        id: told(id ?? (({ functionName }: Context) => functionName), context),
        records: told(records, context),
        lease,
      }
      return client.put(registration, cancel.signal)
    }
  }
}

// ---------------------------------------------------------------------------

interface Attempt {
  /** Milliseconds since the epoch. */
  readonly since: number
  readonly cancel: AbortController
  /** Never rejects. */
  readonly ended: Promise<void>
}

const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 60_000

function told<T extends string | readonly RecordSet[]>(value: Told<T>, context: Context): T {
  return typeof value === 'function' ? value(context) : value
}

async function atMost(ms: number, ended: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const elapsed = new Promise((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([ended, elapsed])
  clearTimeout(timer)
}
