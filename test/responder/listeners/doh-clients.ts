/** Clients of DNS over HTTPS that know how to misbehave. */
import { once } from 'node:events'
import { type ClientHttp2Session, type ClientHttp2Stream, connect as connectHttp2 } from 'node:http2'
import { request as requestHttp1 } from 'node:https'
import type { Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { decodeMessage } from '../../../shared/dns/decode-message.ts'
import { encodeQuery } from '../../../shared/dns/encode-query.ts'
import { parseName } from '../../../shared/dns/name.ts'
import { typeNumber } from '../../../shared/dns/rdata.ts'
import { makeCertificate } from '../certificate.ts'

/** What the server of these clients is to show. */
export const { cert, key } = makeCertificate()

export const MEDIA_TYPE = 'application/dns-message'
export const POST_HEADERS = { 'content-type': MEDIA_TYPE, accept: MEDIA_TYPE }
export const DATA = 0
export const HEADERS = 1
export const RST_STREAM = 3
const SETTINGS = 4
const WINDOW_UPDATE = 8
export const END_STREAM = 1
export const END_HEADERS = 4
export const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'

const open: (Socket | ClientHttp2Session)[] = []

export function closeClients(): void {
  for (const client of open.splice(0)) client.destroy()
}

export interface Asked {
  readonly method: string
  readonly path: string
  headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** Without content-length. */
  readonly chunked?: boolean
}

interface Response {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: Buffer
}

export function query(question: string, id = 0): Uint8Array {
  const [name = '', type = ''] = question.split(' ')
  return encodeQuery({ id, name: parseName(name), type: typeNumber(type) ?? 0 })
}

export function asking(method: 'GET' | 'POST', packet: Uint8Array): Asked {
  if (method === 'POST') return { method, path: '/dns-query', headers: POST_HEADERS, body: packet }
  return {
    method,
    path: `/dns-query?dns=${Buffer.from(packet).toString('base64url')}`,
    headers: { accept: MEDIA_TYPE },
  }
}

export async function connected(port: number): Promise<ClientHttp2Session> {
  const session = connectHttp2(`https://localhost:${port}`, { ca: cert, host: '127.0.0.1' })
  open.push(session)
  session.on('error', () => {})
  await once(session, 'connect')
  await new Promise((resolve) => session.ping(resolve)) // after that the settings of both sides hold
  return session
}

export async function secured(port: number, alpn: string): Promise<TLSSocket> {
  const client = connectTls({ host: '127.0.0.1', port, ca: cert, servername: 'localhost', ALPNProtocols: [alpn] })
  open.push(client)
  client.on('error', () => {})
  await once(client, 'secureConnect')
  return client
}

/** A frame of HTTP/2 (RFC 9113 4.1). */
export function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** The begin of a connection of HTTP/2, with requests that are but a head, and room for as much as is sent for them. */
export function openHttp2(...heads: readonly Buffer[]): Buffer {
  const windows = Buffer.from('00047fffffff', 'hex') // SETTINGS_INITIAL_WINDOW_SIZE
  return Buffer.concat([
    Buffer.from(PREFACE),
    frame(SETTINGS, 0, 0, windows),
    frame(WINDOW_UPDATE, 0, 0, Buffer.from('7fff0000', 'hex')),
    ...heads.map((head, i) => frame(HEADERS, END_HEADERS | END_STREAM, 1 + 2 * i, head)),
  ])
}

/** The head of a GET in HPACK, without indexing (RFC 7541 6.2.2): `:method` and `:scheme` are of the static table. */
export function headersOf(path: string): Buffer {
  return Buffer.concat([Buffer.from([0x82, 0x87]), literal(4, path), literal(1, 'localhost')])
}

/** The same of a POST. */
export const HEAD_OF_POST = Buffer.concat([
  Buffer.from([0x83, 0x87]),
  ...[literal(4, '/dns-query'), literal(1, 'localhost'), Buffer.from([0x0f]), literal(16, MEDIA_TYPE)],
])

/** A field whose name is of the static table. */
function literal(index: number, value: string): Buffer {
  return Buffer.concat([Buffer.from([index, value.length]), Buffer.from(value)])
}

export async function askHttp2(port: number, asked: Asked): Promise<Response> {
  const session = await connected(port)
  return responseOf(sendHttp2(session, asked))
}

function sendHttp2(session: ClientHttp2Session, { method, path, headers, body }: Asked): ClientHttp2Stream {
  const stream = session.request({ ':method': method, ':path': path, ...headers }, { endStream: body === undefined })
  stream.on('error', () => {})
  if (body !== undefined) stream.end(body)
  return stream
}

async function responseOf(stream: ClientHttp2Stream): Promise<Response> {
  const chunks: Buffer[] = []
  stream.on('data', (chunk) => chunks.push(chunk))
  const [{ ':status': status = 0, ...headers }] = await Promise.race([
    once(stream, 'response'),
    once(stream, 'close').then(() => Promise.reject(new Error(`the stream was closed with ${stream.rstCode}`))),
  ])
  if (!stream.readableEnded) await Promise.race([once(stream, 'end'), once(stream, 'close')])
  return { status, headers, body: Buffer.concat(chunks) }
}

export async function askHttp1(port: number, { method, path, headers, body, chunked }: Asked): Promise<Response> {
  const length = body === undefined || chunked ? {} : { 'content-length': body.length }
  const request = requestHttp1({
    host: '127.0.0.1',
    servername: 'localhost',
    port,
    ca: cert,
    method,
    path,
    headers: { ...headers, ...length },
    agent: false,
  })
  const responded = once(request, 'response')
  request.on('error', () => {}) // one that is refused may be cut while its body is sent
  request.end(body)
  const [response] = await responded
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }
}

