import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { connect, isIPv6 } from 'node:net'
import { type Answer, encodeQuestion, type Question, readAnswer } from './message.ts'

/** A DNS server, its host by IP address. */
export interface Server {
  readonly host: string
  readonly port: number
}

/** Asks a server once. Rejects without an answer in time, or when the signal is aborted. */
export type Ask = (server: Server, question: Question, signal: AbortSignal) => Promise<Answer>

/** Asks as a client does: over UDP, and over TCP what does not fit a datagram (RFC 7766 5). */
export const ask: Ask = async (server, question, signal) => {
  const answer = await askUdp(server, question, signal)
  return answer.truncated ? askTcp(server, question, signal) : answer
}

/** Over UDP, from a port of its own that the system chooses at random, with a random id (RFC 5452 9.2). */
export const askUdp: Ask = async ({ host, port }, question, signal) => {
  const id = randomInt(0x10000)
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  socket.on('error', reject)
  socket.on('message', (octets) => {
    const answer = readAnswer(octets, id, question)
    if (answer !== undefined) resolve(answer) // else it is somebody else's, and ours may still come
  })
  socket.on('connect', () => socket.send(encodeQuestion(id, question)))
  socket.connect(port, host) // what other addresses send is dropped
  return within(ANSWER_MS, signal, promise).finally(() => socket.close())
}

/** Over a TCP connection of its own. */
export const askTcp: Ask = async ({ host, port }, question, signal) => {
  const id = randomInt(0x10000)
  const octets = encodeQuestion(id, question)
  const socket = connect(port, host)
  socket.write(Buffer.concat([Uint8Array.of(octets.length >> 8, octets.length), octets]))
  return within(ANSWER_MS, signal, readMessage(socket))
    .then((message) => {
      const answer = readAnswer(message, id, question)
      if (answer === undefined) throw new Error('an answer to something else')
      return answer
    })
    .finally(() => socket.destroy())
}

// ---------------------------------------------------------------------------

const ANSWER_MS = 1_000

async function readMessage(socket: AsyncIterable<Buffer>): Promise<Buffer> {
  let octets = Buffer.alloc(0)
  for await (const chunk of socket) {
    octets = Buffer.concat([octets, chunk])
    if (octets.length >= 2 && octets.length >= 2 + octets.readUInt16BE()) return octets.subarray(2)
  }
  throw new Error('the connection was closed')
}

function within<T>(ms: number, signal: AbortSignal, answer: Promise<T>): Promise<T> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(ms)])
  const { promise: silence, reject } = Promise.withResolvers<never>()
  const end = () => reject(new Error('no answer'))
  over.addEventListener('abort', end)
  if (over.aborted) end()
  return Promise.race([answer, silence]).finally(() => over.removeEventListener('abort', end))
}
