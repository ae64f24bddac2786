import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { mayMirror, mayWrite } from '../../shared/access/grants.ts'
import type { Grant, Principal } from '../../shared/access/model.ts'
import { formatPattern, matches, type Pattern, parsePattern } from '../../shared/access/pattern.ts'
import { canonicalName, formatName, NameError, parseName, type WireName } from '../../shared/dns/name.ts'
import { wireOf } from '../dns/arbitraries.ts'

const NOW = 1_000
const TOKEN: Principal = 'token:0123456789abcdef'
const ACCOUNT: Principal = 'iam:arn:aws:iam::123456789012:*'
const ROLE: Principal = 'iam:arn:aws:iam::123456789012:role/x'
const ZONE = canonicalName('example.org')

const grant = (edit: Partial<Grant> = {}): Grant => ({
  id: 'g',
  principal: TOKEN,
  zones: [ZONE],
  names: ['*'],
  types: ['A', 'AAAA'],
  actions: ['write'],
  ...edit,
})

describe('patterns of names', () => {
  const rows: readonly [pattern: string, yes: string, no: string][] = [
    ['*', 'example.org h.example.org a.b.example.org *.example.org', 'org example.net xexample.org h.example.net'],
    ['@', 'example.org', 'h.example.org \\@.example.org'],
    ['h', 'h.example.org H.EXAMPLE.ORG', 'example.org a.h.example.org hh.example.org h.example.net *.h.example.org'],
    ['a.b', 'a.b.example.org', 'a\\.b.example.org b.example.org a.b.c.example.org a.b.org'],
    ['a\\.b', 'a\\.b.example.org', 'a.b.example.org'],
    [
      '*.app',
      'h.app.example.org a.b.app.example.org *.app.example.org',
      'app.example.org xapp.example.org h\\.app.example.org',
    ],
    ['*.APP', 'h.app.example.org', 'app.example.org'],
    ['*.@', 'h.example.org a.b.example.org', 'example.org'],
    ['\\*.app', '*.app.example.org', 'h.app.example.org app.example.org'],
    ['\\*', '*.example.org', 'example.org h.example.org'],
    ['*.*.app', 'h.*.app.example.org', '*.app.example.org h.x.app.example.org'],
    ['x*', 'x*.example.org', 'xy.example.org x.example.org'],
    ['\\000', '\\000.example.org', '0.example.org'],
  ]
  for (const [pattern, yes, no] of rows) {
    test(pattern, () => {
      const asked = (name: string) =>
        mayWrite([grant({ names: [pattern] })], TOKEN, { zone: ZONE, name: canonicalName(name), type: 'A' }, NOW)
      for (const name of yes.split(' ')) assert.equal(asked(name), true, name)
      for (const name of no.split(' ')) assert.equal(asked(name), false, name)
    })
  }

  for (const text of [
    '',
    '.',
    'h.',
    '*.',
    '*.h.',
    'a..b',
    'h\\\\.',
    `${'x'.repeat(64)}`,
    'a b',
    'a,b;',
    '*.*.',
    'h\\',
  ]) {
    test(`not ${JSON.stringify(text)}`, () => assert.throws(() => parsePattern(text), NameError))
  }

  test('have one canonical form', () => {
    const forms = { '*': '*', '@': '@', 'H.x': 'h.x', '*.APP': '*.app', '\\104': 'h', 'a\\.b\\.': 'a\\.b\\.' }
    for (const [text, form] of Object.entries(forms)) assert.equal(formatPattern(parsePattern(text)), form)
    for (const form of ['\\*.app', '\\*', '*.*.app', '*.@', '\\@', '*.\\@']) {
      assert.equal(formatPattern(parsePattern(form)), form)
    }
  })
})

