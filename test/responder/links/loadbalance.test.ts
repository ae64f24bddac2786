import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { pick } from '../../../responder/links/loadbalance.ts'
import { randomNumbers } from '../../random.ts'
import { answering, ask, linksOf, show } from '../scenario.ts'

const zone = `$TTL 300
@ SOA ns h 1 3600 600 86400 60
@ NS ns
ns A 192.0.2.1
two A 192.0.2.11
two A 192.0.2.12
five A 192.0.2.11
five A 192.0.2.12
five A 192.0.2.13
five A 192.0.2.14
five A 192.0.2.15
five AAAA 2001:db8::1
five AAAA 2001:db8::2
alias CNAME five
m MX 10 five
m MX 20 two
m MX 30 ns
_s._tcp SRV 10 1 443 five
_s._tcp SRV 10 9 443 two
t TXT "1"
t TXT "2"
`
const zones = { 'example.org.': zone }
const five = [11, 12, 13, 14, 15].map((last) => `five.example.org. 300 A 192.0.2.${last}`)

describe('round robin', () => {
  test('each address is first as often as the others, and the order around stays', () => {
    const answer = answering(zones, linksOf({}), { random: chance(1) })
    const firsts = new Map<string, number>()
    for (let i = 0; i < 5000; i++) {
      const { answer: records } = show(ask(answer, 'five.example.org. A'))
      const [first = ''] = records
      firsts.set(first, (firsts.get(first) ?? 0) + 1)
      const start = five.indexOf(first)
      assert.deepEqual(records, [...five.slice(start), ...five.slice(0, start)])
    }
    assertShares(
      five.map((record) => firsts.get(record) ?? 0),
      [1, 1, 1, 1, 1],
    )
  })

  test('a client that asks for A and AAAA in turn does not always get the same', () => {
    const answer = answering(zones, linksOf({}), { random: chance(2) })
    const firsts = new Set<string | undefined>()
    for (let i = 0; i < 20; i++) {
      firsts.add(show(ask(answer, 'two.example.org. A')).answer[0])
      ask(answer, 'five.example.org. AAAA')
    }
    assert.equal(firsts.size, 2)
  })

  test('CNAME comes before the addresses, those of the additional section are turned, too', () => {
    const answer = answering(zones, linksOf({}), { random: () => 0.99 })
    assert.deepEqual(show(ask(answer, 'alias.example.org. A')).answer, [
      'alias.example.org. 300 CNAME five.example.org.',
      ...[five[4], ...five.slice(0, 4)],
    ])
    const { additional } = show(ask(answer, '_s._tcp.example.org. SRV'))
    assert.deepEqual(additional.slice(0, 2), [five[4], five[0]])
  })

  for (const type of ['MX', 'SRV', 'TXT'] as const) {
    const name = { MX: 'm', SRV: '_s._tcp', TXT: 't' }[type]
    test(`${type} stays as it is`, () => {
      const as = (links: object) =>
        show(ask(answering(zones, linksOf(links), { random: () => 0.99 }), `${name}.example.org. ${type}`)).answer
      assert.deepEqual(as({}), as({ loadbalance: false }))
      assert.ok(as({}).length > 1)
    })
  }

  test('false leaves the order of the zone', () => {
    const answer = answering(zones, linksOf({ loadbalance: false }), { random: () => 0.99 })
    assert.deepEqual(show(ask(answer, 'five.example.org. A')).answer, five)
  })
})

