/** What a function finds of a request that came through a load balancer. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ALBEvent } from 'aws-lambda'
import fc from 'fast-check'
import { functionEvent } from '../../functions/gateway/request.ts'
import { balancerEvent } from '../../local/gateway/event.ts'
import { albEvent, T0 } from './world.ts'

const CONTEXT = { domainName: 'pay.fn.example.org', requestId: 'request-1', at: T0 }
const eventOf = (more: Partial<ALBEvent>, principal?: string) =>
  functionEvent(albEvent('pay.fn.example.org', more), { ...CONTEXT, principal })

test('the whole event is that of a function URL', () => {
  const headers = {
    host: ['Pay.fn.example.org:8080'],
    'user-agent': ['curl/8'],
    'x-forwarded-for': ['203.0.113.9, 192.0.2.7'],
    'x-forwarded-port': ['80'],
    'x-forwarded-proto': ['http'],
    'x-amzn-trace-id': ['Root=1-5'],
  }
  assert.deepEqual(eventOf({ httpMethod: 'POST', path: '/a', multiValueHeaders: headers, body: '{}' }), {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/a',
    rawQueryString: '',
    headers: {
      host: 'Pay.fn.example.org:8080',
      'user-agent': 'curl/8',
      'x-forwarded-for': '203.0.113.9, 192.0.2.7',
      'x-forwarded-port': '80',
      'x-forwarded-proto': 'http',
      'x-amzn-trace-id': 'Root=1-5',
    },
    requestContext: {
      accountId: 'anonymous',
      apiId: 'pay',
      authentication: null,
      domainName: 'pay.fn.example.org',
      domainPrefix: 'pay',
      http: { method: 'POST', path: '/a', protocol: 'HTTP/1.1', sourceIp: '192.0.2.7', userAgent: 'curl/8' },
      requestId: 'request-1',
      routeKey: '$default',
      stage: '$default',
      time: '14/Nov/2023:22:13:20 +0000',
      timeEpoch: T0,
    },
    body: 'e30=',
    isBase64Encoded: true,
  })
})

describe('queries: what the load balancer says, the raw string, what is decoded', () => {
  const rows: readonly [given: Record<string, string[]>, raw: string, decoded: Record<string, string> | undefined][] = [
    [{}, '', undefined],
    [{ a: ['1'] }, 'a=1', { a: '1' }],
    [{ a: ['1', '2'], b: ['3'] }, 'a=1&a=2&b=3', { a: '1,2', b: '3' }],
    [{ a: [''] }, 'a', { a: '' }],
    [{ '': ['x'] }, '=x', { '': 'x' }],
    [{ 'a%20b': ['c%26d'] }, 'a%20b=c%26d', { 'a b': 'c&d' }],
    [{ a: ['b+c'] }, 'a=b+c', { a: 'b c' }],
    [{ a: ['%C3%BC', '%FF', '%zz', '%'] }, 'a=%C3%BC&a=%FF&a=%zz&a=%', { a: 'ü,\ufffd,%zz,%' }],
    [{ a: ['b=c'] }, 'a=b=c', { a: 'b=c' }],
    [{ ['__proto__']: ['x'] }, '__proto__=x', Object.fromEntries([['__proto__', 'x']])],
  ]
  for (const [given, raw, decoded] of rows) {
    test(JSON.stringify(given), () => {
      const event = eventOf({ multiValueQueryStringParameters: given })
      assert.equal(event.rawQueryString, raw)
      assert.deepEqual(event.queryStringParameters, decoded)
    })
  }
})

describe('paths stay as they were sent', () => {
  for (const path of ['/', '/a%2Fb', '/../../etc/passwd', '//x', '/%', '/a b', '*', '/%E2%82%AC', '/a;b=c']) {
    test(path, () => {
      const { rawPath, requestContext } = eventOf({ path })
      assert.deepEqual([rawPath, requestContext.http.path], [path, path])
    })
  }
})

describe('headers', () => {
  const rows: readonly [what: string, given: Record<string, string[]>, found: Record<string, string>][] = [
    ['repeated ones are joined', { accept: ['a', 'b'] }, { accept: 'a,b' }],
    ['names in any case are one', { 'X-A': ['1'], 'x-a': ['2'] }, { 'x-a': '1,2' }],
    ['those of the connection go', { connection: ['close'], te: ['trailers'], 'keep-alive': ['timeout=5'] }, {}],
    ['and those that it lists', { connection: ['X-Hop, close'], 'x-hop': ['1'], 'x-b': ['2'] }, { 'x-b': '2' }],
    ['upgrades go', { connection: ['upgrade'], upgrade: ['h2c'], 'proxy-authorization': ['Basic x'] }, {}],
    [
      'but nobody can have those of the load balancer dropped',
      { connection: ['x-forwarded-for, X-Forwarded-Proto'], 'x-forwarded-for': ['192.0.2.1'] },
      { 'x-forwarded-for': '192.0.2.1' },
    ],
    [
      'an Authorization that nobody asked for is the function’s',
      { authorization: ['Basic x'] },
      { authorization: 'Basic x' },
    ],
  ]
  for (const [what, given, found] of rows) {
    test(what, () => {
      const { host: _, ...headers } = eventOf({ multiValueHeaders: given }).headers
      assert.deepEqual(headers, found)
    })
  }

  test('a token stays here, and the function is told whose it is', () => {
    const event = eventOf({ multiValueHeaders: { authorization: ['Bearer secret'] } }, 'token:0123456789abcdef')
    assert.equal(JSON.stringify(event).includes('secret'), false)
    assert.deepEqual(event.requestContext.authorizer, { lambda: { principal: 'token:0123456789abcdef' } })
  })

  test('cookies are a list, and no header', () => {
    const event = eventOf({ multiValueHeaders: { cookie: ['a=1; b=2', 'c=3;'] } })
    assert.deepEqual(event.cookies, ['a=1', 'b=2', 'c=3'])
    assert.equal('cookie' in event.headers, false)
    assert.equal('cookies' in eventOf({}), false)
  })

  test('a target group with single headers does as well', () => {
    const { multiValueHeaders: _, multiValueQueryStringParameters: __, ...single } = albEvent(undefined)
    const event = functionEvent({ ...single, headers: { 'X-A': '1' }, queryStringParameters: { q: 'x' } }, CONTEXT)
    assert.deepEqual([event.headers, event.rawQueryString], [{ 'x-a': '1' }, 'q=x'])
  })
})

describe('bodies', () => {
  const rows: readonly [type: string | undefined, octets: string, body: string | undefined, base64: boolean][] = [
    [undefined, '', undefined, false],
    ['application/json', '', undefined, false],
    ['application/json', '7b7d', '{}', false],
    ['text/plain; charset=utf-8', 'c3bc', 'ü', false],
    ['TEXT/HTML', '61', 'a', false],
    ['application/problem+json', '61', 'a', false],
    ['text/plain; charset=latin1', 'fc', '/A==', true],
    ['application/x-www-form-urlencoded', '613d31', 'YT0x', true],
    ['application/octet-stream', '00ff', 'AP8=', true],
    [undefined, '61', 'YQ==', true],
  ]
  for (const [type, octets, body, isBase64Encoded] of rows) {
    test(`${type}: ${octets}`, () => {
      const given = Buffer.from(octets, 'hex')
      const event = eventOf({
        ...{ body: given.toString('base64'), isBase64Encoded: true },
        ...(type && { multiValueHeaders: { 'content-type': [type] } }),
      })
      assert.deepEqual([event.body, event.isBase64Encoded], [body, isBase64Encoded])
    })
  }

  test('no body at all', () => assert.equal('body' in eventOf({ body: null }), false))

  test('1 MB is let through, and no octet more', () => {
    assert.equal(eventOf({ body: 'x'.repeat(1_048_576) }).isBase64Encoded, true)
    assert.throws(() => eventOf({ body: 'x'.repeat(1_048_577) }), { code: 'body_too_large', status: 413 })
    assert.throws(() => eventOf({ body: 'ü'.repeat(524_289) }), { code: 'body_too_large' })
  })
})

test('what was sent arrives: path, query as decoded, headers, octets', () => {
  const type = fc.constantFrom(undefined, 'text/plain', 'application/json', 'image/png', 'application/a+json')
  const names = fc.stringMatching(/^[a-z0-9%_.~-]{1,8}$/)
  const query = fc.array(fc.tuple(names, fc.stringMatching(/^[A-Za-z0-9%+_.~-]{0,8}$/)), { maxLength: 6 })
  const value = fc.stringMatching(/^[!-~]{1,12}$/)
  const sent = fc.record({ type, query, value, body: fc.uint8Array({ maxLength: 60 }), encoded: fc.boolean() })
  fc.assert(
    fc.property(sent, ({ type, query, value, body, encoded }) => {
      const raw = query.map(([name, text]) => `${name}=${text}`).join('&')
      const event = functionEvent(
        balancerEvent(
          {
            ...{ method: 'PUT', target: `/a%2Fb?${raw}`, httpVersion: '1.1', sourceIp: '192.0.2.9', at: T0 },
            rawHeaders: [
              ...['Host', 'pay.fn.example.org', 'X-Value', value],
              ...(type === undefined ? [] : ['Content-Type', type]),
              ...(encoded ? ['Content-Encoding', 'gzip'] : []),
            ],
            body: Buffer.from(body),
          },
          8092,
        ),
        CONTEXT,
      )
      assert.equal(event.rawPath, '/a%2Fb')
      assert.equal(event.headers['x-value'], value)
      assert.equal(event.requestContext.http.sourceIp, '192.0.2.9')
      const octets = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8')
      assert.deepEqual(octets, Buffer.from(body))
      const all = (text: string) =>
        [...new Set(new URLSearchParams(text).keys())].map((name) => [name, new URLSearchParams(text).getAll(name)])
      assert.deepEqual(Object.fromEntries(all(event.rawQueryString)), Object.fromEntries(all(raw)))
    }),
  )
})
