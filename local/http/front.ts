import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Endpoint, listenError } from '../../responder/listeners/endpoint.ts'
import { invoke, type LocalFunction } from '../lambda.ts'
import { gatewayEvent } from './event.ts'
import { gatewayReply, type HttpReply, httpReply, INTERNAL_SERVER_ERROR } from './reply.ts'

export interface HttpFrontOptions {
  readonly endpoint: Endpoint
  /** Answers every request, as the function behind the route `$default`. */
  readonly fn: LocalFunction
  /** What went wrong with a request, one line each. */
  readonly log: (line: string) => void
  /** Milliseconds until the headers, and until the whole request, must have come: then 408. */
  readonly headersTimeout?: number
  readonly requestTimeout?: number
}

export interface HttpFront {
  readonly endpoint: Endpoint
  /** Takes no new requests, lets those under way end, closes all connections. */
  close(): Promise<void>
}

/**
 * An HTTP server that stands where an API Gateway HTTP API stands on AWS, with its limits. It asks nobody who they
 * are, so it refuses what a web page of another site sends through the browser of a user of this machine.
 */
export async function startHttpFront({ endpoint, fn, log, ...limits }: HttpFrontOptions): Promise<HttpFront> {
  const server = createServer({ ...LIMITS, ...limits })
  server.maxConnections = MAX_CONNECTIONS
  server.on('request', (request, response) => void serve(request, response))
  server.on('checkContinue', (request, response) => {
    if (declaredLength(request) <= MAX_BODY) response.writeContinue()
    void serve(request, response)
  })
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
      send(response, await answer(request))
    } catch (error) {
      if (!request.destroyed) log(`a request could not be answered: ${(error as Error).message}`)
      response.destroy() // else the client went away in the middle of its request
    }
  }

  async function answer(request: IncomingMessage): Promise<HttpReply> {
    if (isCrossSite(request)) return gatewayReply(403, 'Forbidden: requests from other web sites are refused')
    const body = await readBody(request)
    if (body === undefined) return { ...gatewayReply(413, 'Request Entity Too Large'), close: true }
    const event = eventOf(request, body)
    if (event === undefined) return gatewayReply(400, 'Bad Request')
    try {
      return httpReply(await invoke(fn, event))
    } catch (error) {
      log(`${fn.name} failed: ${(error as Error).message}`)
      return INTERNAL_SERVER_ERROR
    }
  }
}

// ---------------------------------------------------------------------------

const MAX_BODY = 10 * 1024 * 1024 // of an HTTP API
const MAX_DISCARDED = 10 * MAX_BODY
const MAX_CONNECTIONS = 1000
const GRACE_MS = 3000

const LIMITS = {
  maxHeaderSize: 10_240, // request line and headers, of an HTTP API; beyond: 431
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 30_000,
  connectionsCheckingInterval: 500,
}

/** The body; undefined if it is too large. The rest of such a body is read all the same, or the client misses the answer. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  if (request.headers.expect !== undefined && declaredLength(request) > MAX_BODY) return undefined
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

function declaredLength(request: IncomingMessage): number {
  return Number(request.headers['content-length'] ?? 0)
}

function eventOf(request: IncomingMessage, body: Buffer) {
  const { method = '', url = '', rawHeaders, httpVersion, socket } = request
  const sourceIp = socket.remoteAddress ?? ''
  try {
    return gatewayEvent({ method, target: url, rawHeaders, body, httpVersion, sourceIp, at: Date.now() })
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}

/** A browser names the site of the page that sends a request; pages of this machine are let through. */
function isCrossSite({ headers }: IncomingMessage): boolean {
  if (headers.origin === undefined) return false
  const host = URL.canParse(headers.origin) ? new URL(headers.origin).hostname : ''
  return !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(host)
}

function send(response: ServerResponse, { status, headers, body, close }: HttpReply): void {
  response.statusCode = status
  for (const [name, value] of headers) response.appendHeader(name, value)
  if (status !== 204 && status !== 304) response.setHeader('content-length', body.length) // RFC 9110 8.6
  if (close) response.setHeader('connection', 'close')
  response.end(body)
}
