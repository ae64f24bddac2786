import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { NamingError } from '../records/faults.ts'

/** A response with a JSON body. Nothing may be kept by anybody on the way: the next answer may be another one. */
export function respond(
  statusCode: number,
  value: object,
  headers: Readonly<Record<string, string>> = {},
): APIGatewayProxyStructuredResultV2 {
  const body = `${JSON.stringify(value)}\n`
  const always = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }
  return { statusCode, headers: { ...always, ...headers, 'Content-Length': String(Buffer.byteLength(body)) }, body }
}

/** The response to a request that an error ended: what is no refusal is not told to the client. */
export function respondError(error: unknown, headers?: Readonly<Record<string, string>>) {
  if (!(error instanceof NamingError)) return respond(500, { code: INTERNAL, error: 'internal error' })
  const retry: Record<string, string> = error.status === 503 ? { 'Retry-After': '1' } : {}
  return respond(error.status, { code: error.code, error: error.message }, { ...retry, ...headers })
}

/** The code of an error, as clients and log lines have it. */
export function codeOf(error: unknown): string {
  return error instanceof NamingError ? error.code : INTERNAL
}

// ---------------------------------------------------------------------------

const INTERNAL = 'internal_error'
