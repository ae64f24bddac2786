import { Counters, createCounterMemory } from '../metrics/counters.ts'
import type { Certificate } from './certificate.ts'
import type { ConnectionLimits } from './connections.ts'
import { type Endpoint, listenError } from './endpoint.ts'
import type { Listener, ListenerParts, SecureListener } from './listener.ts'
import { listenTcp } from './tcp.ts'
import { listenUdp } from './udp.ts'
import { isEverywhere, listenUdpEverywhere } from './udp-everywhere.ts'

/** What is spoken at an endpoint: `dns` over UDP and TCP. */
export type Spoken = 'dns' | 'tls' | 'https'

/** An endpoint, and what is spoken there. */
export interface Served extends Endpoint {
  readonly speaks: Spoken
}

/** What those who come over TLS or HTTPS are shown. */
export interface Secure {
  readonly certificate: Certificate
  /** The path of DNS over HTTPS. */
  readonly path: string
}

/** Listens over UDP and TCP on one port. Rejects with an Error that says in words why that is not possible. */
export async function listen(endpoint: Endpoint, parts: ListenerParts, limits: ConnectionLimits): Promise<Listener> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await listenBoth(endpoint, parts, limits)
    } catch (error) {
      const cause = error as NodeJS.ErrnoException
      // A port that the system chose for UDP may be taken for TCP: then it chooses again.
      if (endpoint.port === 0 && cause.code === 'EADDRINUSE' && attempt < MAX_ATTEMPTS) continue
      throw listenError(endpoint, cause)
    }
  }
}

/** Listens over TCP, where UDP is served by somebody else. Rejects as `listen` does. */
export async function listenWithoutUdp(
  endpoint: Endpoint,
  parts: ListenerParts,
  limits: ConnectionLimits,
): Promise<Listener> {
  try {
    return await listenTcp(endpoint, parts, limits)
  } catch (error) {
    throw listenError(endpoint, error as NodeJS.ErrnoException)
  }
}

/** A port that is free for UDP and TCP now. Rejects as `listen` does. */
export async function freePort(host: string): Promise<number> {
  const listener = await listen({ host, port: 0 }, silentParts(), NO_CONNECTIONS)
  await listener.close()
  return listener.port
}

/** Listens over TLS or HTTPS, each of which takes a thread a megabyte. Rejects as `listen` does. */
export async function listenSecurely(
  { speaks, ...endpoint }: Served,
  parts: ListenerParts,
  limits: ConnectionLimits,
  secure: Secure,
): Promise<SecureListener> {
  try {
    if (speaks === 'https') return await (await import('./https.ts')).listenHttps(endpoint, parts, limits, secure)
    return await (await import('./tls.ts')).listenTls(endpoint, parts, limits, secure.certificate)
  } catch (error) {
    throw listenError(endpoint, error as NodeJS.ErrnoException)
  }
}

/**
 * Makes sure that ports are free, all at once, before anything is loaded for them. It also finds one that is shared
 * already: workers could join that, and would get a part of the requests only. Rejects as `listen` does.
 */
export async function probe(...endpoints: readonly (Endpoint & Partial<Served>)[]): Promise<void> {
  const parts = silentParts()
  const listeners: Listener[] = []
  try {
    for (const { speaks = 'dns', ...endpoint } of endpoints) {
      try {
        listeners.push(await listenTcp(endpoint, parts, NO_CONNECTIONS))
        if (speaks === 'dns') listeners.push(await listenUdp(endpoint, parts))
      } catch (error) {
        throw listenError(endpoint, error as NodeJS.ErrnoException)
      }
    }
  } finally {
    await Promise.all(listeners.map((listener) => listener.close()))
  }
}

// ---------------------------------------------------------------------------

const MAX_ATTEMPTS = 20
const NO_CONNECTIONS: ConnectionLimits = { connections: 0, perClient: 0, idleMs: 0 }

function silentParts(): ListenerParts {
  return { answer: () => undefined, counters: new Counters(createCounterMemory(1), 0), reusePort: false }
}

async function listenBoth(endpoint: Endpoint, parts: ListenerParts, limits: ConnectionLimits): Promise<Listener> {
  const udp = await (isEverywhere(endpoint) ? listenUdpEverywhere : listenUdp)(endpoint, parts)
  try {
    const tcp = await listenTcp({ ...endpoint, port: udp.port }, parts, limits)
    return {
      port: udp.port,
      async close() {
        await tcp.close()
        await udp.close()
      },
    }
  } catch (error) {
    await udp.close()
    throw error
  }
}
