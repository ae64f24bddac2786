/** The rules of DNS over HTTPS (RFC 8484), whatever version of HTTP it comes by. */
import type { Readable } from 'node:stream'
import { Type } from '../../shared/dns/codes.ts'
import { decodeMessage } from '../../shared/dns/decode-message.ts'
import { Gathered } from './gathered.ts'

/** How a connection is served. */
export interface DohOptions {
  /** Where DNS is asked. */
  readonly path: string
  readonly answer: (packet: Uint8Array) => Uint8Array | undefined
  readonly idleMs: number
}

export interface RequestHead {
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly contentType: string | undefined
  /** Octets of the body, where that is told before. */
  readonly contentLength: string | undefined
}

export interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | number>>
  /** Left out where the method is HEAD. */
  readonly body: Uint8Array
}

/**
 * Takes one request and hands over its response, once. That is undefined where DNS demands silence though the question
 * was one: a policy, and whoever asked is not to be served.
 */
export function exchange(
  head: RequestHead,
  body: Readable,
  { path, answer }: DohOptions,
  send: (response: HttpResponse | undefined) => void,
): void {
  const found = messageIn(head, path)
  if (found === 'body') collect(body, (packet) => send(packet === undefined ? tooLarge : respond(packet, answer)))
  else send(found instanceof Uint8Array ? respond(found, answer) : found)
}

// ---------------------------------------------------------------------------

const MEDIA_TYPE = 'application/dns-message'
const METHODS = 'GET, HEAD, POST'
const MAX_BODY = 65_535 // octets, as long as a DNS message can be
const tooLarge = refusal(413, `a message has at most ${MAX_BODY} octets`)
const noMessage = refusal(400, 'dns=MESSAGE in base64url is missing')
const notDns = refusal(400, 'this is no DNS request')

function refusal(status: number, reason: string, more: Readonly<Record<string, string>> = {}): HttpResponse {
  const body = Buffer.from(`${reason}\n`)
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'content-length': body.length, ...more },
    body,
  }
}

/** The message that a request brings, where it is, or why there is none (RFC 8484 4.1). */
function messageIn({ method, target, contentType, contentLength }: RequestHead, path: string) {
  const mark = target.indexOf('?')
  if ((mark < 0 ? target : target.slice(0, mark)) !== path) return refusal(404, 'there is nothing here')
  switch (method) {
    case 'GET':
    case 'HEAD':
      return messageInQuery(mark < 0 ? '' : target.slice(mark + 1)) ?? noMessage
    case 'POST':
      if (mediaType(contentType) !== MEDIA_TYPE) return refusal(415, `only ${MEDIA_TYPE} is taken`)
      return Number(contentLength) > MAX_BODY ? tooLarge : 'body'
    default:
      return refusal(405, `${METHODS} are taken`, { allow: METHODS })
  }
}

/** The only `dns` of a query: base64url without padding (RFC 8484 6). */
function messageInQuery(query: string): Uint8Array | undefined {
  const [text, ...others] = new URLSearchParams(query).getAll('dns')
  return text === undefined || others.length > 0 || !BASE64URL.test(text) ? undefined : Buffer.from(text, 'base64url')
}

const BASE64URL = /^[\w-]+$/

function mediaType(contentType: string | undefined): string | undefined {
  return contentType?.split(';', 1)[0]?.trim().toLowerCase()
}

/** Reads a body to its end, or until it is too long: then what is still to come is not kept. */
function collect(body: Readable, done: (packet: Uint8Array | undefined) => void): void {
  const packet = new Gathered()
  let fits = true
  body.on('data', (chunk: Buffer) => {
    if (!fits) return
    fits = packet.length + chunk.length <= MAX_BODY
    if (fits) packet.add(chunk)
    else done(undefined)
  })
  body.on('end', () => {
    if (fits) done(packet.octets())
  })
}

/** 200 whatever the rcode (RFC 8484 4.2.1). */
function respond(packet: Uint8Array, answer: DohOptions['answer']): HttpResponse | undefined {
  const body = answer(packet)
  if (body === undefined) return isQuery(packet) ? undefined : notDns
  const headers = {
    'content-type': MEDIA_TYPE,
    'content-length': body.length,
    'cache-control': `max-age=${freshness(body)}`,
  }
  return { status: 200, headers, body }
}

/** A header with QR clear: everything else that is wrong with a message has an answer. */
function isQuery(packet: Uint8Array): boolean {
  return packet.length >= 12 && ((packet[2] as number) & 0x80) === 0
}

/**
 * Seconds for which a reply may be kept (RFC 8484 5.1): the smallest TTL of the answer, and of the SOA where that tells
 * for how long something is not there. Nothing else may be kept.
 */
function freshness(reply: Uint8Array): number {
  const { answer, authority } = decodeMessage(reply)
  const soa = authority.filter(({ type }) => type === Type.SOA)
  const ttls = [...answer, ...soa].map(({ ttl }) => ttl)
  return ttls.length === 0 ? 0 : Math.min(...ttls)
}
