/** What a load balancer gets of what a function returns. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type Response, responseOf } from '../../functions/gateway/response.ts'
import { balancerReply } from '../../local/gateway/reply.ts'

const of = (result: unknown) => responseOf(JSON.stringify(result) ?? 'null')
const JSON_TYPE = { 'content-type': ['application/json'] }
const ok = { statusCode: 200, statusDescription: '200 OK', multiValueHeaders: JSON_TYPE, isBase64Encoded: false }

describe('what is no structured response is a 200 in JSON', () => {
  const rows: readonly [result: unknown, body: string][] = [
    ['Hello', '"Hello"'],
    [{ message: 'Hello' }, '{"message":"Hello"}'],
    [[1, 2], '[1,2]'],
    [42, '42'],
    [null, 'null'],
    [undefined, 'null'],
    [{ body: 'x', headers: {} }, '{"body":"x","headers":{}}'],
  ]
  for (const [result, body] of rows) {
    test(String(JSON.stringify(result)), () => assert.deepEqual(of(result), { ...ok, body }))
  }
})

describe('structured responses', () => {
  const rows: readonly [what: string, result: object, response: Partial<Response>][] = [
    ['a status alone', { statusCode: 204 }, { statusCode: 204, statusDescription: '204 No Content', body: '' }],
    ['a status as text', { statusCode: '404' }, { statusCode: 404, statusDescription: '404 Not Found' }],
    ['a status of nobody', { statusCode: 299 }, { statusDescription: '299 Unknown' }],
    [
      'headers',
      { statusCode: 200, headers: { 'X-A': 'b', 'Content-Type': 'text/plain' } },
      { multiValueHeaders: { 'content-type': ['text/plain'], 'x-a': ['b'] } },
    ],
    [
      'numbers and truths in headers',
      { statusCode: 200, headers: { a: 1, b: true } },
      { multiValueHeaders: { ...JSON_TYPE, a: ['1'], b: ['true'] } },
    ],
    [
      'cookies',
      { statusCode: 200, headers: { 'Set-Cookie': 'z=0' }, cookies: ['a=1; Path=/', 'b=2'] },
      { multiValueHeaders: { ...JSON_TYPE, 'set-cookie': ['z=0', 'a=1; Path=/', 'b=2'] } },
    ],
    ['base64', { statusCode: 200, body: 'AP8=', isBase64Encoded: true }, { body: 'AP8=', isBase64Encoded: true }],
    [
      'those of the connection, and a length, go',
      {
        statusCode: 200,
        headers: { Connection: 'x-hop', 'X-Hop': '1', 'Transfer-Encoding': 'chunked', 'Content-Length': '7' },
      },
      { multiValueHeaders: JSON_TYPE },
    ],
    [
      'nothing for headers, cookies and body',
      { statusCode: 200, headers: null, cookies: null, body: null },
      { ...ok, body: '' },
    ],
    [
      'a header of a name that objects have',
      JSON.parse('{"statusCode":200,"headers":{"__proto__":"x"}}'),
      { multiValueHeaders: JSON.parse('{"content-type":["application/json"],"__proto__":["x"]}') },
    ],
  ]
  for (const [what, result, response] of rows) {
    test(what, () => {
      const found: Response = of(result)
      for (const [key, value] of Object.entries(response)) assert.deepEqual(found[key as keyof Response], value)
    })
  }
})

describe('what can be no response', () => {
  const rows: readonly [what: string, result: object][] = [
    ['an early status', { statusCode: 101 }],
    ['a status beyond', { statusCode: 600 }],
    ['a broken status', { statusCode: 200.5 }],
    ['a list for a status', { statusCode: [200] }],
    ['no status', { statusCode: null }],
    ['a line feed in a header', { statusCode: 200, headers: { a: 'b\r\nSet-Cookie: evil=1' } }],
    ['a line feed in the name of a header', { statusCode: 200, headers: { 'a\r\nb': 'c' } }],
    ['a space in the name of a header', { statusCode: 200, headers: { 'a b': 'c' } }],
    ['an empty name', { statusCode: 200, headers: { '': 'c' } }],
    ['a zero in a header', { statusCode: 200, headers: { a: 'b\0' } }],
    ['characters beyond an octet', { statusCode: 200, headers: { a: '€' } }],
    ['a line feed in a cookie', { statusCode: 200, cookies: ['a=1\nb'] }],
    ['a header that is a list', { statusCode: 200, headers: { a: ['b'] } }],
    ['headers that are a list', { statusCode: 200, headers: ['a: b'] }],
    ['cookies that are text', { statusCode: 200, cookies: 'a=1' }],
    ['a body that is an object', { statusCode: 200, body: { a: 1 } }],
    ['a body that is not in base64', { statusCode: 200, body: '<html>', isBase64Encoded: true }],
  ]
  for (const [what, result] of rows) {
    test(what, () => assert.throws(() => of(result), { code: 'response_invalid', status: 502 }))
  }
  test('no JSON, as of a streamed response', () => {
    assert.throws(() => responseOf('{"statusCode":200}\0\0\0\0\0\0\0\0body'), { code: 'response_invalid' })
  })
})

test('a response of more than 1 MB is refused before the load balancer does it without a word', () => {
  assert.equal(of({ statusCode: 200, body: 'x'.repeat(999_000) }).statusCode, 200)
  const tooLarge = { code: 'response_too_large', status: 502 }
  assert.throws(() => of({ statusCode: 200, body: 'x'.repeat(1_000_000) }), tooLarge)
  assert.throws(() => of({ statusCode: 200, body: '"'.repeat(600_000) }), tooLarge)
  assert.throws(() => of('x'.repeat(1_000_000)), tooLarge)
})

test('octets and headers that a function returns arrive', () => {
  const sent = fc.record({
    status: fc.integer({ min: 200, max: 599 }),
    body: fc.uint8Array({ maxLength: 60 }),
    value: fc.stringMatching(/^[!-~]{0,12}$/),
  })
  fc.assert(
    fc.property(sent, ({ status, body, value }) => {
      const result = {
        ...{ statusCode: status, headers: { 'x-value': value }, cookies: [`a=${value}`] },
        ...{ body: Buffer.from(body).toString('base64'), isBase64Encoded: true },
      }
      const reply = balancerReply(of(result))
      assert.equal(reply.status, status)
      assert.deepEqual(reply.body, Buffer.from(body))
      const headers = Object.fromEntries(reply.headers)
      assert.deepEqual([headers['x-value'], headers['set-cookie']], [value, `a=${value}`])
    }),
  )
})
