import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  canonicalName,
  countLabels,
  foldCase,
  formatName,
  isAtOrBelow,
  NameError,
  parentName,
  parseName,
  ROOT,
  type WireName,
  wildcardOf,
} from '../../shared/dns/name.ts'
import { labels, wireName, wireOf } from './arbitraries.ts'

const L63 = 'a'.repeat(63)
/** 255 octets on the wire: three labels of 63, one of 61 and the root. */
const LONGEST = `${L63}.${L63}.${L63}.${'b'.repeat(61)}.`

describe('canonicalName: RFC 1035 5.1, RFC 4343', () => {
  const good: [text: string, canonical: string][] = [
    ['.', '.'],
    ['org', 'org.'],
    ['org.', 'org.'],
    ['Api.Example.ORG', 'api.example.org.'],
    ['_dns._tcp.example.org', '_dns._tcp.example.org.'],
    ['*.example.org', '*.example.org.'],
    ['xn--bcher-kva.example.org', 'xn--bcher-kva.example.org.'],
    ['a\\032b.example.org', 'a\\032b.example.org.'],
    ['a\\ b.example.org', 'a\\032b.example.org.'],
    ['a\\.b.example.org', 'a\\.b.example.org.'],
    ['a\\046b.example.org', 'a\\.b.example.org.'],
    ['a\\\\b.example.org', 'a\\\\b.example.org.'],
    ['a\\;\\(\\)\\"\\@\\$.example.org', 'a\\;\\(\\)\\"\\@\\$.example.org.'],
    ['user@mail.example.org', 'user\\@mail.example.org.'],
    ['\\065\\090.example.org', 'az.example.org.'],
    ['\\000.example.org', '\\000.example.org.'],
    ['\\195\\156.example.org', '\\195\\156.example.org.'], // octets above 0x7f have no letter case
    ['\\e\\x.example.org', 'ex.example.org.'],
    ['10.2.0.192.in-addr.arpa', '10.2.0.192.in-addr.arpa.'],
    [L63, `${L63}.`],
    [LONGEST, LONGEST],
  ]
  for (const [text, canonical] of good) {
    test(`${text.slice(0, 40)} is ${canonical.slice(0, 40)}`, () => assert.equal(canonicalName(text), canonical))
  }

  const bad: [text: string, reason: RegExp][] = [
    ['', /empty/],
    ['..', /empty label/],
    ['a..b', /empty label/],
    ['.example.org', /empty label/],
    ['example.org..', /empty label/],
    [`a${L63}`, /label has 64 octets, at most 63/],
    [`a${LONGEST}`, /label has 64 octets/],
    [`${L63}.${L63}.${L63}.${'b'.repeat(62)}`, /takes 256 octets on the wire, at most 255/],
    [`a.${LONGEST}`, /takes 257 octets on the wire, at most 255/],
    [`${'x.'.repeat(128)}`, /takes 257 octets/],
    ['x'.repeat(300), /label has 300 octets/],
    [`${'0123456789.'.repeat(30)}`, /takes 331 octets/],
    ['a b', /" " must be escaped/],
    ['a\tb', /must be escaped/],
    ['a\nb', /must be escaped/],
    ['a\0b', /must be escaped/],
    ['"a"', /must be escaped/],
    ['a;b', /must be escaped/],
    ['a(b', /must be escaped/],
    ['bücher.example.org', /"ü" must be escaped/],
    ['a\\', /backslash/],
    ['a\\1', /backslash/],
    ['a\\12', /backslash/],
    ['a\\12x', /backslash/],
    ['a\\256', /above 255/],
    ['a\\\tb', /backslash/],
    ['a\\ü', /backslash/],
  ]
  for (const [text, reason] of bad) {
    test(`${JSON.stringify(text.slice(0, 40))} is refused: ${reason.source}`, () => {
      assert.throws(
        () => canonicalName(text),
        (error) => error instanceof NameError && reason.test(error.message),
      )
    })
  }
})