/** The ids of the replies, in the order of the requests. */
export async function manyHttp2(port: number, count: number): Promise<number[]> {
  const session = await connected(port)
  const replies = Array.from({ length: count }, (_, id) =>
    responseOf(sendHttp2(session, asking(id % 2 ? 'GET' : 'POST', query('big.example.org. TXT', id)))),
  )
  return (await Promise.all(replies)).map(({ body }) => decodeMessage(body).id)
}

/** Pipelined. */
export async function manyHttp1(port: number, count: number): Promise<number[]> {
  const client = await secured(port, 'http/1.1')
  for (let id = 0; id < count; id++) {
    client.write(`GET ${asking('GET', query('ns.example.org. A', id)).path} HTTP/1.1\r\nhost: localhost\r\n\r\n`)
  }
  const ids: number[] = []
  let unread = Buffer.alloc(0)
  for await (const chunk of client) {
    unread = Buffer.concat([unread, chunk as Buffer])
    for (;;) {
      const head = unread.indexOf('\r\n\r\n')
      const length = Number(/content-length: (\d+)/.exec(unread.toString('latin1', 0, head))?.[1])
      if (head < 0 || unread.length < head + 4 + length) break
      ids.push(unread.readUInt16BE(head + 4))
      unread = unread.subarray(head + 4 + length)
    }
    if (ids.length === count) break
  }
  return ids
}

export async function dripHttp2(port: number): Promise<unknown> {
  const stream = (await connected(port)).request({ ':method': 'POST', ':path': '/dns-query', ...POST_HEADERS })
  stream.on('error', () => {})
  return drip(stream)
}

export async function dripHttp1(port: number): Promise<unknown> {
  const client = await secured(port, 'http/1.1')
  client.write(`POST /dns-query HTTP/1.1\r\nhost: l\r\ncontent-type: ${MEDIA_TYPE}\r\ncontent-length: 60000\r\n\r\n`)
  return drip(client)
}

/** Writes an octet now and then for as long as that is possible. */
function drip(stream: Socket | ClientHttp2Stream): Promise<unknown> {
  const timer = setInterval(() => stream.write('.', () => {}), 5)
  return new Promise<void>((resolve) => stream.once('close', resolve)).finally(() => clearInterval(timer))
}

interface Half {
  readonly finish: () => void
  readonly reply: Promise<number>
}

/** A request whose body is half sent. */
export async function halfHttp2(port: number, { method, path, headers, body = Buffer.alloc(0) }: Asked): Promise<Half> {
  const stream = (await connected(port)).request({ ':method': method, ':path': path, ...headers }, { endStream: false })
  const reply = responseOf(stream).then(({ status }) => status)
  await new Promise((written) => stream.write(body.subarray(0, 9), written))
  await new Promise((later) => setTimeout(later, 100))
  return { finish: () => stream.end(body.subarray(9)), reply }
}

export async function halfHttp1(port: number, { path, body = Buffer.alloc(0) }: Asked): Promise<Half> {
  const client = await secured(port, 'http/1.1')
  const length = body.length
  client.write(`POST ${path} HTTP/1.1\r\nhost: l\r\ncontent-type: ${MEDIA_TYPE}\r\ncontent-length: ${length}\r\n\r\n`)
  client.write(body.subarray(0, 9))
  const reply = once(client, 'data').then(([chunk]) => Number(/^HTTP\/1.1 (\d+)/.exec(String(chunk))?.[1]))
  await new Promise((later) => setTimeout(later, 100))
  return { finish: () => client.write(body.subarray(9)), reply }
}

export function closed(client: Socket): Promise<unknown> {
  client.resume()
  return client.destroyed ? Promise.resolve() : new Promise((resolve) => client.once('close', resolve))
}
