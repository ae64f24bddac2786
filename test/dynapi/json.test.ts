import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { readJson, type Value } from '../../functions/dynapi/json.ts'
import { NamingError } from '../../shared/records/faults.ts'

describe('texts of Go for what is no JSON', () => {
  const texts: readonly (readonly [body: string, text: string])[] = [
    ['', 'unexpected end of JSON input'],
    [' \n', 'unexpected end of JSON input'],
    ['{"a":"b', 'unexpected end of JSON input'],
    ['[1', 'unexpected end of JSON input'],
    ['{"a"', 'unexpected end of JSON input'],
    ['x', "invalid character 'x' looking for beginning of value"],
    ["'", "invalid character '\\'' looking for beginning of value"],
    ['\\', "invalid character '\\\\' looking for beginning of value"],
    ['\v', "invalid character '\\v' looking for beginning of value"],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['{a', "invalid character 'a' looking for beginning of object key string"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['{"a";', "invalid character ';' after object key"],
    ['{"a":1]', "invalid character ']' after object key:value pair"],
    ['{"a":01}', "invalid character '1' after object key:value pair"],
    ['[1}', "invalid character '}' after array element"],
    ['{} {', "invalid character '{' after top-level value"],
    ['"\n"', "invalid character '\\n' in string literal"],
    ['"\u0000"', "invalid character '\\x00' in string literal"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape"],
    ['-x', "invalid character 'x' in numeric literal"],
    ['[1.]', "invalid character ']' after decimal point in numeric literal"],
    ['[1e+]', "invalid character ']' in exponent of numeric literal"],
    ['[tRue]', "invalid character 'R' in literal true (expecting 'r')"],
    ['[falsy]', "invalid character 'y' in literal false (expecting 'e')"],
    ['nu l', "invalid character ' ' in literal null (expecting 'l')"],
  ]
  for (const [body, text] of texts) {
    test(JSON.stringify(body), () => assert.throws(() => readJson(Buffer.from(body)), refusal(text)))
  }
})

test('what JSON.parse loses is kept: the spelling of numbers and the place of repeated keys', () => {
  assert.deepEqual(readJson(Buffer.from(' {"TTL":60.0,"ttl":6e1,"TTL":-0,"x":[{"y":null}]}\n')), {
    kind: 'object',
    members: [
      ['TTL', { kind: 'number', text: '60.0' }],
      ['ttl', { kind: 'number', text: '6e1' }],
      ['TTL', { kind: 'number', text: '-0' }],
      ['x', { kind: 'array' }],
    ],
  })
})

test('white space may stand between any two tokens', () => {
  const text = '{"a":[ ],"b":{ },"c":[1,{"d":true}]}'
  const spaced = `${text.replace(/"\w"|true|[^\s]/g, ' \t\r\n$&')} \n`
  assert.deepEqual(comparable(readJson(Buffer.from(spaced))), outline(JSON.parse(text)))
})

describe('strings are decoded as Go decodes them', () => {
  const strings: readonly (readonly [octets: string, text: string])[] = [
    ['\\"\\\\\\/\\b\\f\\n\\r\\t', '"\\/\b\f\n\r\t'],
    ['\\u0041\\u00e9\\uD83D\\uDE00', 'A\u00e9\u{1f600}'],
    ['\\ud800x\\udc00', '\ufffdx\ufffd'], // halves of a surrogate pair
    ['\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80', '\u00e9 \u20ac \u{1f600}'],
    ['\xff\xfe', '\ufffd\ufffd'],
    ['\xe2\x82x', '\ufffd\ufffdx'], // one U+FFFD an octet, where TextDecoder gives one for both
    ['\xc0\x80', '\ufffd\ufffd'], // overlong
    ['\xed\xa0\x80', '\ufffd\ufffd\ufffd'], // a surrogate
    ['\xf4\x90\x80\x80', '\ufffd\ufffd\ufffd\ufffd'], // above U+10FFFF
  ]
  for (const [octets, text] of strings) {
    test(JSON.stringify(octets), () =>
      assert.deepEqual(readJson(Buffer.from(`"${octets}"`, 'latin1')), { kind: 'string', text }),
    )
  }
})

test('nesting is bounded', () => {
  const nested = (depth: number) => Buffer.from('['.repeat(depth) + ']'.repeat(depth))
  assert.deepEqual(readJson(nested(1000)), { kind: 'array' })
  assert.throws(() => readJson(nested(1001)), refusal("invalid character '[' exceeded max depth"))
  assert.throws(
    () => readJson(Buffer.from('{"a":'.repeat(10_000))),
    refusal("invalid character '{' exceeded max depth"),
  )
})

describe('beside JSON.parse', () => {
  test('every JSON text is read, to the same members', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, '\t\r\n'), (value, space) => {
        const text = JSON.stringify(value, null, space)
        assert.deepEqual(comparable(readJson(Buffer.from(text))), outline(JSON.parse(text)))
      }),
    )
  })

  test('the same texts are refused', () => {
    const snippets = [
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"',
      '"a"',
      '\\',
      '\\u00',
      'true',
      'nul',
      '-',
      '0',
      '1.5',
      'e',
      ' ',
      '\n',
    ]
    const text = fc.array(fc.oneof(fc.constantFrom(...snippets), fc.string({ maxLength: 2 })), { maxLength: 8 })
    const broken = fc.tuple(fc.json(), fc.nat(), fc.nat(2), text).map(([json, place, cut, pieces]) => {
      const at = place % (json.length + 1)
      return json.slice(0, at) + pieces.slice(0, 1).join('') + json.slice(at + cut)
    })
    fc.assert(
      fc.property(
        fc.oneof(
          text.map((pieces) => pieces.join('')),
          broken,
        ),
        (sent) => {
          const body = Buffer.from(sent)
          assert.equal(
            accepts(() => readJson(body)),
            accepts(() => JSON.parse(body.toString())),
            sent,
          )
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('any octets are read or refused with a reason', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (octets) => {
        try {
          readJson(octets)
        } catch (error) {
          assert.ok(error instanceof NamingError && error.code === 'invalid_json', String(error))
          assert.match(error.message, /^[\x20-\x7e]+$/)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

// ---------------------------------------------------------------------------

const refusal = (message: string) => ({ name: 'NamingError', code: 'invalid_json', message })

/** What both readers tell of a value: arrays and booleans only that they are there, members by key. */
function comparable(value: Value): unknown {
  if (value.kind === 'string') return value.text
  if (value.kind === 'number') return Number(value.text)
  if (value.kind !== 'object') return value.kind
  return new Map(value.members.map(([key, member]) => [key, comparable(member)]))
}

function outline(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return 'bool'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return new Map(Object.entries(value as object).map(([key, member]) => [key.toWellFormed(), outline(member)]))
}

function accepts(read: () => unknown): boolean {
  try {
    read()
    return true
  } catch {
    return false
  }
}
