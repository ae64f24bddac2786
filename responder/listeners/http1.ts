import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { Connection } from './connections.ts'
import { type DohOptions, exchange, type HttpResponse } from './doh.ts'

/** Answers DNS over HTTPS on connections of HTTP/1.1. */
export function createHttp1(): (socket: TLSSocket, options: DohOptions) => Connection {
  const connections = new WeakMap<object, Served>()
  // It never listens: connections are handed to it. So the time that they may take is counted here.
  const server = createServer({ maxHeaderSize: MAX_HEADER, keepAliveTimeout: 0 }, (request, response) =>
    connections.get(request.socket)?.take(request, response),
  )
  server.maxHeadersCount = MAX_HEADERS
  return (socket, options) => {
    const served = serve(socket, options)
    connections.set(socket, served)
    server.emit('connection', socket)
    return served
  }
}

// ---------------------------------------------------------------------------

const MAX_HEADER = 16_384 // octets of a request's head
const MAX_HEADERS = 64
const MAX_WAITING = 300 // requests that are sent before the reply to another was taken; each takes up 2 KB
const ORIGIN = /^https?:\/\/[^/?]*/i // of a target in absolute form (RFC 9112 3.2.2)

interface Served extends Connection {
  take(request: IncomingMessage, response: ServerResponse): void
}

function serve(socket: TLSSocket, options: DohOptions): Served {
  const deadline = setTimeout(cut, options.idleMs)
  const waiting: (() => void)[] = [] // requests that were sent before the reply to another was taken
  let underWay = false
  let ending = false
  socket.on('close', () => clearTimeout(deadline))

  return {
    finish() {
      ending = true
      if (!underWay) socket.end()
    },
    take(request, response) {
      const { method = '', url = '', headers } = request
      const target = url.replace(ORIGIN, '')
      const head = { method, target, contentType: headers['content-type'], contentLength: headers['content-length'] }
      response.on('close', next)
      waiting.push(() => exchange(head, request, options, (reply) => send(response, reply)))
      if (!underWay) next()
      else if (waiting.length > MAX_WAITING) socket.destroy()
    },
  }

  /** Only one is answered at a time: replies that are not taken would fill the memory. */
  function next(): void {
    if (!socket.writable) return
    if (underWay) deadline.refresh()
    const answer = waiting.shift()
    underWay = answer !== undefined
    if (answer !== undefined) answer()
    else if (ending) socket.end()
  }

  /** An idle client is told of the end, as TLS wants it (RFC 8446 6.1); one that takes nothing cannot be. */
  function cut(): void {
    if (underWay || socket.writableEnded) {
      socket.destroy()
      return
    }
    socket.destroySoon()
    deadline.refresh()
  }

  function send(response: ServerResponse, reply: HttpResponse | undefined): void {
    if (reply === undefined) {
      socket.destroy()
      return
    }
    const isLast = ending && waiting.length === 0
    response.shouldKeepAlive = !isLast && reply.status < 400 // a body that is refused is not worth reading to its end
    response.writeHead(reply.status, reply.headers)
    response.end(reply.body)
  }
}
