import type { Socket } from 'node:net'
import type { Connection } from './connections.ts'
import { Gathered } from './gathered.ts'

/**
 * Answers the messages that come on a connection, each behind its length (RFC 1035 4.2.2), pipelined or not
 * (RFC 7766 6.2.1). Replies come in the order of the requests, which suits every client.
 */
export function answerMessages(
  socket: Socket,
  answer: (packet: Uint8Array) => Uint8Array | undefined,
  idleMs: number,
): Connection {
  const deadline = setTimeout(cut, idleMs)
  const unanswered = new Gathered()
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
    unanswered.add(chunk)
    if (unanswered.length >= needed) proceed()
  })

  return { finish }

  function finish(): void {
    ended = true
    proceed()
  }

  /** An idle client is told of the end, as TLS wants it (RFC 8446 6.1); one that takes nothing cannot be. */
  function cut(): void {
    if (socket.writableLength > 0 || socket.writableEnded) {
      socket.destroy()
      return
    }
    socket.destroySoon()
    deadline.refresh()
  }

  /** Answers complete requests, pausing for a client that does not take its replies and to let others have a turn. */
  function proceed(): void {
    clearImmediate(turn)
    const due = unanswered.length >= needed && !isFull(socket) && !socket.writableEnded
    if (due && !answerSome()) socket.destroySoon() // what comes here is not DNS
    if (unanswered.length < needed && ended && socket.readableLength === 0) socket.end()
    const waits = unanswered.length >= needed && !socket.writableEnded
    if (waits || isFull(socket)) socket.pause()
    else socket.resume() // at the end, too, to hear that the client closes
    if (waits && !isFull(socket)) turn = setImmediate(proceed)
  }

  /** False at a message that gets no reply. */
  function answerSome(): boolean {
    const octets = unanswered.octets()
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
    unanswered.drop(at)
    needed = octets.length - at < 2 ? 2 : 2 + octets.readUInt16BE(at)
    return true
  }
}

// ---------------------------------------------------------------------------

const MAX_UNSENT = 256 * 1024 // octets of replies that a client has not taken; beyond it no request is read
const MAX_AT_ONCE = 64 // requests of one connection that are answered before it is another's turn

function isFull(socket: Socket): boolean {
  return socket.writableLength > MAX_UNSENT
}
