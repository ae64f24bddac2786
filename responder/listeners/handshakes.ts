import type { Socket } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import type { Counters } from '../metrics/counters.ts'
import { handshakeSeries, type SecureTransport, tlsFailed, tlsHandshakes } from '../metrics/families.ts'
import { type Certificate, tlsOptions } from './certificate.ts'
import type { Connection, ConnectionLimits } from './connections.ts'

/** Makes connections secure. */
export interface Handshakes {
  /** Begins a handshake; what comes of it goes to `take`. The connection is cut if it fails or takes too long. */
  begin(socket: Socket, take: (secured: TLSSocket) => Connection): Connection
  /** Shows this certificate from the next handshake on. */
  show(certificate: Certificate): void
}

export interface HandshakeOptions {
  readonly certificate: Certificate
  /** What may be spoken inside, by its name in ALPN (RFC 7301), the preferred one first. Who says nothing is welcome, too. */
  readonly protocols: readonly string[]
  readonly transport: SecureTransport
  readonly counters: Counters
  /** Handshakes that may be under way: fewer than connections, so that those who stall leave room for those who do not. */
  readonly atOnce: number
  /** How long one may take. */
  readonly withinMs: number
}

/** What handshakes may take up where connections may take up so much. */
export function handshakeLimits({ connections, idleMs }: ConnectionLimits) {
  return { atOnce: Math.ceil(connections / 2), withinMs: Math.min(idleMs, 5000) }
}

export function createHandshakes(options: HandshakeOptions): Handshakes {
  const { certificate, protocols, transport, counters, atOnce, withinMs } = options
  const series = handshakeSeries(transport)
  const underWay = new Map<string, (secured: TLSSocket) => void>()

  const server = createServer({
    ...tlsOptions(certificate),
    ALPNProtocols: [...protocols],
    handshakeTimeout: withinMs,
  })
  server.on('secureConnection', (secured) => {
    secured.on('error', () => {}) // 'close' follows
    secured.allowHalfOpen = true
    const key = peerOf(secured)
    const take = underWay.get(key)
    underWay.delete(key)
    counters.add(tlsHandshakes, series)
    take?.(secured)
  })
  server.on('tlsClientError', (_error, secured) => secured.destroy()) // no TLS, none that is safe, or too slow

  return {
    begin(socket, take) {
      if (underWay.size >= atOnce) {
        counters.add(tlsFailed, series)
        socket.destroy()
        return { finish() {} }
      }
      let connection: Connection | undefined
      const key = peerOf(socket)
      underWay.set(key, (secured) => {
        connection = take(secured)
      })
      socket.on('close', () => {
        if (connection !== undefined) return
        underWay.delete(key)
        counters.add(tlsFailed, series)
      })
      socket.allowHalfOpen = false // who goes away within a handshake waits for nothing
      server.emit('connection', socket) // how a server that does not listen itself is given a connection
      return { finish: () => (connection === undefined ? socket.destroy() : connection.finish()) }
    },
    show: (next) => server.setSecureContext(tlsOptions(next)),
  }
}

// ---------------------------------------------------------------------------

/** Tells connections of one listener apart. */
function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}
