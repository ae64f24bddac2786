import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { compilePattern } from '../../../responder/rewrite/pattern.ts'

describe('matches', () => {
  for (const [pattern, text, expected] of [
    [
      '(.*)-(us-west-1)\\.example\\.org\\.',
      'ftp-us-west-1.example.org.',
      ['ftp-us-west-1.example.org.', 'ftp', 'us-west-1'],
    ],
    ['^(.*)\\.(.*)\\.$', 'a.b.c.', ['a.b.c.', 'a.b', 'c']],
    ['^(.*?)\\.(.*)\\.$', 'a.b.c.', ['a.b.c.', 'a', 'b.c']],
    ['b', 'abc', ['b']],
    ['^b', 'abc', undefined],
    ['c$', 'abc', ['c']],
    ['b$', 'abc', undefined],
    ['a|ab', 'ab', ['a']],
    ['(?:a|ab)$', 'ab', ['ab']],
    ['(a)|(b)', 'b', ['b', '', 'b']],
    ['x{2,3}', 'xxxx', ['xxx']],
    ['x{2,3}?', 'xxxx', ['xx']],
    ['^x{2}$', 'xxx', undefined],
    ['^x{2,}$', 'xxx', ['xxx']],
    ['[a-c]+', 'xxabcx', ['abc']],
    ['[^a-c]+', 'abxyc', ['xy']],
    ['[]x-]+', 'a]-x', [']-x']],
    ['[\\d.]+', 'n1.2', ['1.2']],
    ['\\w+\\W', 'a_1-', ['a_1-']],
    ['[A-C]+X', 'abcx', ['abcx']],
    ['a\\\\\\.b', 'a\\.b', ['a\\.b']],
    ['', 'abc', ['']],
    ['(a*)*$', 'aab', ['', '']],
    ['((a|b)+)c', 'abac', ['abac', 'aba', 'a']],
  ] as const) {
    test(`${pattern} in ${text}`, () => assert.deepEqual(compilePattern(pattern).match(text), expected))
  }
})

for (const nothing of ['(?:)', 'x{0}', '(?:(?:){5}|){0}']) {
  test(`${nothing} is nothing however often it is repeated, and soon so`, () => {
    const start = performance.now()
    let pattern = `(?:${nothing})`
    for (let i = 0; i < 10; i++) pattern = `(?:${pattern}{255})`
    assert.deepEqual(compilePattern(`a${pattern}{255}b`).match('ab'), ['ab'])
    assert.ok(performance.now() - start < 1000)
  })
}

describe('is refused', () => {
  for (const [pattern, complaint] of [
    ['(a', /a group is not closed/],
    ['a)', /a \) closes no group/],
    ['[a', /a \[ is not closed/],
    ['[z-a]', /does not rise/],
    ['*a', /nothing before \*/],
    ['a**', /a repetition is repeated/],
    ['^*', /cannot be repeated/],
    ['(a)\\1', /\\1 is not known/],
    ['\\ba', /\\b is not known/],
    ['a(?=b)', /\(\?: only/],
    ['(?<!a)b', /\(\?: only/],
    ['a{3,2}', /no repetition/],
    ['a{256}', /no repetition/],
    ['a{x}', /does not begin a repetition/],
    ['é', /is in no name/],
    ['a\\', /is not known/],
    ['(?:[a-z]{1,63}\\.){1,10}', /too large/],
    ['(?:'.repeat(51), /nested too deeply/],
    ['(.*)'.repeat(21), /there are at most 20 groups that capture/],
    [`${'(?:'.repeat(20)}a${'){2}'.repeat(20)}`, /too large/],
  ] as const) {
    test(pattern.slice(0, 30), () => assert.throws(() => compilePattern(pattern), complaint))
  }
})

/** A pattern; those that match the empty text are not repeated here, as RegExp alone demands that each time takes something. */
interface Made {
  readonly text: string
  readonly empty: boolean
}

test('what matches is what RegExp finds', () => {
  const one = fc
    .constantFrom('a', 'b', '.', '\\.', '[ab]', '[^a]', '\\d', '^', '$')
    .map((text): Made => ({ text, empty: text === '^' || text === '$' }))
  const { pattern } = fc.letrec<{ pattern: Made; atom: Made; repeated: Made; sequence: Made }>((tie) => ({
    atom: fc.oneof(
      { maxDepth: 1 },
      { weight: 4, arbitrary: one },
      tie('pattern').map(({ text, empty }) => ({ text: `(?:${text})`, empty })),
    ),
    repeated: fc
      .tuple(tie('atom'), fc.constantFrom('', '', '', '*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}', '{0,2}?'))
      .map(([{ text, empty }, times]) =>
        empty ? { text, empty } : { text: text + times, empty: /^(\*|\?|\{0)/.test(times) },
      ),
    sequence: fc
      .array(tie('repeated'), { maxLength: 3 })
      .map((parts) => ({ text: parts.map(({ text }) => text).join(''), empty: parts.every(({ empty }) => empty) })),
    pattern: fc
      .array(tie('sequence'), { minLength: 1, maxLength: 3 })
      .map((parts) => ({ text: parts.map(({ text }) => text).join('|'), empty: parts.some(({ empty }) => empty) })),
  }))
  const captured = fc
    .array(pattern, { minLength: 1, maxLength: 2 })
    .map((parts) => parts.map(({ text }) => `(${text})`).join(''))
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '.', '1'), maxLength: 12 })
  fc.assert(
    fc.property(captured, text, (source, subject) => {
      fc.pre(source.length < 100) // a longer one may be too large
      const expected = new RegExp(source).exec(subject)?.map((group) => group ?? '')
      assert.deepEqual(compilePattern(source).match(subject), expected && [...expected])
    }),
    { numRuns: 5000 },
  )
})

test('no text and no pattern makes it try again: steps grow with the text alone', () => {
  // Each of these takes RegExp longer than the universe has been there, or hours at the least.
  for (const pattern of [
    '^(a+)+$',
    '^(a|a)*$',
    '^(a|aa)+$',
    '(.*)*x',
    '^(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)x$',
    '(a?){60}a{60}',
  ]) {
    const [found] = compilePattern(pattern).match(`${'a'.repeat(1000)}!`) ?? []
    assert.equal(found?.length, pattern.startsWith('(a?)') ? 120 : undefined)
  }
})
