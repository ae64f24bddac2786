import { createServer, type IncomingMessage, type ServerOptions, type ServerResponse } from 'node:http'
import type { Endpoint } from '../../responder/listeners/endpoint.ts'
import { listenOn } from './listening.ts'
import { type HttpReply, send } from './reply.ts'
import { declaredLength } from './request.ts'

export interface ServingOptions {
  readonly endpoint: Endpoint
  readonly limits: ServerOptions
  /** Octets of a body beyond which nobody is told to go on with it (`Expect: 100-continue`). */
  readonly maxBody: number
  /** `port` is the one that is listened on. */
  readonly answer: (request: IncomingMessage, port: number) => Promise<HttpReply>
  /** Hears of each answer: its status, and the time that it took. */
  readonly answered?: ((status: number, ms: number) => void) | undefined
  /** What went wrong with a request, one line each. */
  readonly log: (line: string) => void
}

export interface HttpServing {
  readonly endpoint: Endpoint
  /** Takes no new requests, lets those under way end, closes all connections. */
  close(): Promise<void>
}

/** An HTTP server with bounds, each answer of which is made by `answer`. Rejects with an Error of one line if it cannot listen. */
export async function serveHttp(options: ServingOptions): Promise<HttpServing> {
  const { answer, answered, log, maxBody } = options
  const server = createServer(options.limits)
  server.maxConnections = MAX_CONNECTIONS
  server.on('request', (request, response) => void serve(request, response))
  server.on('checkContinue', (request, response) => {
    if (declaredLength(request) <= maxBody) response.writeContinue()
    void serve(request, response)
  })
  const { endpoint, close } = await listenOn(server, options.endpoint)
  return { endpoint, close: () => close(GRACE_MS) }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const began = performance.now()
    try {
      const reply = await answer(request, endpoint.port)
      send(response, reply)
      answered?.(reply.status, performance.now() - began)
    } catch (error) {
      if (!request.destroyed) log(`a request could not be answered: ${(error as Error).message}`)
      response.destroy() // else the client went away in the middle of its request
    }
  }
}

// ---------------------------------------------------------------------------

const MAX_CONNECTIONS = 1000
const GRACE_MS = 3000
