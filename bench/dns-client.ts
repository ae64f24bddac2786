import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import packet, { type Answer, type DecodedPacket } from 'dns-packet'

/** A UDP client on loopback that asks one question at a time, with dns-packet as the independent codec. */
export interface DnsClient {
  /** Addresses in the answer to an A question; undefined if no answer came within the time in milliseconds. */
  ask(name: string, withinMs: number): Promise<readonly string[] | undefined>
  /** The whole reply to such a question, with these records in its additional section. */
  query(name: string, withinMs: number, additionals?: Answer[]): Promise<DecodedPacket | undefined>
  close(): void
}

export async function dnsClient(port: number): Promise<DnsClient> {
  const socket = createSocket('udp4')
  socket.connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.on('error', () => {}) // ECONNREFUSED while the server is not up yet: the question times out
  let id = 0
  return { ask, query, close: () => socket.close() }

  async function ask(name: string, withinMs: number): Promise<readonly string[] | undefined> {
    const reply = await query(name, withinMs)
    return reply && addressesIn(reply)
  }

  function query(name: string, withinMs: number, additionals: Answer[] = []): Promise<DecodedPacket | undefined> {
    id = (id + 1) & 0xffff
    const asked = id
    return new Promise((resolve) => {
      const done = (reply: DecodedPacket | undefined) => {
        clearTimeout(timer)
        socket.off('message', hear)
        resolve(reply)
      }
      const hear = (message: Buffer) => {
        const reply = packet.decode(message)
        if (reply.id === asked) done(reply)
      }
      const timer = setTimeout(done, withinMs, undefined)
      socket.on('message', hear)
      socket.send(packet.encode({ type: 'query', id: asked, questions: [{ type: 'A', name }], additionals }))
    })
  }
}

export function addressesIn({ answers = [] }: DecodedPacket): string[] {
  return answers.flatMap((rr) => (rr.type === 'A' ? [rr.data] : []))
}
