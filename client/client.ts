/** Registers names with Namestream: https and timers of Node, nothing else. */

import { hostname } from 'node:os'
import { type Environment, environmentCredentials } from './credentials.ts'
import { type Clock, keepRegistered, type Listeners, type Registered, realClock } from './keep.ts'
import {
  type Acknowledged,
  type Credentials,
  type RecordSet,
  type Registration,
  RegistrationError,
  type RegistrationKey,
} from './model.ts'
import { type Authorize, ask, bearing, type RequestParts, signing } from './request.ts'

export type { Acknowledged, Credentials, Listeners, RecordSet, Registered, Registration, RegistrationKey }
export { RegistrationError }

export interface ClientOptions {
  /** Of the API: `https://….execute-api.eu-west-1.amazonaws.com`, `http://127.0.0.1:8090`. A final `/dynapi` is left away. */
  readonly url: string
  /** Shown instead of signing; also taken from a URL `https://any:TOKEN@host`. */
  readonly token?: string | undefined
  /** To sign with. Absent: those that AWS puts into the environment; with an `http:` URL, which no API on AWS has, none. */
  readonly credentials?: Credentials | (() => Promise<Credentials | undefined>) | undefined
  /** Absent: that in the name of the API's host, else AWS_REGION. */
  readonly region?: string | undefined
  readonly fetch?: typeof fetch | undefined
  /** Of each request (5000). A request that renews a lease has a third of that lease at the most, but a second. */
  readonly timeoutMs?: number | undefined
  /** In place of that of the process. */
  readonly environment?: Environment | undefined
}

export interface Client {
  /**
   * Registers, and renews the lease for as long as the process lives, whatever happens meanwhile. Throws for what can never be
   * right, and from then on nothing, but tells the listeners. Does not keep the process alive.
   */
  register(registration: Registration, listeners?: Listeners): Registered
  /** One PUT, which registers or renews. Rejects with RegistrationError. */
  put(registration: Registration, signal?: AbortSignal): Promise<Acknowledged>
  /** One DELETE; what is not registered is withdrawn. Rejects with RegistrationError. */
  withdraw(key: RegistrationKey, signal?: AbortSignal): Promise<void>
}

/** Throws TypeError for options that cannot be right. */
export function createClient(options: ClientOptions, clock: Clock = realClock): Client {
  const { timeoutMs = 5_000 } = options
  const parts = requestParts(options, clock)
  return {
    register(registration, listeners = {}) {
      const { id = hostId(), lease } = check(registration)
      const named = { ...registration, id }
      return keepRegistered({
        id,
        lease,
        put: (signal) => put(named, signal),
        remove: (signal) => withdraw(named, signal),
        listeners,
        clock,
      })
    },
    put: async (registration, signal) => put(check(registration), signal),
    withdraw,
  }

  async function put(registration: Registration, signal?: AbortSignal): Promise<Acknowledged> {
    const { records, lease } = registration
    const withinMs = lease === undefined ? timeoutMs : Math.min(timeoutMs, Math.max(1_000, (lease * 1_000) / 3))
    const body = JSON.stringify({ records, ...(lease !== undefined && { lease }) })
    const text = await ask(parts, { method: 'PUT', path: pathOf(registration), body, withinMs, signal })
    return acknowledged(text, lease)
  }

  async function withdraw(key: RegistrationKey, signal?: AbortSignal): Promise<void> {
    try {
      await ask(parts, { method: 'DELETE', path: pathOf(key), withinMs: timeoutMs, signal })
    } catch (error) {
      if (!(error instanceof RegistrationError && error.status === 404)) throw error
    }
  }
}

// ---------------------------------------------------------------------------

function requestParts(options: ClientOptions, { now }: Clock): RequestParts {
  const { fetch = globalThis.fetch, environment = process.env, credentials, region } = options
  const { base, token = options.token?.trim() } = baseOf(options.url)
  return { base, authorize: authorized(), fetch }

  function authorized(): Authorize {
    if (token) return bearing(token)
    if (typeof credentials === 'function') return signing(credentials, regionOf)
    if (credentials) return signing(async () => credentials, regionOf)
    if (base.protocol === 'http:') return async () => new Headers()
    return signing(environmentCredentials({ environment, fetch, now }), regionOf)
  }

  function regionOf({ hostname }: URL): string | undefined {
    const [, named] = /\.execute-api\.([a-z0-9-]+)\.(?:amazonaws|api)\./.exec(hostname) ?? []
    return region ?? named ?? environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION
  }
}

/** What may be wrong with a URL is not told with the URL, as it may have a token in it. */
function baseOf(text: string): { base: URL; token?: string } {
  if (!URL.canParse(text)) throw new TypeError('url: that is no URL')
  const base = new URL(text)
  if (!/^https?:$/.test(base.protocol) || base.search || base.hash)
    throw new TypeError('url: https://HOST or http://HOST')
  const token = decodeURIComponent(base.password)
  base.username = ''
  base.password = ''
  base.pathname = base.pathname.replace(/\/(dynapi\/?)?$/, '')
  return { base, ...(token && { token }) }
}

function check(registration: Registration): Registration {
  const { id, zone, name, records, lease } = registration
  if (!zone || !name) throw new TypeError('a registration needs zone and name')
  if (id !== undefined && !/^[A-Za-z0-9._:-]{1,64}$/.test(id))
    throw new TypeError('id: [A-Za-z0-9._:-], up to 64 characters')
  if (lease !== undefined && !(Number.isInteger(lease) && lease >= 5 && lease <= 86_400))
    throw new TypeError('lease: whole seconds, 5 to 86400')
  if (!Array.isArray(records) || records.length === 0) throw new TypeError('a registration needs records')
  return registration
}

function pathOf({ zone, name, id = hostId() }: RegistrationKey): string {
  const [inZone, at, under] = [zone, name, id].map(encodeURIComponent)
  return `/v1/zones/${inZone}/names/${at}/registrations/${under}`
}

function hostId(): string {
  return (
    hostname()
      .replace(/[^A-Za-z0-9._:-]/g, '-')
      .slice(0, 64) || 'host'
  )
}

/** An answer of 200 that is none of Namestream's acknowledges nothing. */
function acknowledged(text: string, lease: number | undefined): Acknowledged {
  const answer = parsed(text)
  if (typeof answer?.id !== 'string')
    throw new RegistrationError(`the API answered ${JSON.stringify(text.slice(0, 200))}`)
  if (lease === undefined) return answer
  const { renewAfter } = answer
  const told = typeof renewAfter === 'number' && renewAfter > 0 ? renewAfter : lease / 3
  return { ...answer, renewAfter: Math.min(Math.max(told, 1), lease) } // sooner would be a flood, later too late
}

function parsed(text: string): Acknowledged | undefined {
  try {
    return JSON.parse(text) ?? undefined
  } catch {
    return undefined
  }
}
