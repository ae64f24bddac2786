/** The PUT of the probe, over real sockets, to servers that do what an API can do. */
import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, describe, test } from 'node:test'
import { createRegister, signing } from '../../functions/probe/register.ts'
import { canonicalName } from '../../shared/dns/name.ts'

type Environment = Readonly<Record<string, string>>

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const KEYS: Environment = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: SECRET,
  AWS_SESSION_TOKEN: 'session/token==',
  AWS_REGION: 'eu-central-1',
}

describe('the request', () => {
  test('is one PUT of one record, over a connection that nobody uses again', async () => {
    const { method, url, headers, body } = await sent(KEYS)
    assert.deepEqual([method, url, headers.connection], ['PUT', '/dynapi', 'close'])
    const record = { zone: 'example.org.', name: 'namestream-probe', type: 'A', address: '198.18.0.7', TTL: 1 }
    assert.deepEqual(JSON.parse(body), record)
  })

  for (const [title, environment] of [
    ['with a session', KEYS],
    ['without one', { ...KEYS, AWS_SESSION_TOKEN: '' }],
  ] as const) {
    test(`is signed as API Gateway demands, ${title}`, async () => {
      const request = await sent(environment)
      assert.equal(request.headers['x-amz-security-token'], environment.AWS_SESSION_TOKEN || undefined)
      assert.equal(request.headers.authorization, authorizationOf(request, environment))
    })
  }

  test('is not signed where there are no credentials', async () => {
    assert.equal((await sent({ AWS_REGION: 'eu-central-1' })).headers.authorization, undefined)
  })
})

describe('what is no acknowledgement', { concurrency: true }, () => {
  const rows: readonly [title: string, listener: RequestListener, reason: RegExp][] = [
    ['403', replying(403, '{"message":"Forbidden"}'), /^the API answered 403 "\{\\"message\\":\\"Forbidden\\"\}"$/],
    ['503', replying(503, 'the record store did not answer, try again\n'), /^the API answered 503 "the record store/],
    ['500 and nothing', replying(500, ''), /^the API answered 500 ""$/],
    [
      '200 of somebody else',
      replying(200, '<html>It works!</html>'),
      /^the API answered 200 "<html>It works!<\/html>"$/,
    ],
    ['200 and nothing', replying(200, ''), /^the API answered 200 ""$/],
    ['204', replying(204, ''), /^the API answered 204 ""$/],
    ['a redirection', (_, response) => response.writeHead(307, { location: '/dynapi' }).end(), /^the API answered 307/],
    ['a page of a million octets', replying(502, 'x'.repeat(1_000_000)), /^the API answered 502 "x{200}"$/],
    ['no HTTP', (_, response) => response.socket?.end('garbage\r\n\r\n'), /^the API gave no answer: /],
    ['a connection that is lost', (_, response) => response.socket?.destroy(), /^the API gave no answer: /],
    [
      'an answer that is cut off',
      (_, response) => {
        response.writeHead(200, { 'content-length': 2 })
        response.write('O', () => response.socket?.destroy())
      },
      /^the API gave no answer: /,
    ],
  ]
  for (const [title, listener, reason] of rows) {
    test(title, async () => {
      let requests = 0
      const api = await listen((request, response) => {
        requests++
        listener(request, response)
      })
      await assert.rejects(register(api), (error: Error) => reason.test(error.message) || assert.fail(error.message))
      assert.equal(requests, 1, 'nothing is tried again')
    })
  }

  for (const [title, listener] of [
    ['nothing at all', () => {}],
    ['the beginning of an answer', (_, response) => response.writeHead(200).write('O')],
  ] as readonly [string, RequestListener][]) {
    test(`${title}, until the signal is aborted`, async () => {
      const ending = new AbortController()
      const api = await listen((request, response) => {
        listener(request, response)
        setImmediate(() => ending.abort(new Error('not done within 15 s')))
      })
      await assert.rejects(register(api, KEYS, ending.signal), {
        message: 'the API gave no answer: not done within 15 s',
      })
    })
  }

  test('nobody there', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    await once(server, 'close')
    const refused = /^Error: the API gave no answer: .*ECONNREFUSED/
    await assert.rejects(register(`http://127.0.0.1:${port}/dynapi`), refused)
  })
})

// ---------------------------------------------------------------------------

interface Sent {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

function register(api: string, environment = KEYS, signal = new AbortController().signal): Promise<void> {
  return createRegister({ api, zone: canonicalName('example.org'), sign: signing(environment) })('198.18.0.7', signal)
}

/** The one request of a registration. */
async function sent(environment: Environment): Promise<Sent> {
  const requests: Sent[] = []
  const api = await listen(async (request, response) => {
    const { method = '', url = '', headers } = request
    requests.push({ method, url, headers, body: Buffer.concat(await request.toArray()).toString() })
    response.end('OK')
  })
  await register(api, environment)
  const [first] = requests
  assert.ok(first !== undefined && requests.length === 1)
  return first
}

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/dynapi`
}

function replying(status: number, body: string): RequestListener {
  return (_, response) => response.writeHead(status).end(body)
}

/** The Authorization header that this request must have (IAM User Guide, "Create a signed AWS API request"). */
function authorizationOf({ method, url, headers, body }: Sent, { AWS_REGION: region }: Environment): string {
  const date = String(headers['x-amz-date'])
  assert.match(date, /^\d{8}T\d{6}Z$/)
  const scope = `${date.slice(0, 8)}/${region}/execute-api/aws4_request`
  const signed = ['host', 'x-amz-date', 'x-amz-security-token'].filter((name) => headers[name] !== undefined)
  const canonical = signed.map((name) => `${name}:${headers[name]}\n`).join('')
  const request = [method, url, '', canonical, signed.join(';'), sha256(body)].join('\n')
  const text = ['AWS4-HMAC-SHA256', date, scope, sha256(request)].join('\n')
  const key = scope.split('/').reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${SECRET}`)
  const signature = hmac(key, text).toString('hex')
  return `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${scope}, SignedHeaders=${signed.join(';')}, Signature=${signature}`
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
