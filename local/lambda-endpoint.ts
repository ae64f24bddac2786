import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { AsyncInvocations } from './async-invocations.ts'
import { isCrossSite, readBody } from './http/request.ts'
import { functionArn, invoke, type LocalFunction, Throttled } from './lambda.ts'
import { functionsReply, nameOf } from './lambda-api.ts'
import { type LambdaReply, lambdaError, succeeded, threw } from './lambda-reply.ts'

export interface LambdaEndpointOptions {
  /** By name; looked up at every request, so that functions can be added while it runs. */
  readonly functions: ReadonlyMap<string, LocalFunction>
  /** What went wrong with a request, one line each. */
  readonly log: (line: string) => void
  /** Pauses before a failed asynchronous invocation is tried again. */
  readonly retryMs?: readonly number[]
  /** How long invocations may go on when the end comes. */
  readonly graceMs?: number
  /** True if the next request that only reads is refused for being too many. */
  readonly throttles?: () => boolean
}

export interface LambdaEndpoint {
  readonly url: string
  /** Takes no new invocations and lets those under way end, for some time. */
  stop(): Promise<void>
}

/**
 * An HTTP server on loopback that stands where Lambda's API stands on AWS, as far as functions invoke each other (Lambda
 * API reference, "Invoke") and names of functions are found out. Whoever may run programs on this machine may ask it.
 */
export async function startLambdaEndpoint(options: LambdaEndpointOptions): Promise<LambdaEndpoint> {
  const { functions, log, retryMs, graceMs = 1500 } = options
  const queue = new AsyncInvocations(retryMs)
  const server = createServer((request, response) => void serve(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      await Promise.race([Promise.all([closed, queue.stop()]), pause(graceMs, undefined, { ref: false })])
      server.closeAllConnections()
    },
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { status, headers = {}, body = '' } = await answer(request)
      response.writeHead(status, { 'content-type': 'application/json', ...headers })
      response.end(body)
    } catch (error) {
      if (!request.destroyed) log(`an invocation could not be answered: ${(error as Error).message}`)
      response.destroy() // else the client went away in the middle of its request
    }
  }

  function told({ method = '', url = '' }: IncomingMessage): LambdaReply | undefined {
    try {
      const throttled = options.throttles?.() && method === 'GET'
      return throttled
        ? lambdaError('TooManyRequestsException', 'Rate exceeded')
        : functionsReply(method, url, functions)
    } catch {
      return undefined // an escape that is none
    }
  }

  async function answer(request: IncomingMessage): Promise<LambdaReply> {
    if (isCrossSite(request)) return lambdaError('AccessDeniedException', 'Requests from other web sites are refused')
    const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse'
    const reading = told(request)
    if (reading !== undefined) return reading
    const name = invokedName(request)
    const max = type === 'Event' ? MAX_EVENT : MAX_PAYLOAD
    const body = await readBody(request, max)
    if (name === undefined)
      return lambdaError('UnknownOperationException', 'Only Invoke, and what reads of functions, is here')
    if (type !== 'Event' && type !== 'RequestResponse') {
      return lambdaError('InvalidParameterValueException', `Invocation type ${type} is not here`)
    }
    if (body === undefined) {
      return lambdaError(
        'RequestTooLargeException',
        `Request must be smaller than ${max} bytes for the Invoke operation`,
      )
    }
    const fn = functions.get(name)
    if (fn === undefined) {
      return lambdaError('ResourceNotFoundException', `Function not found: ${functionArn(name)}`)
    }
    const payload = parsed(body)
    if (payload === undefined) {
      return lambdaError('InvalidRequestContentException', 'Could not parse request body into json')
    }
    if (type === 'RequestResponse')
      return invoke(fn, payload.event).then((result) => succeeded(result, MAX_PAYLOAD), failed)
    queue.accept(fn, payload.event)
    return { status: 202 }
  }
}

// ---------------------------------------------------------------------------

/** Lambda's quotas of an invocation's payload; of an asynchronous one it takes less. */
const MAX_PAYLOAD = 6 * 1024 * 1024
const MAX_EVENT = 1024 * 1024

/** The function that a request invokes; undefined if it is another request. */
function invokedName({ method, url = '' }: IncomingMessage): string | undefined {
  const [, name] = /^\/2015-03-31\/functions\/([^/?]+)\/invocations(?:\?|$)/.exec(url) ?? []
  return method === 'POST' && name !== undefined ? decoded(name) : undefined
}

function decoded(text: string): string | undefined {
  try {
    return nameOf(text)
  } catch {
    return undefined
  }
}

function failed(error: unknown): LambdaReply {
  return error instanceof Throttled ? lambdaError('TooManyRequestsException', error.message) : threw(error)
}

/** An invocation without payload has an empty event. Undefined if the payload is no JSON. */
function parsed(body: Buffer): { readonly event: unknown } | undefined {
  try {
    return { event: body.length === 0 ? {} : JSON.parse(body.toString('utf8')) }
  } catch {
    return undefined
  }
}
