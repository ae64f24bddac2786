import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { connect, createServer } from 'node:net'
import { after, describe, test } from 'node:test'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { startHttpFront } from '../../../local/http/front.ts'
import type { LocalFunction } from '../../../local/lambda.ts'

const MB = 1024 * 1024
const log: string[] = []
let handled = 0

const { front, port } = await start(async (event) => {
  handled++
  if (event.rawPath === '/throw') throw new Error('of no concern to the client')
  if (event.rawPath === '/hang') return new Promise(() => {})
  return { statusCode: 200, headers: { 'x-path': event.rawPath }, body: String(bodyOf(event).length) }
})

test('request and response go through, connections are kept', async () => {
  const two =
    'PUT /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabcGET /b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
  const answer = await raw(two)
  assert.match(
    answer,
    /^HTTP\/1\.1 200 OK\r\nx-path: \/a\r\n(?:.+\r\n)*content-length: 1\r\n(?:.+\r\n)*\r\n3HTTP\/1\.1 200 OK\r\nx-path: \/b/,
  )
})

test('a chunked body is read', async () => {
  const answer = await raw(
    'PUT / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
  )
  assert.match(answer, /\r\n\r\n3$/)
})

test('HEAD has the length and no body', async () => {
  const answer = await raw('HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  assert.match(answer, /content-length: 1\r\n.*\r\n\r\n$/s)
})

test('a function that throws is a 500 that says nothing', async () => {
  const response = await fetch(`http://127.0.0.1:${port}/throw`)
  assert.equal(response.status, 500)
  assert.equal(response.headers.get('content-type'), 'application/json')
  assert.equal(await response.text(), '{"message":"Internal Server Error"}')
  assert.deepEqual(log.splice(0), ['echo failed: of no concern to the client'])
})

test('a function that hangs is a 500 after its time', async () => {
  const response = await fetch(`http://127.0.0.1:${port}/hang`)
  assert.equal(response.status, 500)
  assert.deepEqual(log.splice(0), ['echo failed: the function did not end within 0.5 s'])
})

test('a target that cannot be decoded is a 400', async () => {
  const answer = await raw('GET /% HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  assert.match(answer, /^HTTP\/1\.1 400 .*\{"message":"Bad Request"\}$/s)
})

describe('bodies', () => {
  test('of 10 MB get through', async () => {
    assert.deepEqual(await upload(10 * MB), { status: 200, body: String(10 * MB) })
  })

  for (const chunked of [false, true]) {
    test(`larger ones get 413 and no function${chunked ? ', chunked' : ''}`, async () => {
      const before = handled
      assert.deepEqual(await upload(10 * MB + 1, chunked), {
        status: 413,
        body: '{"message":"Request Entity Too Large"}',
      })
      assert.equal(handled, before)
    })
  }

  test('Expect: 100-continue is answered before the body', async () => {
    const socket = connect(port, '127.0.0.1')
    socket.write(
      'PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n',
    )
    const [first] = await once(socket, 'data')
    assert.equal(String(first), 'HTTP/1.1 100 Continue\r\n\r\n')
    socket.write('abc')
    assert.match(await rest(socket), /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\n3$/s)
  })

  test('Expect: 100-continue with too large a body is refused before it', async () => {
    const head = `PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${11 * MB}\r\nExpect: 100-continue\r\n\r\n`
    assert.match(await raw(head), /^HTTP\/1\.1 413 /)
  })
})

describe('pages of other web sites', () => {
  const cases: [origin: string, status: number][] = [
    ['http://evil.example', 403],
    ['https://localhost.evil.example', 403],
    ['http://127.0.0.1.evil.example', 403],
    ['null', 403],
    ['', 403],
    ['http://localhost:3000', 200],
    ['http://127.0.0.1:8090', 200],
    ['http://[::1]:8090', 200],
  ]
  for (const [origin, status] of cases) {
    test(`origin "${origin}": ${status}`, async () => {
      const before = handled
      const head = `POST /dynapi HTTP/1.1\r\nHost: localhost\r\nOrigin: ${origin}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`
      assert.match(await raw(head), new RegExp(`^HTTP/1.1 ${status} `))
      assert.equal(handled - before, status === 200 ? 1 : 0)
    })
  }
})

describe('a name of somebody else that was made to point here', () => {
  for (const [host, status] of [
    ['rebound.example:8090', 403],
    ['127.0.0.1.evil.example', 403],
    ['localhost:8090', 200],
    ['[::1]', 200],
  ] as const) {
    test(`host "${host}": ${status}`, async () => {
      const answer = await raw(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
      assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `))
    })
  }
})

describe('what is no HTTP, or too much of it', () => {
  const cases: [title: string, sent: string | Buffer, answer: RegExp][] = [
    ['garbage', Buffer.from([0, 1, 2, 255, 254, 13, 10, 13, 10]), /^HTTP\/1\.1 400 /],
    ['a TLS hello', Buffer.from('160301020001000', 'hex'), /^HTTP\/1\.1 400 /],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 400 /],
    [
      'two lengths',
      'PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      /^HTTP\/1\.1 400 /,
    ],
    [
      'length and chunks',
      'PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      /^HTTP\/1\.1 400 /,
    ],
    ['a negative length', 'PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['20 kB of headers', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, /^HTTP\/1\.1 431 /],
    ['20 kB of path', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, /^HTTP\/1\.1 431 /],
    [
      'a bad chunk',
      'PUT / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      /^HTTP\/1\.1 400 /,
    ],
  ]
  for (const [title, sent, answer] of cases) {
    test(title, async () => assert.match(await raw(sent), answer))
  }

  test('a client that goes away in the middle harms nobody', async () => {
    const before = handled
    const socket = connect(port, '127.0.0.1')
    socket.write('PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc')
    await once(socket, 'ready')
    socket.resetAndDestroy()
    await once(socket, 'close')
    assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 200)
    assert.equal(handled, before + 1)
  })

  test('two hundred clients that say half a line do not keep others out', async () => {
    const slow = Array.from({ length: 200 }, () => connect(port, '127.0.0.1'))
    await Promise.all(slow.map((socket) => once(socket, 'connect')))
    for (const socket of slow) socket.write('PUT /dynapi HT')
    assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 200)
    for (const socket of slow) socket.destroy()
  })
})

test('a client that never ends its request is ended', async () => {
  const impatient = await start(async () => ({ statusCode: 200 }), { headersTimeout: 300, requestTimeout: 300 })
  const answer = await Promise.all(
    ['PUT / HT', 'PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab'].map((sent) =>
      raw(sent, impatient.port),
    ),
  )
  for (const one of answer) assert.match(one, /^HTTP\/1\.1 408 /)
})

test('a path of a route goes to its function, however it is spelled, all others to the usual one', async () => {
  const named = (name: string): LocalFunction => ({ name, handler: async () => name, timeoutMs: 500 })
  const { endpoint, close } = await startHttpFront({
    endpoint: { host: '127.0.0.1', port: 0 },
    fn: named('usual'),
    routes: [{ path: /^\/v1\/[^/]+\/mirror(\/|$)/, fn: named('mirror') }],
    log: (line) => log.push(line),
  })
  after(close)
  const found = async (path: string) => (await fetch(`http://127.0.0.1:${endpoint.port}${path}`)).text()
  for (const path of ['/v1/a/mirror', '/v1/a/mirror/b?c', '/v1/%2a/%6dirror']) assert.equal(await found(path), 'mirror')
  for (const path of ['/', '/v1/a/mirrors', '/v1/a?x=/v1/a/mirror']) assert.equal(await found(path), 'usual')
})

test('a taken port is said in words', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  after(() => taken.close())
  const endpoint = { host: '127.0.0.1', port: (taken.address() as { port: number }).port }
  const fn: LocalFunction = { name: 'echo', handler: async () => undefined, timeoutMs: 100 }
  await assert.rejects(startHttpFront({ endpoint, fn, log: () => {} }), {
    message: `cannot listen on 127.0.0.1:${endpoint.port}: the port is taken`,
  })
})

test('close lets the requests under way end', async () => {
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  const handler = async () => {
    begin()
    await held
    return { statusCode: 200, body: 'late' }
  }
  const busy = await start(handler, {}, 10_000)
  const answered = raw('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n', busy.port)
  await begun
  const closed = busy.front.close()
  release()
  assert.match(await answered, /late$/)
  await closed
})

after(() => assert.deepEqual(log, []))
after(() => front.close())

// ---------------------------------------------------------------------------

async function start(
  handler: (event: APIGatewayProxyEventV2) => Promise<unknown>,
  limits: { headersTimeout?: number; requestTimeout?: number } = {},
  timeoutMs = 500,
) {
  const fn: LocalFunction = { name: 'echo', handler, timeoutMs }
  const started = await startHttpFront({
    endpoint: { host: '127.0.0.1', port: 0 },
    fn,
    log: (line) => log.push(line),
    ...limits,
  })
  after(() => started.close().catch(() => {}))
  return { front: started, port: started.endpoint.port }
}

function bodyOf({ body = '', isBase64Encoded }: APIGatewayProxyEventV2): Buffer {
  return Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')
}

/** Sends octets as they are and reads to the end of the connection. */
async function raw(sent: string | Buffer, to = port): Promise<string> {
  const socket = connect(to, '127.0.0.1')
  socket.write(sent)
  return rest(socket)
}

async function rest(socket: ReturnType<typeof connect>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

function upload(octets: number, chunked = false): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = chunked ? {} : { 'content-length': octets }
    const sending = request({ port, host: '127.0.0.1', method: 'PUT', headers }, async (response) => {
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk)
      resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString() })
    })
    sending.on('error', reject)
    if (chunked) sending.write(Buffer.alloc(1))
    sending.end(Buffer.alloc(chunked ? octets - 1 : octets))
  })
}
