import type { ALBResult } from 'aws-lambda'
import { type HttpReply, isHeader } from '../http/reply.ts'

/** The HTTP response that a load balancer makes of the result of a function with multi-value headers; 502 if it is none. */
export function balancerReply(result: unknown): HttpReply {
  if (typeof result !== 'object' || result === null) return BAD_GATEWAY
  const { statusCode, multiValueHeaders = {}, body = '', isBase64Encoded = false } = result as Partial<ALBResult>
  if (!Number.isInteger(statusCode) || typeof body !== 'string') return BAD_GATEWAY
  const headers = Object.entries(multiValueHeaders).flatMap(([name, values]) =>
    values.map((value) => [name, String(value)] as const),
  )
  if (!headers.every(isHeader)) return BAD_GATEWAY
  return { status: Number(statusCode), headers, body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8') }
}

/** An answer of the load balancer itself, which has no code. */
export function balancerRefusal(status: number, text: string): HttpReply {
  return { status, headers: [['content-type', 'text/plain']], body: Buffer.from(`${status} ${text}\n`), close: true }
}

export const BAD_GATEWAY = balancerRefusal(502, 'Bad Gateway')
