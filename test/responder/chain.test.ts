import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createAnswer } from '../../responder/answer.ts'
import { Counters, createCounterMemory, sumCounters } from '../../responder/metrics/counters.ts'
import * as family from '../../responder/metrics/families.ts'
import { TRANSPORTS } from '../../responder/metrics/families.ts'
import { Rcode, Type } from '../../shared/dns/codes.ts'
import { decodeMessage } from '../../shared/dns/decode-message.ts'
import { encodeQuery } from '../../shared/dns/encode-query.ts'
import { parseName } from '../../shared/dns/name.ts'
import { answering, ask, fromTransport, zoneUpdates } from './scenario.ts'
import { namesUpdate, Served } from './served.ts'

const zone = '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\nns 300 A 192.0.2.1\n*.w 300 TXT "wild"\ndn 300 DNAME w'
const apex = parseName('example.org.')

test('data that cannot be put into a message is SERVFAIL for its name and for no other', () => {
  const memory = createCounterMemory(1)
  const reported: unknown[] = []
  const broken = [{ type: Type.MX, ttl: 300, rdata: [Uint8Array.of(0)] }]
  const updates = [
    ...zoneUpdates('example.org.', zone),
    namesUpdate(apex, [[parseName('broken.example.org.'), broken]]),
  ]
  const { zones } = new Served(...updates)
  const answer = createAnswer({ zones, counters: new Counters(memory, 0), report: (error) => reported.push(error) })

  assert.equal(ask(answer, 'broken.example.org. MX').rcode, Rcode.SERVFAIL)
  assert.equal(ask(answer, 'broken.example.org. A').rcode, Rcode.NOERROR)
  assert.equal(ask(answer, 'ns.example.org. A').rcode, Rcode.NOERROR)
  assert.equal(reported.length, 1)
  assert.equal(sumCounters(memory)[family.panics.at], 1)
})

test('requests, responses and what gets no answer are counted', () => {
  const memory = createCounterMemory(2)
  const { zones } = new Served(...zoneUpdates('example.org.', zone))
  const report = (error: unknown) => assert.fail(String(error))
  const answers = [0, 1].map((row) => createAnswer({ zones, counters: new Counters(memory, row), report }))
  for (const answer of answers) {
    ask(answer, 'ns.example.org. A +dnssec')
    ask(answer, 'nx.example.org. TYPE666 +tcp')
    answer(Uint8Array.of(1, 2, 3), fromTransport('udp'))
  }
  const sum = sumCounters(memory)
  assert.equal(sum[family.requests.at + family.requestSeries('udp', Type.A)], 2)
  assert.equal(sum[family.requests.at + family.requestSeries('tcp', 666)], 2)
  assert.equal(sum[family.dnssecRequests.at], 2)
  assert.equal(sum[family.responses.at + Rcode.NOERROR], 2)
  assert.equal(sum[family.responses.at + Rcode.NXDOMAIN], 2)
  assert.equal(sum[family.dropped.at], 2)
})

test('no packet makes it throw, and what it answers can be read', () => {
  const answer = answering({ 'example.org.': zone })
  const transport = fc.constantFrom(...TRANSPORTS)
  const question = encodeQuery({ id: 1, name: parseName('a.dn.example.org.'), type: Type.TXT })
  const bent = fc
    .tuple(fc.nat(question.length - 1), fc.nat(255), fc.uint8Array({ maxLength: 20 }))
    .map(([at, octet, more]) => {
      const packet = Uint8Array.of(...question, ...more)
      packet[at] = octet
      return packet
    })
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 600 }), bent), transport, (packet, over) => {
      const reply = answer(packet, fromTransport(over))
      if (reply === undefined) return
      const message = decodeMessage(reply)
      assert.equal(message.id, ((packet[0] as number) << 8) | (packet[1] as number))
      assert.ok(message.qr)
      assert.ok(over !== 'udp' || reply.length <= 1232)
    }),
    { numRuns: 2000 },
  )
})
