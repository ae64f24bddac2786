import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from 'node:net'

/** Puts messages to a server on 127.0.0.1, many at a time. */
export interface Asker {
  /** The reply over UDP. The id of the message is not looked at: each goes out with one of its own. */
  udp(message: Uint8Array): Promise<Buffer>
  /** The reply over a TCP connection of its own. */
  tcp(message: Uint8Array): Promise<Buffer>
  close(): void
}

/** Rejects where there is no answer after `tries` seconds, with one more datagram each second. */
export async function askerOf(port: number, tries = 10): Promise<Asker> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 })
  socket.on('error', () => {}) // refused while nobody listens
  socket.connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const waiting = new Map<number, (reply: Buffer) => void>()
  socket.on('message', (reply) => waiting.get(reply.readUInt16BE(0))?.(reply))
  let last = 0

  return {
    udp(message) {
      do last = (last + 1) & 0xffff
      while (waiting.has(last))
      const id = last
      const sent = Buffer.from(message)
      sent.writeUInt16BE(id, 0)
      return new Promise((resolve, reject) => {
        let left = tries
        const again = setInterval(
          () => (--left > 0 ? send() : done(() => reject(new Error(`port ${port} is silent`)))),
          1000,
        )
        const send = () => socket.send(sent, () => {})
        const done = (settle: () => void) => {
          clearInterval(again)
          waiting.delete(id)
          settle()
        }
        waiting.set(id, (reply) => done(() => resolve(reply)))
        send()
      })
    },
    async tcp(message) {
      for (let left = tries; ; left--) {
        try {
          return await exchangeOverTcp(port, message)
        } catch (error) {
          if (left === 1) throw error // a server that has much to do may cut connections
        }
      }
    },
    close: () => socket.close(),
  }
}

// ---------------------------------------------------------------------------

async function exchangeOverTcp(port: number, message: Uint8Array): Promise<Buffer> {
  const connection = connect(port, '127.0.0.1')
  connection.write(Buffer.concat([Uint8Array.of(message.length >> 8, message.length), message]))
  let received = Buffer.alloc(0)
  for await (const chunk of connection) {
    received = Buffer.concat([received, chunk as Buffer])
    if (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) return received.subarray(2)
  }
  throw new Error(`port ${port} closed the connection without a reply`)
}