describe('parseName with an origin', () => {
  const origin = parseName('example.org')
  test('a name without final dot is below the origin', () => {
    assert.equal(formatName(parseName('www', origin)), 'www.example.org.')
  })
  test('a name with final dot is absolute', () => assert.equal(formatName(parseName('www.', origin)), 'www.'))
  test('an escaped final dot is no final dot', () => {
    assert.equal(formatName(parseName('www\\.', origin)), 'www\\..example.org.')
  })
  test('@ is the origin, \\@ is a label', () => {
    assert.equal(parseName('@', origin), origin)
    assert.equal(formatName(parseName('\\@', origin)), '\\@.example.org.')
  })
  test('the origin counts for the length', () => {
    assert.throws(() => parseName(LONGEST.slice(0, -1), origin), /takes 267 octets/)
  })
})

describe('names in both forms', () => {
  test('any octets survive the way to presentation form and back', () => {
    fc.assert(
      fc.property(wireName, (name) => assert.equal(parseName(formatName(name)), name)),
      { numRuns: 2000 },
    )
  })

  test('presentation form is printable ASCII, absolute and stays as it is', () => {
    fc.assert(
      fc.property(wireName, (name) => {
        const text = formatName(name)
        assert.match(text, /^[!-~]*\.$/)
        assert.equal(canonicalName(text), text)
      }),
    )
  })

  test('names that differ in ASCII case only are one name, others are not', () => {
    fc.assert(
      fc.property(labels, (list) => {
        const escaped = (octet: string) => `\\${String(octet.charCodeAt(0)).padStart(3, '0')}`
        const text = list.map((label) => Array.from(label, escaped).join('')).join('.') || '.'
        const folded = wireOf(list.map((label) => label.replace(/[A-Z]/g, (c) => c.toLowerCase())))
        assert.equal(parseName(text), folded)
      }),
    )
  })

  test('any text is a name or refused with NameError', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('a', 'Z', '.', '\\', '0', '9', '"', 'ü') }))
    fc.assert(
      fc.property(text, (input) => {
        try {
          const name = parseName(input)
          assert.ok(name.length <= 255)
          assert.equal(parseName(formatName(name)), name)
        } catch (error) {
          assert.ok(error instanceof NameError, String(error))
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('steps between names', () => {
  test('isAtOrBelow looks at labels, not at text', () => {
    const at = (name: string, ancestor: string) => isAtOrBelow(parseName(name), parseName(ancestor))
    assert.equal(at('example.org', 'example.org'), true)
    assert.equal(at('a.b.example.org', 'example.org'), true)
    assert.equal(at('example.org', '.'), true)
    assert.equal(at('badexample.org', 'example.org'), false)
    assert.equal(at('org', 'example.org'), false)
    assert.equal(at('x\\007example.org', 'example.org'), false) // a length octet inside a label
    assert.equal(at('x\\007example\\003org', 'example.org'), false)
  })

  test('parentName, countLabels and wildcardOf agree with the labels', () => {
    fc.assert(
      fc.property(labels, (list) => {
        const name = foldCase(wireOf(list)) as WireName
        assert.equal(countLabels(name), list.length)
        if (list.length > 0) assert.equal(parentName(name), foldCase(wireOf(list.slice(1))))
        const wildcard = wildcardOf(name)
        assert.equal(wildcard === undefined, name.length > 253)
        if (wildcard !== undefined) assert.equal(parentName(wildcard), name)
      }),
    )
  })

  test('every name is at or below its ancestors and nothing else', () => {
    fc.assert(
      fc.property(wireName, wireName, (name, other) => {
        const ancestors = [name]
        for (let n = name; n !== ROOT; n = parentName(n)) ancestors.push(parentName(n))
        for (const ancestor of ancestors) assert.equal(isAtOrBelow(name, ancestor), true)
        assert.equal(isAtOrBelow(name, other), ancestors.includes(other))
      }),
    )
  })
})
