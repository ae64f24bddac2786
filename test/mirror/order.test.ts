import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { canonicalName, formatName, isAtOrBelow, parseName } from '../../shared/dns/name.ts'
import { isPlain, orderKey } from '../../shared/mirror/order.ts'
import { wireName } from '../dns/arbitraries.ts'

const name = wireName.map(formatName)

describe('orderKey', () => {
  const rows: [name: string, key: string][] = [
    ['.', '.'],
    ['www.example.com.', 'com.example.www.'], // the API reference's own example
    ['*.example.com.', 'com.example.\\052.'],
    ['a\\.b.example.com.', 'com.example.a\\056b.'],
  ]
  for (const [text, key] of rows) test(`${text}: ${key}`, () => assert.equal(orderKey(canonicalName(text)), key))

  test('sorts as ListResourceRecordSets does', () => {
    const sorted = [
      'example-a.com.', // a - comes before the dot
      'example.com.',
      'a.example.com.',
      '-.a.example.com.',
      'z.a.example.com.',
      'a0.example.com.',
      'ab.example.com.',
      'b-.example.com.',
      'b.example.com.',
      'c.example.com.',
    ].map(canonicalName)
    const byKey = sorted.toReversed().sort((a, b) => (orderKey(a) < orderKey(b) ? -1 : 1))
    assert.deepEqual(byKey, sorted)
  })

  test('is printable, never empty, and no two names have the same', () => {
    fc.assert(
      fc.property(name, name, (a, b) => {
        assert.match(orderKey(a), /^[!-~]+$/)
        assert.equal(orderKey(a) === orderKey(b), a === b)
      }),
    )
  })

  test('a name comes after all that it is below', () => {
    fc.assert(
      fc.property(name, name, (a, b) => {
        if (a === b || a === '.' || !isAtOrBelow(parseName(b), parseName(a))) return
        assert.ok(orderKey(b).startsWith(orderKey(a)))
      }),
    )
  })
})

test('isPlain', () => {
  for (const text of ['.', 'example.com.', '_sip._tcp.a-b.example.com.', '0.example.com.']) {
    assert.equal(isPlain(canonicalName(text)), true, text)
  }
  for (const text of ['*.example.com.', 'a\\.b.example.com.', 'a/b.example.com.', '\\@.example.com.']) {
    assert.equal(isPlain(canonicalName(text)), false, text)
  }
})
