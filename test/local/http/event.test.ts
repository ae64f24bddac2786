import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { gatewayEvent, type ReceivedRequest } from '../../../local/http/event.ts'

const request = (changes: Partial<ReceivedRequest>): ReceivedRequest => ({
  method: 'PUT',
  target: '/dynapi',
  rawHeaders: [],
  body: Buffer.alloc(0),
  httpVersion: '1.1',
  sourceIp: '127.0.0.1',
  at: Date.UTC(2026, 6, 1, 9, 8, 7, 654),
  ...changes,
})

test('a request of curl', () => {
  const rawHeaders = ['Host', '127.0.0.1:8090', 'User-Agent', 'curl/7.88.1', 'Accept', '*/*', 'Content-Length', '2']
  const form = ['Content-Type', 'application/x-www-form-urlencoded']
  const event = gatewayEvent(request({ rawHeaders: [...rawHeaders, ...form], body: Buffer.from('{}') }))
  const { requestId } = event.requestContext
  assert.deepEqual(event, {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/dynapi',
    rawQueryString: '',
    headers: {
      host: '127.0.0.1:8090',
      'user-agent': 'curl/7.88.1',
      accept: '*/*',
      'content-length': '2',
      'content-type': 'application/x-www-form-urlencoded',
    },
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: '127.0.0.1:8090',
      domainPrefix: 'local',
      http: { method: 'PUT', path: '/dynapi', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'curl/7.88.1' },
      requestId,
      routeKey: '$default',
      stage: '$default',
      time: '01/Jul/2026:09:08:07 +0000',
      timeEpoch: 1782896887654,
    },
    body: 'e30=',
    isBase64Encoded: true,
  })
  assert.match(requestId, /^[0-9a-f-]{36}$/)
})

describe('a body is text or base64, by its content type', () => {
  const cases: [type: string | undefined, base64: boolean][] = [
    [undefined, true],
    ['', true],
    ['application/json', false],
    ['APPLICATION/JSON; charset=utf-8', false],
    ['application/vnd.api+json', false],
    ['application/xml', false],
    ['application/javascript', false],
    ['text/plain', false],
    ['text/xml', false],
    ['application/x-www-form-urlencoded', true],
    ['application/octet-stream', true],
    ['multipart/form-data; boundary=text/plain', true],
    ['application/jsonx', true],
    ['image/png', true],
  ]
  for (const [type, base64] of cases) {
    test(type ?? 'none', () => {
      const rawHeaders = type === undefined ? [] : ['content-type', type]
      const { body, isBase64Encoded } = gatewayEvent(request({ rawHeaders, body: Buffer.from('ä') }))
      assert.deepEqual({ body, isBase64Encoded }, { body: base64 ? 'w6Q=' : 'ä', isBase64Encoded: base64 })
    })
  }

  test('an empty body is no body', () => {
    const event = gatewayEvent(request({ rawHeaders: ['content-type', 'image/png'] }))
    assert.equal('body' in event, false)
    assert.equal(event.isBase64Encoded, false)
  })

  test('octets survive base64', () => {
    const body = Buffer.from(Array.from({ length: 256 }, (_, octet) => octet))
    const event = gatewayEvent(request({ body }))
    assert.deepEqual(Buffer.from(event.body ?? '', 'base64'), body)
  })
})

describe('target', () => {
  // As API Gateway itself was seen to do, but for `%252F`, which it decodes twice.
  const cases: [target: string, path: string, query: string, parameters?: Record<string, string>][] = [
    ['/dynapi', '/dynapi', ''],
    ['/dynapi/', '/dynapi/', ''],
    ['/dynapi?x=1', '/dynapi', 'x=1', { x: '1' }],
    ['/dynapi?', '/dynapi', ''],
    ['/a%20b%2Fc', '/a b/c', ''],
    ['/unicode-%CE%BB', '/unicode-λ', ''],
    ['/?a=1&a=2&b=', '/', 'a=1&a=2&b=', { a: '1,2', b: '' }],
    ['/?plus=a+b&encoded=a%2Bb', '/', 'plus=a+b&encoded=a%2Bb', { plus: 'a b', encoded: 'a+b' }],
    ['/?a=b?c', '/', 'a=b?c', { a: 'b?c' }],
    ['http://127.0.0.1:8090/dynapi?x=1', '/dynapi', 'x=1', { x: '1' }],
    ['http://127.0.0.1:8090', '/', ''],
    ['//dynapi', '//dynapi', ''],
    ['*', '*', ''],
  ]
  for (const [target, path, query, parameters] of cases) {
    test(target, () => {
      const event = gatewayEvent(request({ target }))
      assert.equal(event.rawPath, path)
      assert.equal(event.requestContext.http.path, path)
      assert.equal(event.rawQueryString, query)
      assert.deepEqual(event.queryStringParameters, parameters)
    })
  }

  for (const target of ['/%', '/%zz', '/%ff']) {
    test(`${target} cannot be decoded`, () => assert.throws(() => gatewayEvent(request({ target })), URIError))
  }
})

test('equal headers are joined, cookies stand apart', () => {
  const rawHeaders = ['X-One', 'a', 'x-one', 'b, c', 'Cookie', 'k=v; l=w', 'COOKIE', 'm=x', '__proto__', 'kept']
  const { headers, cookies } = gatewayEvent(request({ rawHeaders }))
  assert.deepEqual(Object.entries(headers), [
    ['x-one', 'a,b, c'],
    ['__proto__', 'kept'],
  ])
  assert.deepEqual(cookies, ['k=v', 'l=w', 'm=x'])
})
