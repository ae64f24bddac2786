import { constants, type IncomingHttpHeaders, performServerHandshake, type ServerHttp2Stream } from 'node:http2'
import type { TLSSocket } from 'node:tls'
import type { Connection } from './connections.ts'
import { type DohOptions, exchange, type HttpResponse } from './doh.ts'

/** Answers DNS over HTTPS on a connection of HTTP/2 (RFC 9113). */
export function serveHttp2(socket: TLSSocket, options: DohOptions): Connection {
  const { idleMs } = options
  const session = performServerHandshake(socket, LIMITS)
  socket.allowHalfOpen = false // a client that has closed its side has nothing more to say, and has its replies
  const deadline = setTimeout(() => {
    session.close() // tells the client to come again on another connection
    setTimeout(() => socket.destroy(), GRACE_MS).unref()
  }, idleMs)
  session.on('error', () => {}) // what comes is no HTTP/2, or too much of it; 'close' follows
  session.on('close', () => clearTimeout(deadline))
  session.on('stream', take)
  return { finish: () => session.close() }

  function take(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const late = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), idleMs)
    stream.on('error', () => {}) // the client has cancelled it; 'close' follows
    stream.on('close', () => {
      clearTimeout(late)
      if (stream.rstCode === constants.NGHTTP2_NO_ERROR) deadline.refresh()
    })
    const { ':method': method = '', ':path': target = '' } = headers
    const head = { method, target, contentType: headers['content-type'], contentLength: headers['content-length'] }
    exchange(head, stream, options, (response) => sendOn(stream, response, method === 'HEAD'))
    if (!stream.endAfterHeaders) stream.resume() // a body that nobody wants is not to stay in memory
  }
}

// ---------------------------------------------------------------------------

const GRACE_MS = 1000 // for streams that are under way when a connection has been idle too long, and for taking replies

/** What a connection may take up, and how much nonsense it may send, as streams that are reset at once (CVE-2023-44487). */
const LIMITS = {
  settings: { maxConcurrentStreams: 100, maxHeaderListSize: 16_384, enablePush: false },
  maxHeaderListPairs: 64,
  maxSessionMemory: 1, // megabytes
  maxSessionInvalidFrames: 100,
  maxSessionRejectedStreams: 100,
  maxOutstandingPings: 10,
  maxSettings: 32,
  streamResetBurst: 200,
  streamResetRate: 33, // a second
}

function sendOn(stream: ServerHttp2Stream, response: HttpResponse | undefined, isHead: boolean): void {
  if (stream.destroyed || stream.closed) return
  if (response === undefined) {
    stream.close(constants.NGHTTP2_CANCEL)
    return
  }
  stream.respond({ ':status': response.status, ...response.headers }, { endStream: isHead })
  if (!isHead) stream.end(response.body)
}
