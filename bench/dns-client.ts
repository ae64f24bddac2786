import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import packet from 'dns-packet'

/** A UDP client on loopback that asks one question at a time, with dns-packet as the independent codec. */
export interface DnsClient {
  /** Addresses in the answer to an A question; undefined if no answer came within the time in milliseconds. */
  ask(name: string, withinMs: number): Promise<readonly string[] | undefined>
  close(): void
}

export async function dnsClient(port: number): Promise<DnsClient> {
  const socket = createSocket('udp4')
  socket.connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.on('error', () => {}) // ECONNREFUSED while the server is not up yet: the question times out
  let id = 0
  return {
    ask(name, withinMs) {
      id = (id + 1) & 0xffff
      const asked = id
      return new Promise((resolve) => {
        const done = (addresses: readonly string[] | undefined) => {
          clearTimeout(timer)
          socket.off('message', hear)
          resolve(addresses)
        }
        const hear = (message: Buffer) => {
          const reply = packet.decode(message)
          if (reply.id === asked) done((reply.answers ?? []).flatMap((rr) => (rr.type === 'A' ? [rr.data] : [])))
        }
        const timer = setTimeout(done, withinMs, undefined)
        socket.on('message', hear)
        socket.send(packet.encode({ type: 'query', id: asked, questions: [{ type: 'A', name }] }))
      })
    },
    close: () => socket.close(),
  }
}
