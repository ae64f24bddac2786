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

interface Served extends Connection {
  take(request: IncomingMessage, response: ServerResponse): void
}

function serve(socket: TLSSocket, options: DohOptions): Served {
  const deadline = setTimeout(() => (underWay === 0 ? socket.destroySoon() : socket.destroy()), options.idleMs)
  let underWay = 0
  let ending = false
  socket.on('close', () => clearTimeout(deadline))

  return {
    finish() {
      ending = true
      if (underWay === 0) socket.end()
    },
    take(request, response) {
      underWay++
      response.on('close', () => {
        underWay--
        deadline.refresh()
        if (ending && underWay === 0) socket.end()
      })
      const { method = '', url: target = '', headers } = request
      const head = { method, target, contentType: headers['content-type'], contentLength: headers['content-length'] }
      exchange(head, request, options, (reply) => send(response, reply))
    },
  }

  function send(response: ServerResponse, reply: HttpResponse | undefined): void {
    if (reply === undefined) {
      socket.destroy()
      return
    }
    response.shouldKeepAlive = !ending && reply.status < 400 // a body that is refused is not worth reading to its end
    response.writeHead(reply.status, reply.headers)
    response.end(reply.body)
  }
}
