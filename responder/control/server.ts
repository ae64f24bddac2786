import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type Endpoint, listenError } from '../listeners/endpoint.ts'

export interface ControlParts {
  /** The parts that are not ready, each with its reason; empty if all are. */
  readonly unready: () => readonly string[]
  /** The text of /metrics. */
  readonly metrics: () => string
  readonly further?: Further | undefined
}

/** What somebody else serves beside. */
export interface Further {
  /** Takes a request for one of its pages, and answers it; gives false for any other. */
  readonly pages: (request: IncomingMessage, response: ServerResponse) => boolean
  /** Further text of /metrics. */
  readonly metrics: () => string
}

export interface ControlServer {
  readonly endpoint: Endpoint
  close(): Promise<void>
}

/** `/health` (the process lives), `/ready` (send it questions) and `/metrics`. Rejects if the port cannot be had. */
export async function startControlServer(
  endpoint: Endpoint,
  { unready, metrics, further }: ControlParts,
): Promise<ControlServer> {
  const pages: Readonly<Record<string, () => Page>> = {
    '/health': () => ({ status: 200, body: 'OK\n' }),
    '/ready': () => {
      const reasons = unready()
      return reasons.length === 0 ? { status: 200, body: 'OK\n' } : { status: 503, body: `${reasons.join('\n')}\n` }
    },
    '/metrics': () => ({
      status: 200,
      body: metrics() + (further?.metrics() ?? ''),
      type: 'text/plain; version=0.0.4; charset=utf-8',
    }),
  }
  const served = new WeakSet<Socket>()
  const server = createServer(LIMITS, (request, response) => {
    if (served.has(request.socket)) return
    served.add(request.socket)
    response.shouldKeepAlive = false // a connection is for one request: replies that nobody takes do not pile up
    const path = (request.url ?? '').split('?')[0] ?? ''
    if (!Object.hasOwn(pages, path) && further?.pages(request, response)) return
    const page = Object.hasOwn(pages, path) && isRead(request.method) ? pages[path]?.() : undefined
    const { status, body, type = 'text/plain; charset=utf-8' } = page ?? { status: 404, body: 'not found\n' }
    response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) })
    response.end(body)
  })
  server.maxConnections = MAX_CONNECTIONS
  server.listen(endpoint.port, endpoint.host)
  await once(server, 'listening').catch((error) => {
    throw listenError(endpoint, error)
  })
  server.on('error', () => {}) // a connection that could not be accepted, as for want of file descriptors
  return {
    endpoint: { ...endpoint, port: (server.address() as AddressInfo).port },
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

// ---------------------------------------------------------------------------

const MAX_CONNECTIONS = 100
const LIMITS = { headersTimeout: 3000, requestTimeout: 3000, connectionsCheckingInterval: 500 }

interface Page {
  readonly status: number
  readonly body: string
  readonly type?: string
}

function isRead(method: string | undefined): boolean {
  return method === 'GET' || method === 'HEAD'
}
