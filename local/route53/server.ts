import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Endpoint, listenError } from '../../responder/listeners/endpoint.ts'
import { errorReply, type Reply } from './api.ts'
import { ApiError } from './api-error.ts'
import type { Received } from './route.ts'

export interface Server {
  /** With the port that was given. */
  readonly endpoint: Endpoint
  /** Takes no new requests, lets those under way end for a moment, closes all connections. */
  close(): Promise<void>
}

export interface ServerOptions {
  readonly endpoint: Endpoint
  /** Undefined as its answer breaks the connection. */
  readonly answer: (received: Received) => Promise<Reply | undefined>
  /** What went wrong with a request, one line each. */
  readonly log: (line: string) => void
}

/**
 * The HTTP side, which asks nobody who they are: it listens on loopback only, and refuses what a web page of another
 * site sends through the browser of a user of this machine. Rejects with an Error of one line if it cannot listen.
 */
export async function startServer({ endpoint, answer, log }: ServerOptions): Promise<Server> {
  if (!isLoopback(endpoint.host)) throw new Error(`Route 53 is emulated on loopback only, not on ${endpoint.host}`)
  const server = createServer(LIMITS, (request, response) => void serve(request, response))
  server.maxConnections = MAX_CONNECTIONS
  server.listen(endpoint.port, endpoint.host)
  await once(server, 'listening').catch((error) => {
    throw listenError(endpoint, error)
  })
  return {
    endpoint: { ...endpoint, port: (server.address() as AddressInfo).port },
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS)
      await closed
      clearTimeout(timer)
    },
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const reply = await replyTo(request)
      if (reply === undefined) request.socket.destroy()
      else send(response, reply)
    } catch (error) {
      if (!request.destroyed) log(`Route 53: a request could not be answered: ${(error as Error).message}`)
      response.destroy() // else the client went away in the middle of its request
    }
  }

  async function replyTo(request: IncomingMessage): Promise<Reply | undefined> {
    const body = await readBody(request)
    if (isCrossSite(request)) {
      return errorReply(new ApiError('AccessDenied', 'Requests from other web sites are refused'))
    }
    if (body === undefined) {
      const reply = errorReply(new ApiError('RequestEntityTooLarge', `The body is larger than ${MAX_BODY} octets`))
      return { ...reply, headers: { ...reply.headers, connection: 'close' } }
    }
    const { method = '', url: target = '', headers } = request
    return answer({ method, target, authorization: headers.authorization, body: body.toString('utf8') })
  }
}

// ---------------------------------------------------------------------------

const MAX_BODY = 4 * 1024 * 1024 // a batch within the limits of AWS takes a tenth of it
const MAX_DISCARDED = 10 * MAX_BODY
const MAX_CONNECTIONS = 1000
const GRACE_MS = 1000

const LIMITS = {
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 30_000,
  connectionsCheckingInterval: 500,
}

/** The body; undefined if it is too large. The rest of such a body is read all the same, or the client misses the answer. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    length += chunk.length
    if (length <= MAX_BODY) chunks.push(chunk)
    else chunks.length = 0
    if (length > MAX_DISCARDED) break
  }
  return length <= MAX_BODY ? Buffer.concat(chunks) : undefined
}

function isLoopback(host: string): boolean {
  return /^127(\.\d{1,3}){3}$/.test(host) || host === '::1'
}

/** A browser names the site of the page that sends a request; pages of this machine are let through. */
function isCrossSite({ headers }: IncomingMessage): boolean {
  if (headers.origin === undefined) return false
  const host = URL.canParse(headers.origin) ? new URL(headers.origin).hostname : ''
  return !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(host)
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
