import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { tcpConnections, tcpRejected } from '../metrics/families.ts'
import { clientAddress } from './client.ts'
import type { Endpoint } from './endpoint.ts'
import type { Listener, ListenerParts } from './listener.ts'

/** What clients may take up (RFC 9210 4.2), of each listener in each worker. */
export interface ConnectionLimits {
  /** Open connections, and those of one client address. */
  readonly connections: number
  readonly perClient: number
  /** A connection is cut if no request was completed, or no reply taken, for so long. */
  readonly idleMs: number
}

/** The usual limits. The connections of a client are many because a load balancer may stand for all clients. */
export const LIMITS: ConnectionLimits = { connections: 1000, perClient: 250, idleMs: 10_000 }

/** What goes on over one connection. */
export interface Connection {
  /** Answers what has come, and closes. */
  finish(): void
}

/** The other end of a connection. */
export interface Peer {
  readonly address: string
  readonly port: number
}

/**
 * Takes connections as far as the limits allow, and hands each to `take`. Rejects if the port cannot be had. Both
 * directions of a connection are closed one by one: a client that has sent all may still wait for replies.
 */
export async function listenForConnections(
  { host, port }: Endpoint,
  { counters, reusePort }: ListenerParts,
  limits: ConnectionLimits,
  take: (socket: Socket, peer: Peer) => Connection,
): Promise<Listener> {
  const open = new Map<Socket, Connection>()
  const perClient = new Map<string, number>()

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const peer = { address: clientAddress(socket.remoteAddress ?? ''), port: socket.remotePort ?? 0 }
    const others = perClient.get(peer.address) ?? 0
    socket.on('error', () => {}) // resets and broken pipes are the client's affair; 'close' follows
    if (open.size >= limits.connections || others >= limits.perClient) {
      counters.add(tcpRejected)
      socket.destroy()
      return
    }
    open.set(socket, take(socket, peer))
    perClient.set(peer.address, others + 1)
    counters.add(tcpConnections)
    socket.on('close', () => {
      open.delete(socket)
      const left = (perClient.get(peer.address) ?? 1) - 1
      if (left > 0) perClient.set(peer.address, left)
      else perClient.delete(peer.address)
      counters.add(tcpConnections, 0, -1)
    })
  })
  server.listen({ host, port, reusePort, backlog: BACKLOG })
  await once(server, 'listening') // rejects on 'error'
  server.on('error', () => {}) // a connection that could not be accepted, as for want of file descriptors
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (let turns = 2; turns > 0; turns--) await setImmediate() // what the kernel has is read before
      for (const connection of open.values()) connection.finish()
      const late = setTimeout(() => {
        for (const socket of open.keys()) socket.destroy()
      }, DRAIN_MS)
      await closed
      clearTimeout(late)
    },
  }
}

// ---------------------------------------------------------------------------

const BACKLOG = 4096 // connections that the kernel holds until they are taken, as far as its own limit goes (RFC 9210 4.2)
const DRAIN_MS = 1000 // for replies that are on their way when the listener closes
