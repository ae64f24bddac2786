import assert from 'node:assert/strict'

export interface HttpRequest {
  readonly verb: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** A response as it came; header names in lower case. */
export interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

/** A response as the contract has it; a body that it leaves open is a pattern. */
export interface Expected {
  readonly status: number
  readonly type?: string
  readonly nosniff: boolean
  readonly body: string | RegExp
  readonly retryAfter?: string
}

const TEXT = 'text/plain; charset=utf-8'

export const OK: Expected = { status: 200, type: 'application/json', nosniff: false, body: 'OK' }
export const NOZONE: Expected = { status: 400, type: TEXT, nosniff: false, body: 'Zone not found' }
export const EXISTS: Expected = { status: 400, type: TEXT, nosniff: false, body: 'Record already exists' }
export const ABSENT: Expected = { status: 400, type: TEXT, nosniff: false, body: 'Record does not exist' }
export const DENIED: Expected = { status: 403, type: TEXT, nosniff: true, body: /^not allowed to write [ -~]+\n$/ }
export const NOPATH: Expected = { status: 404, type: TEXT, nosniff: true, body: '404 page not found\n' }
export const METHOD: Expected = { status: 405, nosniff: false, body: '' }
export const TOOLARGE: Expected = { status: 413, type: TEXT, nosniff: true, body: /^.+\n$/ }
export const BUSY: Expected = { status: 503, type: TEXT, nosniff: true, body: /^.+\n$/, retryAfter: '1' }
export const INTERNAL: Expected = { status: 500, type: TEXT, nosniff: true, body: 'internal error\n' }

export const BADTYPE = (type: string): Expected => ({
  status: 400,
  type: TEXT,
  nosniff: true,
  body: `unsupported DNS record resource type: ${type}. Only A or AAAA are allowed\n`,
})

/** Without a text only one line of reason is asked for. */
export const BADDATA = (text?: string): Expected => ({
  status: 400,
  type: TEXT,
  nosniff: true,
  body: text === undefined ? /^dns: [\x20-\x7e]+\n$/ : `${text}\n`,
})

export const CONFLICT = (owner: string): Expected => ({ ...BADDATA(`CNAME exists at ${owner}`) })

/** Without a text any: decoder texts move with the version of Go. */
export const BADJSON = (text?: string): Expected => ({
  status: 500,
  type: TEXT,
  nosniff: true,
  body: text === undefined ? /^(json: |invalid character |unexpected end of JSON input)[\x20-\x7e]*\n$/ : `${text}\n`,
})

/** Everything the contract lists: status, the headers that are there and those that are not, and the body. */
export function assertResponse(response: HttpResponse, expected: Expected): void {
  const { headers, body } = response
  assert.deepEqual(
    {
      status: response.status,
      type: headers['content-type'],
      nosniff: headers['x-content-type-options'],
      length: headers['content-length'],
      allow: headers.allow,
      retryAfter: headers['retry-after'],
    },
    {
      status: expected.status,
      type: expected.type,
      nosniff: expected.nosniff ? 'nosniff' : undefined,
      length: String(Buffer.byteLength(body)),
      allow: undefined,
      retryAfter: expected.retryAfter,
    },
    `${response.status} ${body}`,
  )
  if (typeof expected.body === 'string') assert.equal(body, expected.body)
  else assert.match(body, expected.body)
}
