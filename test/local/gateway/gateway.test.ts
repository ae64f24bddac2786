/** Requests over real sockets: the local load balancer, the gateway, Lambda's API as it is here, and functions behind it. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { after, describe, test } from 'node:test'
import { createFindFunction } from '../../../functions/gateway/functions.ts'
import { createGateway } from '../../../functions/gateway/gateway.ts'
import type { FunctionEvent } from '../../../functions/gateway/request.ts'
import { startGateway } from '../../../local/gateway/gateway.ts'
import { functionArn, type LocalFunction, Throttled } from '../../../local/lambda.ts'
import { startLambdaEndpoint } from '../../../local/lambda-endpoint.ts'
import { memoryAccessStore } from '../../../shared/access/memory.ts'
import { createPermissions } from '../../../shared/access/permissions.ts'
import { functionInvoker } from '../../../shared/aws/function-invoker.ts'
import { canonicalName } from '../../../shared/dns/name.ts'
import { FUNCTION_ID, type Registration } from '../../../shared/registrations/model.ts'

const MB = 1024 * 1024
const HOST = 'pay.fn.example.org'
const log: string[] = []
const told: object[] = []
const handled: FunctionEvent[] = []

const registered = new Map<string, Registration>()
const functions = new Map<string, LocalFunction>()
const lambda = await startLambdaEndpoint({ functions, log: (line) => log.push(line) })
process.env.AWS_ENDPOINT_URL_LAMBDA = lambda.url
process.env.AWS_REGION = 'eu-west-1'
process.env.AWS_ACCESS_KEY_ID = 'local'
process.env.AWS_SECRET_ACCESS_KEY = 'local'

add('pay', async (event) => {
  handled.push(event)
  const { rawPath, rawQueryString, requestContext, body = '', isBase64Encoded } = event
  if (rawPath === '/throw') throw new Error('of no concern to the client')
  if (rawPath === '/full') throw new Throttled('Rate exceeded')
  if (rawPath === '/hang') return new Promise(() => {})
  if (rawPath === '/evil') return { statusCode: 200, headers: { a: 'b\r\nc: d' } }
  if (rawPath === '/large') return { statusCode: 200, body: 'x'.repeat(Number(rawQueryString)) }
  if (rawPath === '/png')
    return { statusCode: 200, headers: { 'content-type': 'image/png' }, body: 'AP8K', isBase64Encoded: true }
  if (rawPath === '/none') return { statusCode: 204 }
  const octets = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')
  return {
    statusCode: 200,
    headers: { 'x-method': requestContext.http.method, 'x-path': rawPath, 'x-length': octets.length },
    cookies: ['a=1', 'b=2'],
    body: octets.length < 100 ? octets.toString('base64') : '',
    isBase64Encoded: true,
  }
})
for (const name of ['gone', 'gateway']) publish(name)

const store = memoryAccessStore()
const gateway = createGateway({
  find: createFindFunction(
    { read: async (name, id) => (id === FUNCTION_ID ? registered.get(name) : undefined) },
    Date.now,
  ),
  tokens: store,
  permissionsOf: createPermissions({ store, admins: [], now: Date.now }),
  invoke: functionInvoker(),
  log: { info: (_, fields) => told.push(fields), error: (_, fields) => told.push(fields) },
  measure: () => {},
  now: Date.now,
  clock: () => performance.now(),
})
const fn: LocalFunction = { name: 'gateway', handler: gateway, timeoutMs: 2_000 }
const limits = { headersTimeout: 600, requestTimeout: 1_200 }
const front = await startGateway({
  endpoint: { host: '127.0.0.1', port: 0 },
  fn,
  log: (line) => log.push(line),
  ...limits,
})
const { port } = front.endpoint
after(async () => {
  await front.close()
  await lambda.stop()
  assert.deepEqual(log, [])
})

describe('methods', () => {
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
    test(method, async () => {
      const answer = await ask(`${method} /a%2Fb?x=1 HTTP/1.1`)
      assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/)
      assert.match(answer, new RegExp(`\r\nx-method: ${method}\r\n(.+\r\n)*x-path: /a%2Fb\r\n`, 'i'))
    })
  }

  test('HEAD has the headers and no body', async () => {
    const answer = await ask('HEAD /large?1000 HTTP/1.1')
    assert.match(answer, /\r\ncontent-length: 1000\r\n.*\r\n\r\n$/s)
  })

  test('OPTIONS *', async () => assert.match(await ask('OPTIONS * HTTP/1.1'), /\r\nx-path: \*\r\n/))
})

test('cookies are headers of their own, octets are octets, 204 has no length', async () => {
  assert.match(await ask('GET / HTTP/1.1'), /\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n/)
  const png = await ask('GET /png HTTP/1.1')
  assert.match(png, /\r\ncontent-type: image\/png\r\n/)
  assert.equal(png.endsWith('\r\n\r\n\x00\xff\n'), true)
  assert.doesNotMatch(await ask('GET /none HTTP/1.1'), /content-length/)
})

test('the absolute form of a target names the host (RFC 9112 3.2.2)', async () => {
  const answer = await raw(`GET http://${HOST}/abs HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n`)
  assert.match(answer, /\r\nx-path: \/abs\r\n/)
})

test('the headers of the load balancer are there, whatever a client says', async () => {
  const forged = 'X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\nX_Odd: 1\r\n'
  await ask('GET / HTTP/1.1', forged)
  const { headers, requestContext } = handled.at(-1) ?? assert.fail()
  assert.equal(headers['x-forwarded-for'], '192.0.2.1, 127.0.0.1')
  assert.equal(requestContext.http.sourceIp, '127.0.0.1')
  assert.equal(headers['x-forwarded-proto'], 'http')
  assert.equal(headers['x-forwarded-port'], String(port))
  assert.match(headers['x-amzn-trace-id'] ?? '', /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/)
  assert.equal('x_odd' in headers, false)
  assert.equal('connection' in headers, false)
})

describe('hosts', () => {
  const rows: readonly [host: string, status: number][] = [
    [`${HOST.toUpperCase()}.:${port}`, 200],
    ['127.0.0.1', 404],
    ['[::1]:80', 404],
    ['rebound.example', 404],
    ['a/b', 400],
  ]
  for (const [host, status] of rows) {
    test(`${host}: ${status}`, async () => {
      const answer = await raw(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
      assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `))
    })
  }
  test('none', async () => assert.match(await raw('GET / HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 400 .*invalid_host/s))
  test('two', async () => {
    assert.match(
      await raw(`GET / HTTP/1.1\r\nHost: ${HOST}\r\nHost: b\r\nConnection: close\r\n\r\n`),
      /^HTTP\/1\.1 400 /,
    )
  })
})

describe('functions that do not answer', () => {
  const rows: readonly [host: string, path: string, status: number, code: string][] = [
    [HOST, '/throw', 502, 'function_failed'],
    [HOST, '/evil', 502, 'response_invalid'],
    [HOST, '/large?1000000', 502, 'response_too_large'],
    [HOST, '/large?7000000', 502, 'function_failed'],
    [HOST, '/hang', 504, 'function_timeout'],
    [HOST, '/full', 503, 'function_busy'],
    ['gone.fn.example.org', '/', 404, 'function_not_found'],
    ['gateway.fn.example.org', '/', 508, 'function_loop'],
  ]
  for (const [host, path, status, code] of rows) {
    test(`${host}${path}: ${status}`, async () => {
      const began = performance.now()
      const answer = await ask(`GET ${path} HTTP/1.1`, '', host)
      assert.match(answer, new RegExp(`^HTTP/1.1 ${status} .*\\{"code":"${code}",`, 's'))
      assert.doesNotMatch(answer, /concern|arn:/)
      assert.ok(performance.now() - began < 2_000)
    })
  }

  test('one that hangs for longer than the gateway waits', async () => {
    add('slow', () => new Promise(() => {}), 3_000)
    assert.match(await ask('GET / HTTP/1.1', '', 'slow.fn.example.org'), /^HTTP\/1\.1 504 .*function_timeout/s)
  })

  test('Lambda is away', async () => {
    const invoke = functionInvoker()
    const url = process.env.AWS_ENDPOINT_URL_LAMBDA
    process.env.AWS_ENDPOINT_URL_LAMBDA = 'http://127.0.0.1:9'
    await assert.rejects(functionInvoker()(functionArn('pay'), {}, AbortSignal.timeout(5_000)), {
      code: 'function_unreachable',
    })
    process.env.AWS_ENDPOINT_URL_LAMBDA = url
    assert.equal((await invoke(functionArn('pay'), { rawPath: '/none' }, AbortSignal.timeout(5_000))).kind, 'returned')
  })
})

describe('bodies', () => {
  test('of 1 MB get through, and no octet more', async () => {
    const upload = (length: number) => fetchVia('/', { method: 'PUT', body: Buffer.alloc(length, 'x') })
    const { status, headers } = await upload(MB)
    assert.deepEqual([status, headers.get('x-length')], [200, String(MB)])
    const before = handled.length
    assert.equal((await upload(MB + 1)).status, 413)
    assert.equal(handled.length, before)
  })

  test('chunked ones', async () => {
    const answer = await ask(
      'PUT / HTTP/1.1',
      'Transfer-Encoding: chunked\r\n',
      HOST,
      '3\r\nabc\r\n2\r\n\x00\xff\r\n0\r\n\r\n',
    )
    assert.match(answer, /\r\nx-length: 5\r\n/)
    assert.equal(answer.endsWith('\r\n\r\nabc\x00\xff'), true)
  })

  test('a chunked one of more than 1 MB is refused', async () => {
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`
    const answer = await ask('PUT / HTTP/1.1', 'Transfer-Encoding: chunked\r\n', HOST, `${chunk.repeat(17)}0\r\n\r\n`)
    assert.match(answer, /^HTTP\/1\.1 413 /)
  })

  test('Expect: 100-continue is answered before the body, or the body refused', async () => {
    const head = (length: number) =>
      `PUT / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: ${length}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`
    const socket = connect(port, '127.0.0.1')
    socket.write(head(3))
    const [first] = await once(socket, 'data')
    assert.equal(String(first), 'HTTP/1.1 100 Continue\r\n\r\n')
    socket.write('abc')
    assert.match(await rest(socket), /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nabc$/s)
    assert.match(await raw(head(2 * MB)), /^HTTP\/1\.1 413 /)
  })
})

describe('clients that do harm', () => {
  test('headers of more than 64 kB', async () => {
    assert.match(await ask('GET / HTTP/1.1', `X-A: ${'x'.repeat(60_000)}\r\n`), /^HTTP\/1\.1 200 /)
    assert.match(await ask('GET / HTTP/1.1', `X-A: ${'x'.repeat(66_000)}\r\n`), /^HTTP\/1\.1 431 /)
  })

  for (const [what, sent] of [
    ['slow headers', 'GET / HTTP/1.1\r\nHost'],
    ['slow bodies', `PUT / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 9\r\n\r\nabc`],
  ] as const) {
    test(`${what} end with 408`, async () => {
      const began = performance.now()
      assert.match(await raw(sent), /^HTTP\/1\.1 408 /)
      assert.ok(performance.now() - began < 2_500)
    })
  }

  test('smuggling: both lengths, and a target that is none', async () => {
    const both = await ask('PUT / HTTP/1.1', 'Content-Length: 3\r\nTransfer-Encoding: chunked\r\n', HOST, '0\r\n\r\n')
    assert.match(both, /^HTTP\/1\.1 400 /)
    assert.match(await ask('GET /a b HTTP/1.1'), /^HTTP\/1\.1 400 /)
  })

  test('one that goes away in the middle is nobody’s fault', async () => {
    const socket = connect(port, '127.0.0.1')
    socket.write(`PUT / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 9\r\n\r\nabc`, () => socket.destroy())
    await once(socket, 'close')
    assert.match(await ask('GET / HTTP/1.1'), /^HTTP\/1\.1 200 /)
  })
})

test('a hundred at once', async () => {
  const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => ask(`GET /${i} HTTP/1.1`)))
  for (const [i, answer] of answers.entries()) assert.match(answer, new RegExp(`\r\nx-path: /${i}\r\n`))
})

// ---------------------------------------------------------------------------

function add(name: string, handler: (event: FunctionEvent) => Promise<unknown>, timeoutMs = 500): void {
  functions.set(name, { name, handler, timeoutMs })
  publish(name)
}

function publish(label: string): void {
  const name = canonicalName(`${label}.fn.example.org`)
  const common = { zone: canonicalName('example.org'), id: FUNCTION_ID, rrsets: {}, nonce: 'n', principal: 'local' }
  registered.set(name, { ...common, name, fn: { arn: `${functionArn(label)}:live`, auth: 'none' } })
}

function ask(requestLine: string, headers = '', host = HOST, body = ''): Promise<string> {
  return raw(`${requestLine}\r\nHost: ${host}\r\n${headers}Connection: close\r\n\r\n${body}`)
}

async function raw(text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(text, 'latin1')
  return rest(socket)
}

async function rest(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  await once(socket, 'close')
  return Buffer.concat(chunks).toString('latin1')
}

/** As curl does it with --connect-to: the name in the URL, the address elsewhere. */
async function fetchVia(path: string, { method, body }: { method: string; body: Buffer }) {
  const head = `${method} ${path} HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`
  const answer = await raw(head + body.toString('latin1'))
  const [top = ''] = answer.split('\r\n\r\n')
  const [status = '', ...lines] = top.split('\r\n')
  return {
    status: Number(status.split(' ')[1]),
    headers: new Headers(lines.map((line) => line.split(': ') as [string, string])),
  }
}
