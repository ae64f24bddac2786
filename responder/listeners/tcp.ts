import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { From } from '../link.ts'
import { tcpConnections, tcpRejected } from '../metrics/families.ts'
import type { Endpoint } from './endpoint.ts'
import type { Listener, ListenerParts } from './listener.ts'

export interface TcpLimits {
  /** Open connections, and those of one client address. */
  readonly connections: number
  readonly perClient: number
  /** A connection is cut if no request was completed, or no reply taken, for so long. */
  readonly idleMs: number
}

/** Answers requests over TCP (RFC 7766): any number on a connection, pipelined or not. Rejects if the port cannot be had. */
export async function listenTcp({ host, port }: Endpoint, parts: ListenerParts, limits: TcpLimits): Promise<Listener> {
  const { answer, counters, reusePort } = parts
  const open = new Map<Socket, Connection>()
  const perClient = new Map<string, number>()

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const client = socket.remoteAddress ?? ''
    const others = perClient.get(client) ?? 0
    socket.on('error', () => {}) // resets and broken pipes are the client's affair; 'close' follows
    if (open.size >= limits.connections || others >= limits.perClient) {
      counters.add(tcpRejected)
      socket.destroy()
      return
    }
    const from: From = { transport: 'tcp', address: client, port: socket.remotePort ?? 0 }
    open.set(
      socket,
      serve(socket, (packet) => answer(packet, from), limits.idleMs),
    )
    perClient.set(client, others + 1)
    counters.add(tcpConnections)
    socket.on('close', () => {
      open.delete(socket)
      const left = (perClient.get(client) ?? 1) - 1
      if (left > 0) perClient.set(client, left)
      else perClient.delete(client)
      counters.add(tcpConnections, 0, -1)
    })
  })
  server.listen({ host, port, reusePort })
  await once(server, 'listening') // rejects on 'error'
  server.on('error', () => {}) // a connection that could not be accepted, as for want of file descriptors
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close')
      server.close()
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

const DRAIN_MS = 1000 // for replies that are on their way when the listener closes
const MAX_UNSENT = 256 * 1024 // octets of replies that a client has not taken; beyond it no request is read
const MAX_AT_ONCE = 64 // requests of one connection that are answered before it is another's turn

interface Connection {
  /** Answers what has come, and closes. */
  finish(): void
}

/** Answers what comes on one connection. */
function serve(socket: Socket, answer: (packet: Uint8Array) => Uint8Array | undefined, idleMs: number): Connection {
  const deadline = setTimeout(() => socket.destroy(), idleMs)
  const chunks: Buffer[] = [] // what came and is not answered yet
  let received = 0
  let needed = 2 // octets until the next request is complete, as far as is known
  let ended = false // no more requests are taken
  let turn: NodeJS.Immediate | undefined

  socket.on('close', () => {
    clearTimeout(deadline)
    clearImmediate(turn)
  })
  socket.on('drain', proceed)
  socket.on('end', finish)
  socket.on('data', (chunk) => {
    if (socket.writableEnded) return
    chunks.push(chunk)
    received += chunk.length
    if (received >= needed) proceed()
  })

  return { finish }

  function finish(): void {
    ended = true
    proceed()
  }

  /** Answers complete requests, pausing for a client that does not take its replies and to let others have a turn. */
  function proceed(): void {
    clearImmediate(turn)
    const due = received >= needed && !isFull(socket) && !socket.writableEnded
    if (due && !answerSome()) socket.destroySoon() // what comes here is not DNS
    if (received < needed && ended) socket.end()
    const waits = received >= needed && !socket.writableEnded
    if (waits || isFull(socket)) socket.pause()
    else socket.resume() // at the end, too, to hear that the client closes
    if (waits && !isFull(socket)) turn = setImmediate(proceed)
  }

  /** False at a message that gets no reply. */
  function answerSome(): boolean {
    const octets = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)
    let at = 0
    socket.cork() // lengths and replies go out in one write
    for (let answered = 0; answered < MAX_AT_ONCE && !isFull(socket); answered++) {
      needed = octets.length - at < 2 ? 2 : 2 + octets.readUInt16BE(at)
      if (octets.length - at < needed) break
      const reply = answer(octets.subarray(at + 2, at + needed))
      if (reply === undefined) return false
      socket.write(Uint8Array.of(reply.length >> 8, reply.length))
      socket.write(reply)
      at += needed
    }
    socket.uncork()
    if (at > 0) deadline.refresh()
    chunks.length = 0
    received = octets.length - at
    if (received > 0) chunks.push(octets.subarray(at))
    needed = received < 2 ? 2 : 2 + octets.readUInt16BE(at)
    return true
  }
}

function isFull(socket: Socket): boolean {
  return socket.writableLength > MAX_UNSENT
}
