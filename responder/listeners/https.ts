import type { Certificate } from './certificate.ts'
import { type ConnectionLimits, listenForConnections } from './connections.ts'
import type { Endpoint } from './endpoint.ts'
import { createHandshakes, handshakeLimits } from './handshakes.ts'
import { createHttp1 } from './http1.ts'
import { serveHttp2 } from './http2.ts'
import type { ListenerParts, SecureListener } from './listener.ts'

/** Answers requests over HTTPS (RFC 8484), by HTTP/2 or 1.1. Rejects if the port cannot be had. */
export async function listenHttps(
  endpoint: Endpoint,
  parts: ListenerParts,
  limits: ConnectionLimits,
  { certificate, path }: { readonly certificate: Certificate; readonly path: string },
): Promise<SecureListener> {
  const serveHttp1 = createHttp1()
  const handshakes = createHandshakes({
    certificate,
    protocols: ['h2', 'http/1.1'],
    transport: 'https',
    counters: parts.counters,
    ...handshakeLimits(limits),
  })
  const listener = await listenForConnections(endpoint, parts, limits, (socket, peer) => {
    const from = { transport: 'https', ...peer } as const
    const options = { path, answer: (packet: Uint8Array) => parts.answer(packet, from), idleMs: limits.idleMs }
    return handshakes.begin(socket, (secured) => {
      const serve = secured.alpnProtocol === 'h2' ? serveHttp2 : serveHttp1
      return serve(secured, options)
    })
  })
  return { ...listener, show: handshakes.show }
}
