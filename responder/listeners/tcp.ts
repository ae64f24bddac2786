import { type ConnectionLimits, listenForConnections } from './connections.ts'
import type { Endpoint } from './endpoint.ts'
import type { Listener, ListenerParts } from './listener.ts'
import { answerMessages } from './messages.ts'

/** Answers requests over TCP (RFC 7766): any number on a connection, pipelined or not. Rejects if the port cannot be had. */
export function listenTcp(endpoint: Endpoint, parts: ListenerParts, limits: ConnectionLimits): Promise<Listener> {
  return listenForConnections(endpoint, parts, limits, (socket, peer) => {
    const from = { transport: 'tcp', ...peer } as const
    return answerMessages(socket, (packet) => parts.answer(packet, from), limits.idleMs)
  })
}
