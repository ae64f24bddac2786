import { STATUS_CODES } from 'node:http'
import { NamingError } from '../../shared/records/faults.ts'
import { endToEnd, type Headers, readHeaders } from './headers.ts'

/** A response as a load balancer takes it from a function with multi-value headers. */
export interface Response {
  readonly statusCode: number
  readonly statusDescription: string
  readonly multiValueHeaders: Record<string, string[]>
  readonly body: string
  readonly isBase64Encoded: boolean
}

/**
 * The response that a function URL makes of what a function returns (payload format 2.0): a structured one, or else a 200
 * whose body is the value in JSON. Throws NamingError `response_invalid` and `response_too_large`.
 */
export function responseOf(json: string): Response {
  const result = parsed(json)
  const response = isStructured(result)
    ? structured(result)
    : respond(200, readHeaders([]), { body: json, isBase64Encoded: false })
  const octets = Buffer.byteLength(JSON.stringify(response))
  if (octets <= MAX_RESPONSE) return response
  throw new NamingError('response_too_large', `the response of the function is over ${MAX_RESPONSE} octets`)
}

/** A response of the gateway itself, with a JSON body that nobody may keep. */
export function respondJson(status: number, value: object, headers: Readonly<Record<string, string[]>> = {}): Response {
  const named = readHeaders([...Object.entries(headers), ['cache-control', ['no-store']]])
  return respond(status, named, { body: `${JSON.stringify(value)}\n`, isBase64Encoded: false })
}

// ---------------------------------------------------------------------------

/** Of the JSON of a response, which a load balancer takes up to 1 MB of; beyond, it says 502 without a reason. */
const MAX_RESPONSE = 1_000_000
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** Field values of RFC 9110 5.5. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

type Structured = Readonly<Record<string, unknown>> & { readonly statusCode: unknown }
type Body = Pick<Response, 'body' | 'isBase64Encoded'>

function isStructured(result: unknown): result is Structured {
  return typeof result === 'object' && result !== null && 'statusCode' in result && result.statusCode !== undefined
}

function structured({ statusCode, headers, cookies, body, isBase64Encoded }: Structured): Response {
  const set = readCookies(cookies)
  const named = readHeaders([...readFields(headers), ...(set.length > 0 ? [['set-cookie', set] as const] : [])])
  return respond(readStatus(statusCode), named, readBody(body, isBase64Encoded === true))
}

function respond(statusCode: number, headers: Headers, body: Body): Response {
  const { 'content-length': _, ...named } = Object.fromEntries(endToEnd(headers)) // the load balancer says how long it is
  const fields = { 'content-type': ['application/json'], ...named }
  return {
    statusCode,
    statusDescription: `${statusCode} ${STATUS_CODES[statusCode] ?? 'Unknown'}`,
    multiValueHeaders: Object.fromEntries(Object.entries(fields).map(([name, values]) => [name, [...values]])),
    ...body,
  }
}

function readStatus(given: unknown): number {
  const status = typeof given === 'string' && /^\d{3}$/.test(given) ? Number(given) : given
  if (typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599) return status
  throw invalid('its statusCode is no status from 200 to 599')
}

function readFields(given: unknown): readonly (readonly [string, readonly string[]])[] {
  if (given === undefined || given === null) return []
  if (typeof given !== 'object' || Array.isArray(given)) throw invalid('its headers are no object')
  return Object.entries(given).map(([name, value]) => {
    if (!TOKEN.test(name)) throw invalid('the name of a header has characters that it cannot have')
    return [name, [readValue(value)]] as const
  })
}

function readCookies(given: unknown): readonly string[] {
  if (given === undefined || given === null) return []
  if (!Array.isArray(given)) throw invalid('its cookies are no list')
  return given.map(readValue)
}

function readValue(given: unknown): string {
  const text = ['string', 'number', 'boolean'].includes(typeof given) ? String(given) : undefined
  if (text !== undefined && VALUE.test(text)) return text
  throw invalid('the value of a header is no text, or has characters that it cannot have')
}

function readBody(given: unknown, isBase64Encoded: boolean): Body {
  const body = given === undefined || given === null ? '' : given
  if (typeof body !== 'string') throw invalid('its body is no text')
  if (isBase64Encoded && !BASE64.test(body)) throw invalid('its body is not in base64')
  return { body, isBase64Encoded }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (cause) {
    throw new NamingError('response_invalid', undefined, { cause })
  }
}

/** Which part is wrong is for the log: a client has no use for it. */
function invalid(reason: string): NamingError {
  return new NamingError('response_invalid', undefined, { cause: reason })
}
