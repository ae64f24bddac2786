/** SigV4 from its description, apart from the library that signs (IAM User Guide, "Create a signed AWS API request"). */
import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import type { Seen } from './api.ts'

/** The Authorization header that a request must have. */
export function authorizationOf(
  { method, url, headers, body }: Seen,
  { accessKeyId, secretAccessKey, region }: Readonly<Record<'accessKeyId' | 'secretAccessKey' | 'region', string>>,
): string {
  const date = String(headers['x-amz-date'])
  assert.match(date, /^\d{8}T\d{6}Z$/)
  const scope = `${date.slice(0, 8)}/${region}/execute-api/aws4_request`
  const signed = ['host', 'x-amz-date', 'x-amz-security-token'].filter((name) => headers[name] !== undefined)
  const canonical = signed.map((name) => `${name}:${headers[name]}\n`).join('')
  const path = url.split('/').map(encoded).join('/') // once more than it is already, for all services but S3
  const request = [method, path, '', canonical, signed.join(';'), sha256(body)].join('\n')
  const text = ['AWS4-HMAC-SHA256', date, scope, sha256(request)].join('\n')
  const key = scope.split('/').reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${secretAccessKey}`)
  const signature = hmac(key, text).toString('hex')
  return `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signed.join(';')}, Signature=${signature}`
}

// ---------------------------------------------------------------------------

/** Each octet but the unreserved characters of RFC 3986. */
function encoded(segment: string): string {
  return segment.replace(/[^A-Za-z0-9._~-]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
