/** RFC 8906: every request gets the answer it deserves, however odd; RFC 9619: one question; RFC 1035: when silence is right. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decodeMessage } from '../../../shared/dns/decode-message.ts'
import { answering, fromTransport, scenario, show } from '../scenario.ts'

const zone = `
$TTL 300
@      SOA ns hostmaster 1 3600 600 86400 60
@      NS  ns
ns     A   192.0.2.1
www    A   192.0.2.10
t65400 TYPE65400 \\# 3 010203
`
const SOA = ['example.org. 60 SOA ns.example.org. hostmaster.example.org. 1 3600 600 86400 60']
const answer = answering({ 'example.org.': zone })

scenario('RFC 8906 3.1: unknown types, classes and opcodes', { 'example.org.': zone }, [
  { ask: 'www.example.org. TYPE666', says: 'NOERROR aa', authority: SOA },
  { ask: 'www.example.org. A class=7', says: 'REFUSED' },
  { ask: 'www.example.org. A class=3', says: 'REFUSED' },
  { ask: 'www.example.org. A class=255', says: 'REFUSED' },
  { ask: 'www.example.org. A opcode=15', says: 'NOTIMP' },
  { ask: 'example.org. AXFR', says: 'REFUSED' },
  { ask: 'example.org. AXFR +tcp', says: 'REFUSED' },
  { ask: 'example.org. IXFR', says: 'REFUSED' },
])

scenario('RFC 3597 3: data of a type unknown here', { 'example.org.': zone }, [
  {
    ask: 't65400.example.org. TYPE65400',
    says: 'NOERROR aa',
    answer: ['t65400.example.org. 300 TYPE65400 \\# 3 010203'],
  },
])

scenario('RFC 1035 4.1.1: of the flags only RD comes back', { 'example.org.': zone }, [
  { ask: 'www.example.org. A +rd +cd', says: 'NOERROR aa rd', answer: ['www.example.org. 300 A 192.0.2.10'] },
])

const QUESTION = '03777777076578616d706c65036f72670000010001'

describe('RFC 8906, RFC 9619: requests by hand', () => {
  for (const [title, request, expected] of [
    ['a header alone', '126700000000000000000000', 'FORMERR'],
    ['a header alone, opcode 15', '126778000000000000000000', 'NOTIMP'],
    ['two questions', `126700000002000000000000${QUESTION}${QUESTION}`, 'FORMERR'],
    ['a question that ends early', '126700000001000000000000037777', 'FORMERR'],
    ['a question whose name is a pointer to itself', '126700000001000000000000c00c00010001', 'FORMERR'],
    ['octets behind the question', `126700000001000000000000${QUESTION}00`, 'FORMERR'],
    ['a record that is not there', `126700000001000000000001${QUESTION}`, 'FORMERR'],
  ] as const) {
    test(`${title}: ${expected}`, () => {
      const reply = answer(Buffer.from(request, 'hex'), fromTransport('udp'))
      assert.ok(reply !== undefined)
      const message = decodeMessage(reply)
      assert.deepEqual(show(message), { says: expected, answer: [], authority: [], additional: [], options: [] })
      assert.equal(message.id, 0x1267)
      assert.ok(message.qr)
    })
  }

  test('the Z bit and AD are not echoed', () => {
    const reply = answer(Buffer.from(`126700700001000000000000${QUESTION}`, 'hex'), fromTransport('udp'))
    assert.deepEqual([reply?.[2], reply?.[3]], [0x84, 0x00])
  })
})

describe('RFC 1035 4.1.1: no answer', () => {
  for (const [title, packet] of [
    ['to a response', `126780000001000000000000${QUESTION}`],
    ['to less than a header', '1267000000010000000000'],
    ['to nothing', ''],
  ] as const) {
    test(title, () => assert.equal(answer(Buffer.from(packet, 'hex'), fromTransport('udp')), undefined))
  }
})

test('RFC 4343 4.1: the question comes back byte for byte, in the letter case it was asked', () => {
  const question = Buffer.from('\x03WwW\x07eXaMpLe\x03OrG\0\0\x01\0\x01', 'latin1')
  const reply = answer(Buffer.concat([Buffer.from('126700000001000000000000', 'hex'), question]), fromTransport('udp'))
  assert.ok(reply !== undefined)
  assert.deepEqual(Buffer.from(reply.subarray(12, 12 + question.length)), question)
  assert.deepEqual(show(decodeMessage(reply)).answer, ['www.example.org. 300 A 192.0.2.10'])
})
