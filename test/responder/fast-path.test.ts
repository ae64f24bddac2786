import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { order } from '../../responder/chain.ts'
import { FastPath } from '../../responder/fast-path/fast-path.ts'
import { ordinaryIn } from '../../responder/fast-path/ordinary.ts'
import { Tally } from '../../responder/fast-path/tally.ts'
import { createCounterMemory } from '../../responder/metrics/counters.ts'
import { TableReader } from '../../responder/table/reader.ts'
import { encodeQuery } from '../../shared/dns/encode-query.ts'
import { parseName } from '../../shared/dns/name.ts'
import { asked } from './fast-path.ts'
import { answering, ask, linksOf, show, zoneUpdates } from './scenario.ts'
import { Served } from './served.ts'

const zone = `
@ 300 SOA ns1 h.x 1 3600 600 86400 60
@ 300 NS ns1
ns1 300 A 192.0.2.1
www 300 A 192.0.2.10
www 300 A 192.0.2.11
www 300 AAAA 2001:db8::1
www 300 TXT "text"
t.deep 300 TYPE65400 \\# 3 010203
h.x 300 A 192.0.2.2
srv 300 SRV 1 2 3 www
alias 300 CNAME www
*.wild 300 A 192.0.2.3
sub 300 NS ns.sub
ns.sub 300 A 192.0.2.4
`
const edns = ['', ' +edns', ' +dnssec']

describe('is answered on the fast path', () => {
  for (const question of [
    'www.example.org. A',
    'WwW.eXample.ORG. A',
    'www.example.org. AAAA',
    'www.example.org. TXT',
    'www.example.org. MX',
    't.deep.example.org. TYPE65400',
    'deep.example.org. A',
    'example.org. A',
    'nx.example.org. A',
    'a.b.c.nx.example.org. SRV',
    'nx.deep.example.org. NS',
    'srv.example.org. A',
    'wild.example.org. A',
  ]) {
    for (const with_ of edns) test(question + with_, () => assert.ok(isAnsweredFast(question + with_)))
  }
})

describe('is left to the chain', () => {
  for (const question of [
    'example.org. SOA',
    'example.org. NS',
    'srv.example.org. SRV',
    'alias.example.org. A',
    'alias.example.org. CNAME',
    'x.wild.example.org. A',
    'sub.example.org. A',
    'x.sub.example.org. A',
    'sub.example.org. DS',
    'www.example.org. ANY',
    'example.org. AXFR',
    'www.example.org. A class=3',
    'www.example.net. A',
    'nx.ns1.example.org. A', // MNAME can be pointed at
    'nx.x.example.org. A', // RNAME
    'www.example.org. A +ednsopt=3',
    'www.example.org. A +ednsopt=10:0102030405060708',
  ]) {
    test(question, () => assert.equal(isAnsweredFast(question), false))
  }
})

describe('all questions are left to the chain where a link wants to see them', () => {
  for (const links of [
    { acl: [{ action: 'block', from: ['198.51.100.0/24'] }] },
    { log: {} },
    { rewrite: [{ match: 'exact', from: 'a.example.org.', to: 'b.example.org.' }] },
    { view: [{ name: 'all', links: {} }] },
  ]) {
    test(Object.keys(links).join(), () => assert.equal(ordinaryIn(linksOf(links)), undefined))
  }

  test('but not for what they usually do', () => assert.notEqual(ordinaryIn({}), undefined))
})

test('there is no link of which the fast path does not know', () => {
  const known = 24
  assert.equal(order.length, known, 'see to fast-path/ordinary.ts when there is another one')
})

describe('addresses are in the order in which the chain would put them', () => {
  const many = Array.from({ length: 5 }, (_, i) => `many 300 A 192.0.2.${i}\nmany 300 AAAA 2001:db8::${i}`).join('\n')
  const weights = { 'many.example.org.': { '192.0.2.3': 5, '2001:db8::2': 7 } }
  for (const [title, loadbalance] of [
    ['in turn', true],
    ['as they are', false],
    ['by weights', { policy: 'weighted', weights }],
  ] as const) {
    test(title, () => {
      const answer = answering({ 'example.org.': `${zone}${many}` }, linksOf({ loadbalance }), { random: Math.random })
      const before = asked.answered
      const firsts = new Set<string>()
      for (let i = 0; i < 200; i++) {
        for (const type of ['A', 'AAAA']) firsts.add(show(ask(answer, `many.example.org. ${type}`)).answer[0] ?? '')
      }
      assert.equal(asked.answered - before, 400)
      assert.equal(firsts.size, loadbalance === false ? 2 : 10)
    })
  }
})

test('a zone cut that comes while a batch is answered is seen, though the zone was found before', () => {
  const origin = 'example.org.'
  const header = zoneUpdates(origin, '@ 300 SOA ns1 h.x 1 3600 600 86400 60\n@ 300 NS ns1')
  const served = new Served(...header)
  const octets = new Uint8Array(4096)
  const reader = new TableReader(served.table.memory, 2)
  const tally = new Tally(createCounterMemory(1), 0)
  const path = new FastPath(octets, 1, { reader, tally }, ordinaryIn({}) ?? assert.fail())
  const packet = encodeQuery({ id: 1, name: parseName('ns.sub.example.org.'), type: 1 })
  octets.set(packet)
  path.begin()
  path.read(0, packet.length)
  path.touch()
  served.apply(header)
  served.apply(zoneUpdates(origin, zone).filter(({ kind }) => kind === 'names'))
  assert.equal(
    path.answer(0, { clientWords: () => new Uint32Array() }),
    0,
    'glue is not for an authoritative answer to tell',
  )
  path.end()
})

// ---------------------------------------------------------------------------

const answer = answering({ 'example.org.': zone })

/** What is answered there is compared with the chain's answer by `answering` itself. */
function isAnsweredFast(question: string): boolean {
  const before = asked.answered
  ask(answer, question)
  return asked.answered > before
}
