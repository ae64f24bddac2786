import type { IncomingMessage } from 'node:http'
import type { Endpoint } from '../../responder/listeners/endpoint.ts'
import { invoke, type LocalFunction } from '../lambda.ts'
import { ANYBODY, authorize } from './authorize.ts'
import { gatewayEvent } from './event.ts'
import { gatewayReply, type HttpReply, httpReply, INTERNAL_SERVER_ERROR } from './reply.ts'
import { isCrossSite, readBody } from './request.ts'
import { type HttpServing, serveHttp } from './serving.ts'

export interface HttpFrontOptions {
  readonly endpoint: Endpoint
  /** Answers every request that no other route takes, as the function behind the route `$default`. */
  readonly fn: LocalFunction
  /** The first whose path fits answers a request. */
  readonly routes?: readonly Route[]
  /** Asked before every request; without one every caller is `local`. */
  readonly authorizer?: LocalFunction | undefined
  /** Hears of each answer: its status, and the time that it took. */
  readonly answered?: (status: number, ms: number) => void
  /** What went wrong with a request, one line each. */
  readonly log: (line: string) => void
  /** Milliseconds until the headers, and until the whole request, must have come: then 408. */
  readonly headersTimeout?: number
  readonly requestTimeout?: number
}

export interface Route {
  /** Of the decoded path. */
  readonly path: RegExp
  readonly fn: LocalFunction
}

/**
 * An HTTP server that stands where an API Gateway HTTP API stands on AWS, with its limits. Without an authorizer it asks
 * nobody who they are, so it refuses what a web page of another site sends through the browser of a user of this machine.
 */
export function startHttpFront({
  endpoint,
  log,
  fn,
  routes = [],
  authorizer,
  answered,
  ...limits
}: HttpFrontOptions): Promise<HttpServing> {
  return serveHttp({ endpoint, limits: { ...LIMITS, ...limits }, maxBody: MAX_BODY, answer, answered, log })

  async function answer(request: IncomingMessage): Promise<HttpReply> {
    if (isCrossSite(request)) return gatewayReply(403, 'Forbidden: requests from other web sites are refused')
    const body = await readBody(request, MAX_BODY)
    if (body === undefined) return { ...gatewayReply(413, 'Request Entity Too Large'), close: true }
    const event = eventOf(request, body)
    if (event === undefined) return gatewayReply(400, 'Bad Request')
    const target = routes.find(({ path }) => path.test(event.rawPath))?.fn ?? fn
    let asked = authorizer ?? target
    try {
      const verdict = authorizer === undefined ? { authorizer: ANYBODY } : await authorize(authorizer, event)
      if ('refused' in verdict) return verdict.refused
      asked = target
      const requestContext = { ...event.requestContext, authorizer: verdict.authorizer }
      return httpReply(await invoke(target, { ...event, requestContext }))
    } catch (error) {
      log(`${asked.name} failed: ${(error as Error).message}`)
      return INTERNAL_SERVER_ERROR
    }
  }
}

// ---------------------------------------------------------------------------

const MAX_BODY = 10 * 1024 * 1024 // of an HTTP API

const LIMITS = {
  maxHeaderSize: 10_240, // request line and headers, of an HTTP API; beyond: 431
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 30_000,
  connectionsCheckingInterval: 500,
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
