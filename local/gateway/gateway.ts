import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Endpoint } from '../../responder/listeners/endpoint.ts'
import { listenOn } from '../http/listening.ts'
import { type HttpReply, send } from '../http/reply.ts'
import { declaredLength, readBody } from '../http/request.ts'
import { invoke, type LocalFunction } from '../lambda.ts'
import { balancerEvent } from './event.ts'
import { BAD_GATEWAY, balancerRefusal, balancerReply } from './reply.ts'

export interface GatewayOptions {
  readonly endpoint: Endpoint
  /** The function of `functions/gateway`. */
  readonly fn: LocalFunction
  /** What went wrong with a request, one line each. */
  readonly log: (line: string) => void
  /** Milliseconds until the headers, and until the whole request, must have come: then 408. */
  readonly headersTimeout?: number
  readonly requestTimeout?: number
}

export interface Gateway {
  readonly endpoint: Endpoint
  /** Takes no new requests, lets those under way end, closes all connections. */
  close(): Promise<void>
}

/**
 * An HTTP server that stands where the load balancer of the function gateway stands on AWS, with its limits.
 *
 * As there, it takes requests whatever page they come from: functions that have names are for everybody who reaches them,
 * unless they ask for a token. A web page whose own name was made to point here (DNS rebinding) gets nowhere, since what it
 * sends goes to its own name, which is no function's.
 */
export async function startGateway({ endpoint, fn, log, ...limits }: GatewayOptions): Promise<Gateway> {
  const server = createServer({ ...LIMITS, ...limits })
  server.maxConnections = MAX_CONNECTIONS
  server.on('request', (request, response) => void serve(request, response))
  server.on('checkContinue', (request, response) => {
    if (declaredLength(request) <= MAX_BODY) response.writeContinue()
    void serve(request, response)
  })
  const listening = await listenOn(server, endpoint)
  return { endpoint: listening.endpoint, close: () => listening.close(GRACE_MS) }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      send(response, await answer(request))
    } catch (error) {
      if (!request.destroyed) log(`a request could not be answered: ${(error as Error).message}`)
      response.destroy() // else the client went away in the middle of its request
    }
  }

  async function answer(request: IncomingMessage): Promise<HttpReply> {
    const { method = '', url: target = '', rawHeaders, httpVersion, socket } = request
    const body = await readBody(request, MAX_BODY)
    if (body === undefined) return balancerRefusal(413, 'Payload Too Large')
    const sourceIp = socket.remoteAddress ?? ''
    const received = { method, target, rawHeaders, body, httpVersion, sourceIp, at: Date.now() }
    try {
      return balancerReply(await invoke(fn, balancerEvent(received, listening.endpoint.port)))
    } catch (error) {
      log(`${fn.name} failed: ${(error as Error).message}`)
      return BAD_GATEWAY
    }
  }
}

// ---------------------------------------------------------------------------

const MAX_BODY = 1024 * 1024 // that goes to a function
const MAX_CONNECTIONS = 1000
const GRACE_MS = 3000

const LIMITS = {
  maxHeaderSize: 64 * 1024, // request line and headers; beyond: 431
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 60_000,
  connectionsCheckingInterval: 500,
}
