import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Endpoint, listenError } from '../../responder/listeners/endpoint.ts'

export interface Listening {
  /** With the port that was given. */
  readonly endpoint: Endpoint
  /** Takes no new requests, lets those under way end for so many milliseconds, closes all connections. */
  close(graceMs: number): Promise<void>
}

/** Has a server listen. Rejects with an Error of one line if it cannot. */
export async function listenOn(server: Server, endpoint: Endpoint): Promise<Listening> {
  server.listen(endpoint.port, endpoint.host)
  await once(server, 'listening').catch((error) => {
    throw listenError(endpoint, error)
  })
  return {
    endpoint: { ...endpoint, port: (server.address() as AddressInfo).port },
    async close(graceMs) {
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      const timer = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearTimeout(timer)
    },
  }
}
