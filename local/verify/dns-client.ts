import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, isIPv6 } from 'node:net'
import { type Endpoint, formatEndpoint } from '../../responder/listeners/endpoint.ts'
import { decodeMessage } from '../../shared/dns/decode-message.ts'
import { encodeQuery } from '../../shared/dns/encode-query.ts'
import type { Message } from '../../shared/dns/message.ts'
import { type Name, parseName } from '../../shared/dns/name.ts'
import { typeNumber } from '../../shared/dns/rdata.ts'

export interface DnsClient {
  /** The answer of the server, over TCP where it does not fit a datagram. Rejects if there is none. */
  ask(name: Name, type: string): Promise<Message>
  close(): void
}

/** Asks one name server, any number of questions at once over one socket. */
export async function openDnsClient(server: Endpoint): Promise<DnsClient> {
  const { host, port } = server
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
  const waiting = new Map<number, (message: Message) => void>()
  let id = 0
  socket.on('error', () => {}) // refused while nobody listens: told by the time that passes
  socket.on('message', (packet) => {
    const message = decoded(packet)
    if (message !== undefined) waiting.get(message.id)?.(message)
  })
  socket.connect(port, host)
  await once(socket, 'connect')
  return {
    async ask(name, type) {
      id = (id + 1) & 0xffff
      const octets = encodeQuery({ id, name: parseName(name), type: typeNumber(type) ?? 0 })
      const message = await overUdp(id, octets)
      return message.tc ? overTcp(server, octets) : message
    },
    close: () => socket.close(),
  }

  function overUdp(own: number, octets: Uint8Array): Promise<Message> {
    const { promise, resolve, reject } = Promise.withResolvers<Message>()
    waiting.set(own, resolve)
    let tries = 0
    const send = () => {
      if (tries++ === MAX_TRIES) reject(silent(server))
      else socket.send(octets, () => {})
    }
    send()
    const again = setInterval(send, TRY_MS)
    return promise.finally(() => {
      clearInterval(again)
      waiting.delete(own)
    })
  }
}

// ---------------------------------------------------------------------------

const MAX_TRIES = 4
const TRY_MS = 1000

async function overTcp(server: Endpoint, octets: Uint8Array): Promise<Message> {
  const socket = connect(server.port, server.host)
  socket.setTimeout(MAX_TRIES * TRY_MS, () => socket.destroy(silent(server)))
  socket.end(Buffer.concat([Uint8Array.of(octets.length >> 8, octets.length), octets]))
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk as Buffer)
  const message = decoded(Buffer.concat(chunks).subarray(2))
  if (message === undefined) throw silent(server)
  return message
}

/** Undefined if it is no message, as somebody else may send to the socket. */
function decoded(packet: Uint8Array): Message | undefined {
  try {
    return decodeMessage(packet)
  } catch {
    return undefined
  }
}

function silent(server: Endpoint): Error {
  return new Error(`the responder at ${formatEndpoint(server)} does not answer`)
}
