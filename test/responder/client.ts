import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, isIPv6 } from 'node:net'
import type { Endpoint } from '../../responder/listeners/endpoint.ts'
import { Class } from '../../shared/dns/codes.ts'
import { decodeMessage } from '../../shared/dns/decode-message.ts'
import { encodeQuery } from '../../shared/dns/encode-query.ts'
import type { Message } from '../../shared/dns/message.ts'
import { parseName } from '../../shared/dns/name.ts'
import { typeNumber } from '../../shared/dns/rdata.ts'

/** Asks `NAME TYPE`, or `NAME TYPE CH`, over UDP, again every second until there is an answer. Each question comes from a port of its own. */
export async function askUdp({ host, port }: Endpoint, question: string): Promise<Message> {
  const client = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
  client.on('error', () => {}) // refused while nobody listens
  client.connect(port, host)
  await once(client, 'connect')
  const send = () => client.send(query(question), () => {})
  send()
  const again = setInterval(send, 1000)
  try {
    return await new Promise((resolve) => client.once('message', (packet) => resolve(decodeMessage(packet))))
  } finally {
    clearInterval(again)
    client.close()
  }
}

/** Asks `NAME TYPE` over a TCP connection of its own. */
export async function askTcp({ host, port }: Endpoint, question: string): Promise<Message> {
  const octets = query(question)
  const client = connect(port, host)
  client.end(Buffer.concat([Uint8Array.of(octets.length >> 8, octets.length), octets]))
  const chunks: Buffer[] = []
  for await (const chunk of client) chunks.push(chunk as Buffer)
  return decodeMessage(Buffer.concat(chunks).subarray(2))
}

/** The addresses of an A answer, `192.0.2.1`. */
export function addresses(message: Message): string[] {
  return message.answer.filter(({ type }) => type === 1).map(({ rdata }) => rdata.join('.'))
}

// ---------------------------------------------------------------------------

let id = 0

function query(question: string): Uint8Array {
  const [name = '', type = '', rrClass = 'IN'] = question.split(' ')
  id = (id + 1) & 0xffff
  const asked = { id, name: parseName(name), type: typeNumber(type) ?? Number.NaN }
  return encodeQuery({ ...asked, class: rrClass === 'CH' ? Class.CH : Class.IN })
}
