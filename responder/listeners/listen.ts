import { Counters, createCounterMemory } from '../metrics/counters.ts'
import { type Endpoint, listenError } from './endpoint.ts'
import type { Listener, ListenerParts } from './listener.ts'
import { listenTcp, type TcpLimits } from './tcp.ts'
import { listenUdp } from './udp.ts'

/** Listens over UDP and TCP on one port. Rejects with an Error that says in words why that is not possible. */
export async function listen(endpoint: Endpoint, parts: ListenerParts, limits: TcpLimits): Promise<Listener> {
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

/**
 * Makes sure that a port is free before anything is loaded for it. It also finds one that is shared already: workers
 * could join that, and would get a part of the requests only. Rejects as `listen` does.
 */
export async function probe(endpoint: Endpoint): Promise<void> {
  const counters = new Counters(createCounterMemory(1), 0)
  const parts = { answer: () => undefined, counters, reusePort: false }
  const listener = await listen(endpoint, parts, { connections: 0, perClient: 0, idleMs: 0 })
  await listener.close()
}

// ---------------------------------------------------------------------------

const MAX_ATTEMPTS = 20

async function listenBoth(endpoint: Endpoint, parts: ListenerParts, limits: TcpLimits): Promise<Listener> {
  const udp = await listenUdp(endpoint, parts)
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
