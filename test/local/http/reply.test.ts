import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { httpReply } from '../../../local/http/reply.ts'

const INTERNAL = [500, [['content-type', 'application/json']], '{"message":"Internal Server Error"}']
const JSON_TYPE = [['content-type', 'application/json']]

describe('the result of a function, payload format 2.0', () => {
  const cases: [title: string, result: unknown, status: unknown, headers: unknown, body: unknown][] = [
    ['a text is the body', 'Hello', 200, JSON_TYPE, 'Hello'],
    ['an object without status is the body', { message: 'Hello' }, 200, JSON_TYPE, '{"message":"Hello"}'],
    ['a list is the body', [1, 2], 200, JSON_TYPE, '[1,2]'],
    ['nothing is null', undefined, 200, JSON_TYPE, 'null'],
    ['a status alone', { statusCode: 204 }, 204, [], ''],
    ['a status as text', { statusCode: '201' }, 201, [], ''],
    ['no content type is added', { statusCode: 405, body: '' }, 405, [], ''],
    [
      'headers in lower case',
      { statusCode: 200, headers: { 'X-A': 1, b: true } },
      200,
      [
        ['x-a', '1'],
        ['b', 'true'],
      ],
      '',
    ],
    [
      'cookies',
      { statusCode: 200, cookies: ['a=1', 'b=2'] },
      200,
      [
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
      ],
      '',
    ],
    ['base64', { statusCode: 200, body: 'w6Q=', isBase64Encoded: true }, 200, [], 'ä'],
    [
      'headers of the connection are not the function’s',
      { statusCode: 200, headers: { 'Content-Length': '9', Connection: 'x' }, body: 'a' },
      200,
      [],
      'a',
    ],
    ['a null body', { statusCode: 200, body: null, headers: null }, 200, [], ''],
    ['a body that is no text', { statusCode: 200, body: {} }, ...INTERNAL] as never,
    ['a status that is none', { statusCode: 'fine' }, ...INTERNAL] as never,
    ['a status that is no final one', { statusCode: 101 }, ...INTERNAL] as never,
    ['no status but the member', { statusCode: null }, ...INTERNAL] as never,
    ['a header that splits the response', { statusCode: 200, headers: { a: 'b\r\nc: d' } }, ...INTERNAL] as never,
    ['a header name that is none', { statusCode: 200, headers: { 'a b': 'c' } }, ...INTERNAL] as never,
  ]
  for (const [title, result, status, headers, body] of cases) {
    test(title, () => {
      const reply = httpReply(result)
      assert.deepEqual([reply.status, reply.headers, reply.body.toString()], [status, headers, body])
    })
  }
})