describe('weighted', () => {
  const weights = { 'FIVE.example.org': { '192.0.2.11': 3, '192.0.2.12': 0, '192.0.2.14': 6, '2001:DB8:0::2': 0 } }
  const links = linksOf({ loadbalance: { policy: 'weighted', weights } })

  test('addresses are first in proportion to their weights, the others behind in their order', () => {
    const answer = answering(zones, links, { random: chance(3) })
    const firsts = new Map<string, number>()
    for (let i = 0; i < 11_000; i++) {
      const { answer: records } = show(ask(answer, 'alias.example.org. A'))
      const [, first = '', ...others] = records
      firsts.set(first, (firsts.get(first) ?? 0) + 1)
      assert.deepEqual(
        others,
        five.filter((record) => record !== first),
      )
    }
    assert.equal(firsts.get(five[1] as string), undefined, 'weight 0')
    assertShares(
      [0, 2, 3, 4].map((i) => firsts.get(five[i] as string) ?? 0),
      [3, 1, 6, 1],
    )
  })

  test('types have weights of their own, and names without are turned', () => {
    const answer = answering(zones, links, { random: () => 0.99 })
    const first = (question: string) => show(ask(answer, question)).answer[0]?.split(' ').at(-1)
    assert.equal(first('five.example.org. AAAA'), '2001:db8::1')
    assert.equal(first('two.example.org. A'), '192.0.2.12')
  })
})

describe('the pick', () => {
  for (const weights of [[1], [5, 1], [0, 0, 7], [1, 2, 3, 4], [255, 1, 0, 100]]) {
    test(`by weights ${weights}`, () => {
      const random = chance(4)
      const counts = weights.map(() => 0)
      for (let i = 0; i < 20_000; i++) {
        const picked = pick(weights, random)
        counts[picked] = (counts[picked] as number) + 1
      }
      assertShares(counts, weights)
    })
  }

  test('is any where all weights are 0', () => {
    const random = chance(5)
    assert.deepEqual(new Set(Array.from({ length: 100 }, () => pick([0, 0, 0], random))), new Set([0, 1, 2]))
  })

  test('is there at the ends of chance', () => {
    assert.equal(
      pick([0, 3, 0], () => 0),
      1,
    )
    assert.equal(
      pick([0, 3, 0], () => 1 - 2 ** -53),
      1,
    )
    assert.equal(
      pick([0, 0], () => 1 - 2 ** -53),
      1,
    )
  })
})

describe('is refused', () => {
  const weighted = (weights: unknown) => ({ policy: 'weighted', weights })
  for (const [settings, complaint] of [
    [{ policy: 'random' }, /^file: links\.loadbalance\.policy: /],
    [{ policy: 'weighted' }, /^file: links\.loadbalance: "weights" is missing$/],
    [{ policy: 'round_robin', weights: {} }, /^file: links\.loadbalance: "weights" is not known here$/],
    [weighted({ 'a..b': {} }), /^file: links\.loadbalance\.weights\.a\.\.b: the name has an empty label$/],
    [weighted({ 'a.b': {}, 'A.b.': {} }), 'file: links.loadbalance.weights: two keys mean the same'],
    [
      weighted({ a: { '2001:db8::1': 1, '2001:DB8:0::1': 2 } }),
      'file: links.loadbalance.weights.a: two keys mean the same',
    ],
    [weighted({ a: { '192.0.2': 1 } }), /^file: links\.loadbalance\.weights\.a\.192\.0\.2: .*is not an IPv4 address/],
    [weighted({ a: { '192.0.2.1': -1 } }), /^file: links\.loadbalance\.weights\.a\.192\.0\.2\.1: /],
    [weighted({ a: { '192.0.2.1': 1.5 } }), /^file: links\.loadbalance\.weights\.a\.192\.0\.2\.1: /],
  ] as const) {
    test(JSON.stringify(settings), () =>
      assert.throws(() => linksOf({ loadbalance: settings }), { message: complaint }),
    )
  }
})

// ---------------------------------------------------------------------------

function chance(seed: number): () => number {
  const next = randomNumbers(seed)
  return () => next(2 ** 32) / 2 ** 32
}

/** Pearson's chi-square test: counts this far from their shares come by chance once in 100,000 times, and here never, for the seed is fixed. */
function assertShares(counts: readonly number[], shares: readonly number[]): void {
  const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0)
  const expected = shares.map((share) => (share * sum(counts)) / sum(shares))
  const square = sum(
    counts.map((count, i) =>
      expected[i] === 0 ? count : (count - (expected[i] as number)) ** 2 / (expected[i] as number),
    ),
  )
  assert.ok(square < 28, `${counts} for ${shares}: chi-square ${square}`) // 4 degrees of freedom: 28.5
}
