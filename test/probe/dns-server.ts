/** A DNS server that answers as a test says, on loopback over UDP and TCP. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket, type Server as TcpServer } from 'node:net'
import { after } from 'node:test'
import { AUTHORITATIVE_ANSWER, decode, encode, type Packet } from 'dns-packet'
import type { Server } from '../../shared/probe/ask.ts'

/** What the server sends when it is asked for the nth time, from 0: messages, or any octets. */
export type Behaviour = (query: Packet, nth: number, via: 'udp' | 'tcp') => readonly (Packet | Buffer)[]

export interface DnsServer extends Server {
  /** How often it was asked. */
  readonly asked: { udp: number; tcp: number }
}

export async function startDnsServer(behave: Behaviour): Promise<DnsServer> {
  const { udp, tcp, port } = await listen()
  const asked = { udp: 0, tcp: 0 }
  const stranger = createSocket('udp4')
  const sockets = new Set<Socket>()
  udp.on('message', (octets, { port: to, address }) => {
    for (const sent of behave(decode(octets), asked.udp++, 'udp')) {
      const from = isPacket(sent) && 'stranger' in sent ? stranger : udp
      from.send(isPacket(sent) ? encode(sent) : sent, to, address)
    }
  })
  tcp.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      const sent = behave(decode(chunk.subarray(2)), asked.tcp++, 'tcp').map((one) =>
        isPacket(one) ? encode(one) : one,
      )
      for (const octets of sent) socket.write(Buffer.concat([Uint8Array.of(octets.length >> 8, octets.length), octets]))
      if (sent.length === 0) socket.end()
    })
  })
  after(() => {
    for (const socket of sockets) socket.destroy()
    for (const one of [udp, stranger, tcp]) one.close()
  })
  return { host: '127.0.0.1', port, asked }
}

/** An answer of the zone itself with these addresses. */
export function answer(query: Packet, ...addresses: readonly string[]): Packet {
  const name = query.questions?.[0]?.name ?? ''
  const answers = addresses.map((data) => ({ type: 'A', name, ttl: 1, data }) as const)
  return { type: 'response', id: query.id ?? 0, flags: AUTHORITATIVE_ANSWER, questions: query.questions ?? [], answers }
}

/** As that with no data and this rcode. */
export function refusal(query: Packet, rcode: number): Packet {
  return { ...answer(query), flags: AUTHORITATIVE_ANSWER | rcode }
}

/** The same from another address, which somebody else would send it from. */
export function fromStranger(packet: Packet): Packet {
  return { ...packet, stranger: true } as Packet
}

// ---------------------------------------------------------------------------

function isPacket(sent: Packet | Buffer): sent is Packet {
  return !Buffer.isBuffer(sent)
}

/** One port for both: another one where that of TCP is taken for UDP. */
async function listen(): Promise<{ udp: ReturnType<typeof createSocket>; tcp: TcpServer; port: number }> {
  for (;;) {
    const tcp = createServer()
    tcp.listen(0, '127.0.0.1')
    await once(tcp, 'listening')
    const { port } = tcp.address() as AddressInfo
    const udp = createSocket('udp4')
    udp.bind(port, '127.0.0.1')
    const bound = await Promise.race([once(udp, 'listening').then(() => true), once(udp, 'error').then(() => false)])
    if (bound) return { udp, tcp, port }
    udp.close()
    tcp.close()
  }
}
