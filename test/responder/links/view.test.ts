import assert from 'node:assert/strict'
import { describe, mock, test } from 'node:test'
import { rewrite } from '../../../responder/links/rewrite.ts'
import { Counters, createCounterMemory, sumCounters } from '../../../responder/metrics/counters.ts'
import { formatMetrics } from '../../../responder/metrics/prometheus.ts'
import { answering, ask, linksOf, show } from '../scenario.ts'

const zone = '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\nns 300 A 192.0.2.1\nin 300 TXT "in"\nout 300 TXT "out"'
const to = (name: string) => [{ match: 'exact', from: 'x.example.org', to: name }]
const settings = {
  rewrite: to('out.example.org'),
  view: [
    { name: 'host', from: ['192.0.2.53'], links: { rewrite: to('in.example.org') } },
    { name: 'net', from: ['192.0.2.0/24', '2001:db8::/32'], links: { rewrite: false } },
    { name: 'same', from: ['198.51.100.0/24'], links: {} },
  ],
}

test('a client has the first view that holds it, and what is said outside where the view says nothing', () => {
  const memory = createCounterMemory(1)
  const answer = answering({ 'example.org.': zone }, linksOf(settings), { counters: new Counters(memory, 0) })
  for (const [from, expected] of [
    ['192.0.2.53', '"in"'],
    ['::ffff:192.0.2.53', '"in"'],
    ['192.0.2.54', 'NXDOMAIN'],
    ['2001:db8::1', 'NXDOMAIN'],
    ['198.51.100.1', '"out"'],
    ['203.0.113.1', '"out"'],
    ['2001:db9::1', '"out"'],
  ]) {
    const { says, answer: records } = show(ask(answer, `x.example.org. TXT from=${from}`))
    assert.match(records[0] ?? says, new RegExp(`${expected}`), from)
  }
  const text = formatMetrics(sumCounters(memory), [], ['host', 'net', 'same'])
  const counts = [...text.matchAll(/^namestream_view_requests_total\{(.*)\} (\d+)$/gm)].map(([, view, n]) => [view, n])
  assert.deepEqual(counts, [
    ['view=""', '2'],
    ['view="host"', '2'],
    ['view="net"', '2'],
    ['view="same"', '1'],
  ])
})

test('a view may leave out what could be asked for', () => {
  const view = [{ name: 'host', from: ['192.0.2.53'], links: { minimal: true } }]
  const answer = answering({ 'example.org.': `${zone}\n@ 300 MX 10 ns` }, linksOf({ view }))
  assert.deepEqual(show(ask(answer, 'example.org. MX from=192.0.2.53')).additional, [])
  assert.deepEqual(show(ask(answer, 'example.org. MX from=203.0.113.1')).additional, [
    'ns.example.org. 300 A 192.0.2.1',
  ])
})

test('without views none is told of', () => {
  assert.doesNotMatch(formatMetrics(sumCounters(createCounterMemory(1)), []), /view=/)
})

test('what was counted for other views is never told of those that are there now', () => {
  const memory = createCounterMemory(2)
  const named = (...names: string[]) =>
    linksOf({ view: names.map((name, i) => ({ name, from: [`192.0.2.${i}`], links: {} })) })
  const worker = (row: number, ...names: string[]) =>
    answering({ 'example.org.': zone }, named(...names), { counters: new Counters(memory, row) })
  const told = (...views: string[]) => {
    const text = formatMetrics(sumCounters(memory, views), [], views)
    return [...text.matchAll(/^namestream_view_requests_total\{view="(\w+)"\} (\d+)$/gm)].map(
      ([, name, n]) => `${name} ${n}`,
    )
  }
  const question = 'ns.example.org. A from=192.0.2.0'
  for (const row of [0, 1]) ask(worker(row, 'a', 'b'), question)
  assert.deepEqual(told('a', 'b'), ['a 2', 'b 0'])
  assert.deepEqual(told('b', 'a'), ['b 0', 'a 0'], 'before a worker knows of the change')
  ask(worker(0, 'b', 'a'), question)
  assert.deepEqual(told('b', 'a'), ['b 1', 'a 0'], 'while one of them does not')
  ask(worker(1, 'b', 'a'), question) // in place of one that died before it knew
  assert.deepEqual(told('b', 'a'), ['b 2', 'a 0'])
  ask(worker(1, 'b', 'a'), question) // one with the same views goes on where the one before it ended
  assert.deepEqual(told('b', 'a'), ['b 3', 'a 0'])
})

test('chains are built once, not for each request', () => {
  const create = mock.method(rewrite, 'create')
  const answer = answering({ 'example.org.': zone }, linksOf(settings))
  for (let i = 0; i < 10; i++) ask(answer, 'x.example.org. TXT')
  assert.equal(create.mock.callCount(), 3) // outside, host, same
  create.mock.restore()
})

describe('is refused', () => {
  for (const [view, complaint] of [
    [[], /^file: links\.view: the list is empty$/],
    [[{ name: 'a', links: { acl: [{ action: 'block' }] } }], /^file: links\.view\.0\.links: "acl" is not known here$/],
    [[{ name: 'a', links: { view: [] } }], /^file: links\.view\.0\.links: "view" is not known here$/],
    [[{ name: 'a', links: { loadbalance: { policy: 'x' } } }], /^file: links\.view\.0\.links\.loadbalance\.policy: /],
    [[{ name: 'a b', links: {} }], /^file: links\.view\.0\.name: a name has letters/],
    [[{ name: 'a', from: ['x'], links: {} }], /^file: links\.view\.0\.from\.0: "x" is not an address block/],
    [
      [
        { name: 'a', from: ['::/0'], links: {} },
        { name: 'a', links: {} },
      ],
      /^file: links\.view: two views have the same name$/,
    ],
    [
      [
        { name: 'a', links: {} },
        { name: 'b', from: ['::/0'], links: {} },
      ],
      /^file: links\.view: only the last view/,
    ],
    [Array.from({ length: 33 }, (_, i) => ({ name: `v${i}`, from: ['::1'], links: {} })), /at most 32 views/],
  ] as const) {
    test(JSON.stringify(view).slice(0, 60), () => assert.throws(() => linksOf({ view }), { message: complaint }))
  }
})
