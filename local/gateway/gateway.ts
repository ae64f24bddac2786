import type { IncomingMessage } from 'node:http'
import type { Endpoint } from '../../responder/listeners/endpoint.ts'
import type { HttpReply } from '../http/reply.ts'
import { readBody } from '../http/request.ts'
import { type HttpServing, serveHttp } from '../http/serving.ts'
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

/**
 * An HTTP server that stands where the load balancer of the function gateway stands on AWS, with its limits.
 *
 * As there, it takes requests whatever page they come from: functions that have names are for everybody who reaches them,
 * unless they ask for a token. A web page whose own name was made to point here (DNS rebinding) gets nowhere, since what it
 * sends goes to its own name, which is no function's.
 */
export function startGateway({ endpoint, fn, log, ...limits }: GatewayOptions): Promise<HttpServing> {
  return serveHttp({ endpoint, limits: { ...LIMITS, ...limits }, maxBody: MAX_BODY, answer, log })

  async function answer(request: IncomingMessage, port: number): Promise<HttpReply> {
    const { method = '', url: target = '', rawHeaders, httpVersion, socket } = request
    const body = await readBody(request, MAX_BODY)
    if (body === undefined) return balancerRefusal(413, 'Payload Too Large')
    const sourceIp = socket.remoteAddress ?? ''
    const received = { method, target, rawHeaders, body, httpVersion, sourceIp, at: Date.now() }
    try {
      return balancerReply(await invoke(fn, balancerEvent(received, port)))
    } catch (error) {
      log(`${fn.name} failed: ${(error as Error).message}`)
      return BAD_GATEWAY
    }
  }
}

// ---------------------------------------------------------------------------

const MAX_BODY = 1024 * 1024 // that goes to a function

const LIMITS = {
  maxHeaderSize: 64 * 1024, // request line and headers; beyond: 431
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 60_000,
  connectionsCheckingInterval: 500,
}
