/** RFC 1996: a primary acknowledges a NOTIFY for a zone of its own; RFC 2136: no updates are taken yet. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decodeMessage } from '../../../shared/dns/decode-message.ts'
import { answering, ask, fromTransport, scenario } from '../scenario.ts'

const zones = { 'example.org.': '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\nns 300 A 192.0.2.1' }
const NOTIFY = 'opcode=4'
const UPDATE = 'opcode=5'

scenario('RFC 1996 3.7: NOTIFY', zones, [
  { ask: `example.org. SOA ${NOTIFY}`, says: 'NOERROR aa' },
  { ask: `EXAMPLE.org. SOA ${NOTIFY} +tcp`, says: 'NOERROR aa' },
  { ask: `ns.example.org. SOA ${NOTIFY}`, says: 'NOTAUTH' },
  { ask: `example.net. SOA ${NOTIFY}`, says: 'NOTAUTH' },
  { ask: `org. SOA ${NOTIFY}`, says: 'NOTAUTH' },
  { ask: `example.org. SOA ${NOTIFY} class=3`, says: 'NOTAUTH' },
  { ask: `example.org. A ${NOTIFY}`, says: 'FORMERR' },
])

scenario('RFC 2136 3.1, 3.3: UPDATE', zones, [
  { ask: `example.org. SOA ${UPDATE}`, says: 'REFUSED' },
  { ask: `example.org. SOA ${UPDATE} +edns`, says: 'REFUSED', options: ['15:0015'] },
  { ask: `ns.example.org. SOA ${UPDATE}`, says: 'NOTAUTH' },
  { ask: `example.net. SOA ${UPDATE}`, says: 'NOTAUTH' },
  { ask: `example.org. A ${UPDATE}`, says: 'FORMERR' },
])

const answer = answering(zones)

test('RFC 1996 3.3, 4.7: id, opcode and question come back', () => {
  const message = ask(answer, `example.org. SOA ${NOTIFY}`)
  assert.deepEqual([message.opcode, message.questions.length], [4, 1])
})

describe('no zone in the question section', () => {
  for (const [title, packet] of [
    ['NOTIFY', '126720000000000000000000'],
    ['UPDATE', '126728000000000000000000'],
    ['UPDATE of which a record is missing', '126728000001000000010000076578616d706c65036f72670000060001'],
  ] as const) {
    test(`${title}: FORMERR`, () => {
      const reply = answer(Buffer.from(packet, 'hex'), fromTransport('udp')) ?? assert.fail()
      assert.equal(decodeMessage(reply).rcode, 1)
    })
  }
})
