import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Endpoint } from '../../responder/listeners/endpoint.ts'
import { listenOn } from '../http/listening.ts'
import { isCrossSite, readBody } from '../http/request.ts'
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
  const listening = await listenOn(server, endpoint)
  return { endpoint: listening.endpoint, close: () => listening.close(GRACE_MS) }

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
    const body = await readBody(request, MAX_BODY)
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
const MAX_CONNECTIONS = 1000
const GRACE_MS = 1000

const LIMITS = {
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 30_000,
  connectionsCheckingInterval: 500,
}

function isLoopback(host: string): boolean {
  return /^127(\.\d{1,3}){3}$/.test(host) || host === '::1'
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
