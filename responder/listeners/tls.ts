import type { Certificate } from './certificate.ts'
import { type ConnectionLimits, listenForConnections } from './connections.ts'
import type { Endpoint } from './endpoint.ts'
import { createHandshakes, handshakeLimits } from './handshakes.ts'
import type { ListenerParts, SecureListener } from './listener.ts'
import { answerMessages } from './messages.ts'

/** Answers requests over TLS (RFC 7858): what TCP carries, inside of it. Rejects if the port cannot be had. */
export async function listenTls(
  endpoint: Endpoint,
  parts: ListenerParts,
  limits: ConnectionLimits,
  certificate: Certificate,
): Promise<SecureListener> {
  const handshakes = createHandshakes({
    certificate,
    protocols: ['dot'], // RFC 9103 7.1 demands it of transfers; other clients need not name it
    transport: 'tls',
    counters: parts.counters,
    ...handshakeLimits(limits),
  })
  const listener = await listenForConnections(endpoint, parts, limits, (socket, peer) => {
    const from = { transport: 'tls', ...peer } as const
    return handshakes.begin(socket, (secured) =>
      answerMessages(secured, (packet) => parts.answer(packet, from), limits.idleMs),
    )
  })
  return { ...listener, show: handshakes.show }
}