describe('what a grant covers', () => {
  const target = { zone: ZONE, name: canonicalName('h.example.org'), type: 'A' }
  const rows: readonly [title: string, edit: Partial<Grant>, yes: boolean, caller?: Principal][] = [
    ['all it says', {}, true],
    ['another type', { types: ['AAAA'] }, false],
    ['any type', { types: ['*'] }, true],
    ['no type', { types: [] }, false],
    ['another zone', { zones: [canonicalName('example.net')] }, false],
    ['the zone above', { zones: [canonicalName('org')] }, false],
    ['no zone', { zones: [] }, false],
    ['no name', { names: [] }, false],
    ['one of several', { names: ['x', 'h'], zones: [canonicalName('example.net'), ZONE] }, true],
    ['another action', { actions: ['mirror'] }, false],
    ['one that holds for one moment more', { expires: NOW + 1 }, true],
    ['one that is over', { expires: NOW }, false],
    ['another token', { principal: 'token:0123456789abcdee' }, false],
    ['its account', { principal: ACCOUNT }, true, ROLE],
    ['another account', { principal: 'iam:arn:aws:iam::123456789013:*' }, false, ROLE],
    ['an account, for a token', { principal: ACCOUNT }, false],
    ['a role of that name elsewhere', { principal: 'iam:arn:aws-cn:iam::123456789012:role/x' }, false, ROLE],
  ]
  for (const [title, edit, yes, caller = TOKEN] of rows) {
    test(title, () => assert.equal(mayWrite([grant(edit)], caller, target, NOW), yes))
  }

  test('without grants nothing', () => assert.equal(mayWrite([], TOKEN, target, NOW), false))

  test('the mirror of a zone: by action and zone alone', () => {
    const mirror = grant({ actions: ['mirror'], names: ['x'], types: ['A'] })
    assert.equal(mayMirror([mirror], TOKEN, ZONE, NOW), true)
    assert.equal(mayMirror([mirror], TOKEN, canonicalName('sub.example.org'), NOW), false)
    assert.equal(mayMirror([grant()], TOKEN, ZONE, NOW), false)
    assert.equal(mayMirror([{ ...mirror, expires: NOW }], TOKEN, ZONE, NOW), false)
  })
})

// Few labels, so that names meet; octets that text would confuse among them.
const label = fc.constantFrom('a', 'b', '*', '.', '\\', '@', 'a.b', '*.a', '\0', '\xff', '\x01a')
const labels = fc.array(label, { maxLength: 4 })
const wire = (list: readonly string[]) => wireOf(list) as WireName
const pattern: fc.Arbitrary<{ kind: Pattern['kind']; list: string[] }> = fc.record({
  kind: fc.constantFrom('all', 'below', 'exact'),
  list: labels,
})
const made = ({ kind, list }: { kind: Pattern['kind']; list: string[] }): Pattern =>
  kind === 'all' ? { kind } : { kind, labels: wireOf(list).slice(0, -1) }

test('a pattern is about exactly the names that a comparison of their labels finds', () => {
  fc.assert(
    fc.property(pattern, labels, labels, (given, zone, owner) => {
      const point = given.kind === 'all' ? zone : [...given.list, ...zone]
      const endsSo = owner.length >= point.length && point.every((one, i) => one === owner.at(i - point.length))
      const expected = { all: true, exact: owner.length === point.length, below: owner.length > point.length }
      assert.equal(matches(made(given), wire(zone), wire(owner)), endsSo && expected[given.kind])
    }),
    { numRuns: 2_000 },
  )
})

test('the text of a pattern is read as the pattern it was', () => {
  fc.assert(fc.property(pattern, (given) => assert.deepEqual(parsePattern(formatPattern(made(given))), made(given))))
})

test('no grant is about a name outside its zones, and more grants never allow less', () => {
  const name = labels.map((list) => formatName(wire([...list, 'org'])))
  const some = fc.record({
    principal: fc.constantFrom(TOKEN, ROLE, ACCOUNT),
    zones: fc.array(name, { maxLength: 2 }),
    names: fc.array(
      pattern.map((given) => formatPattern(made(given))),
      { maxLength: 2 },
    ),
    types: fc.subarray(['A', 'AAAA', '*']),
    actions: fc.subarray(['write', 'mirror'] as const),
  })
  const asked = fc.record({ zone: name, name, type: fc.constantFrom('A', 'AAAA', 'TXT') })
  fc.assert(
    fc.property(fc.array(some), some, fc.constantFrom(TOKEN, ROLE), asked, (many, more, caller, target) => {
      const grants = many.map((one) => grant(one))
      const before = mayWrite(grants, caller, target, NOW)
      assert.ok(!before || mayWrite([...grants, grant(more)], caller, target, NOW))
      if (!before) return
      assert.ok(parseName(target.name).endsWith(parseName(target.zone)))
      assert.ok(grants.some(({ zones, actions }) => zones.includes(target.zone) && actions.includes('write')))
    }),
  )
})
