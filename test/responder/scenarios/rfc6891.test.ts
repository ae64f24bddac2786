/** RFC 6891: EDNS(0), and RFC 3225: the DO bit. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decodeMessage } from '../../../shared/dns/decode-message.ts'
import { encodeQuery } from '../../../shared/dns/encode-query.ts'
import { parseName } from '../../../shared/dns/name.ts'
import { answering, ask, fromTransport, scenario } from '../scenario.ts'

const zone = '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\nns 300 A 192.0.2.1\nwww 300 A 192.0.2.10'
const answer = answering({ 'example.org.': zone })
const EDNS = { version: 0, dnssecOk: false }
const WWW = ['www.example.org. 300 A 192.0.2.10']

scenario('RFC 6891: what is answered', { 'example.org.': zone }, [
  { ask: 'www.example.org. A', says: 'NOERROR aa', answer: WWW },
  { ask: 'www.example.org. A +edns', says: 'NOERROR aa', answer: WWW },
  { ask: 'www.example.org. A +edns=1', says: 'BADVERS' },
  { ask: 'www.example.org. A +edns +ednsopt=100', says: 'NOERROR aa', answer: WWW },
  { ask: 'www.example.org. A +dnssec', says: 'NOERROR aa', answer: WWW },
  { ask: 'www.example.org. A +bufsize=1', says: 'NOERROR aa', answer: WWW },
  { ask: 'www.example.org. A +edns opcode=15', says: 'NOTIMP' },
  { ask: 'www.example.net. A +edns', says: 'REFUSED', options: ['15:0014'] },
])

describe('RFC 6891: the OPT record of the answer', () => {
  for (const [question, dnssecOk] of [
    ['www.example.org. A +edns', false],
    ['www.example.org. A +edns=1', false],
    ['www.example.org. A +edns +ednsopt=100', false],
    ['www.example.org. A +dnssec', true],
    ['nx.example.org. A +dnssec', true],
  ] as const) {
    test(question, () => {
      assert.deepEqual(ask(answer, question).edns, { version: 0, udpSize: 1232, dnssecOk, options: [] })
    })
  }
})

test('RFC 6891 6.1.4: unknown flags are not answered', () => {
  const query = Buffer.from(
    '126700000001000000000001' + '03777777076578616d706c65036f726700' + '00010001' + '00002904d0000000400000',
    'hex',
  )
  const reply = Buffer.from(answer(query, fromTransport('udp')) ?? [])
  assert.equal(reply.subarray(-11).toString('hex'), '00002904d0000000000000')
})

test('RFC 6891 6.2.5: no more octets than the client takes, though options are left out for it', () => {
  const long = `${[1, 2, 3, 4].map((i) => String(i).repeat(58)).join('.')}.example.org.`
  const named = answering({ 'example.org.': zone }, { nsid: { id: 'n'.repeat(255) } })
  const codes = (name: string, udpSize: number) => {
    const options = [
      { code: 3, body: new Uint8Array(0) },
      { code: 10, body: new Uint8Array(8) },
    ]
    const packet = encodeQuery({ id: 1, name: parseName(name), type: 1, edns: { ...EDNS, udpSize, options } })
    const reply = named(packet, fromTransport('udp')) ?? assert.fail()
    assert.ok(reply.length <= udpSize, String(reply.length))
    const { tc, edns } = decodeMessage(reply)
    return [tc, ...(edns?.options ?? []).map(({ code }) => code)]
  }
  assert.deepEqual(codes('www.example.org.', 512), [false, 10, 3])
  assert.deepEqual(codes(long, 1232), [false, 10, 3])
  assert.deepEqual(codes(long, 512), [false, 10])
})

for (const [title, records] of [
  ['two OPT records', '00002904d000000000000000002904d0000000000000'],
  ['an OPT record that is not at the root', '016100002904d0000000000000'],
  ['an option that ends early', '00002904d000000000000400030005'],
] as const) {
  test(`RFC 6891 6.1.1: FORMERR for ${title}`, () => {
    const count = title.startsWith('two') ? '0002' : '0001'
    const query = Buffer.from(`12670000000100000000${count}03777777076578616d706c65036f72670000010001${records}`, 'hex')
    const reply = Buffer.from(answer(query, fromTransport('udp')) ?? [])
    assert.equal((reply[3] ?? 0) & 15, 1)
  })
}
