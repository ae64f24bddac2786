import { type ServerResponse, validateHeaderName, validateHeaderValue } from 'node:http'

/** What goes back to the client. */
export interface HttpReply {
  readonly status: number
  /** Header names may repeat: each cookie is a header of its own. */
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Buffer
  /** True if the connection is not to be used again. */
  readonly close?: boolean
}

/**
 * The HTTP response that an API Gateway HTTP API makes of the result of a function (payload format 2.0). A result
 * without `statusCode` is the body of a 200 in JSON. A result that cannot be a response is a 500.
 *
 * The gateway adds `text/plain;charset=utf-8` to a response without content type. That is left out here: responses
 * arrive as the function made them.
 */
export function httpReply(result: unknown): HttpReply {
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) {
    const text = typeof result === 'string' ? result : JSON.stringify(result ?? null)
    return { status: 200, headers: [['content-type', 'application/json']], body: Buffer.from(text) }
  }
  const { statusCode, headers, cookies, body, isBase64Encoded } = result as Partial<Record<string, unknown>>
  const status = Number(statusCode)
  if (!Number.isInteger(status) || status < 200 || status > 599) return INTERNAL_SERVER_ERROR
  if (body !== undefined && body !== null && typeof body !== 'string') return INTERNAL_SERVER_ERROR
  const named = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)] as const)
  const set = Array.isArray(cookies) ? cookies.map((cookie) => ['set-cookie', String(cookie)] as const) : []
  if (![...named, ...set].every(isHeader)) return INTERNAL_SERVER_ERROR
  return {
    status,
    headers: [...named.filter(([name]) => !OF_THE_CONNECTION.has(name)), ...set],
    body: Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8'),
  }
}

/** Sends a reply, and ends the response. */
export function send(response: ServerResponse, { status, headers, body, close }: HttpReply): void {
  response.statusCode = status
  for (const [name, value] of headers) response.appendHeader(name, value)
  if (status !== 204 && status !== 304) response.setHeader('content-length', body.length) // RFC 9110 8.6
  if (close) response.setHeader('connection', 'close')
  response.end(body)
}

/** A response of the gateway itself. */
export function gatewayReply(status: number, message: string): HttpReply {
  return { status, headers: [['content-type', 'application/json']], body: Buffer.from(JSON.stringify({ message })) }
}

export const INTERNAL_SERVER_ERROR = gatewayReply(500, 'Internal Server Error')

// ---------------------------------------------------------------------------

/** Headers that the server sets itself, whatever the function says. */
const OF_THE_CONNECTION = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding'])

/** True for a header that can be sent. */
export function isHeader([name, value]: readonly [string, string]): boolean {
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value)
    return true
  } catch {
    return false
  }
}
