/** A short run of `npm run fuzz`, and that its judge sees what is wrong. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Transport } from '../../responder/metrics/families.ts'
import { octets } from '../dns/octets.ts'
import { answering, fromTransport } from '../responder/scenario.ts'
import { readCorpus } from './packets/corpus.ts'
import { faultOf } from './packets/oracle.ts'
import { runPackets } from './packets/run.ts'
import { zones } from './packets/zones.ts'

const answer = answering(zones)

for (const [title, seed] of [
  ['the same in every run', 1],
  ['others in every run', Math.floor(Math.random() * 2 ** 31)],
] as const) {
  test(`25,000 damaged packets, ${title}: nothing is wrong with the replies`, (t) => {
    t.diagnostic(`seed ${seed}`)
    const { replies, meanMicros, slowestMicros, heapGrowth, rssGrowth } = runPackets({ seed, packets: 25_000 })
    for (const rcode of ['0', '1', '3', '4', '5', 'silence']) assert.ok((replies.get(rcode) ?? 0) > 100, rcode)
    assert.ok(meanMicros < 300, `${meanMicros} µs of CPU a packet`)
    assert.ok(slowestMicros < 3000, `${slowestMicros} µs of CPU a packet in the slowest thousand`)
    assert.ok(heapGrowth < 8e6, `${heapGrowth} octets are kept`)
    assert.ok(rssGrowth < 150e6, `${rssGrowth} octets more are resident`)
  })
}

test('there is nothing wrong with the replies to the whole messages', () => {
  for (const request of readCorpus()) {
    const reply = answer(request, fromTransport('tcp'))
    const exchange = { request: Buffer.from(request), reply: reply && Buffer.from(reply), mayBeSilent: false }
    assert.equal(faultOf({ ...exchange, transport: 'tcp' }), undefined, exchange.request.toString('hex'))
  }
})

describe('what is wrong with a reply is seen', () => {
  const question = "03'www' 07'example' 03'org' 00 0001 0001"
  const request = Buffer.from(octets(`1267 0000 0001 0000 0000 0000 ${question}`))
  const withOpt = Buffer.from(octets(`1267 0000 0001 0000 0000 0001 ${question} 00 0029 04d0 0000 0000 0000`))
  const good = Buffer.from(answer(request, fromTransport('udp')) ?? [])
  const goodWithOpt = Buffer.from(answer(withOpt, fromTransport('udp')) ?? [])
  const changed = (at: number, octet: number, from = good) => {
    const copy = Buffer.from(from)
    copy[at] = octet
    return copy
  }
  const cases: [
    title: string,
    request: Buffer,
    reply: Buffer | undefined,
    transport: Transport,
    fault: RegExp | undefined,
  ][] = [
    ['nothing', request, good, 'udp', undefined],
    ['nothing, with EDNS', withOpt, goodWithOpt, 'udp', undefined],
    ['silence', request, undefined, 'udp', /^silence/],
    ['no silence', good, good, 'udp', /to be silence/],
    ['cut off', request, good.subarray(0, -1), 'udp', /cannot be read/],
    ['an octet too many', request, Buffer.concat([good, Buffer.of(0)]), 'udp', /cannot be read/],
    ['the id', request, changed(1, 0), 'udp', /another id/],
    ['QR', request, changed(2, 0x04), 'udp', /no response/],
    ['the opcode', request, changed(2, 0xa4), 'udp', /another opcode/],
    ['RD', request, changed(2, 0x85), 'udp', /RD/],
    ['RA', request, changed(3, 0x80), 'udp', /RA, Z or AD/],
    ['TC over TCP', request, changed(2, 0x86), 'tcp', /TC/],
    ['the question', request, changed(13, 0x57), 'udp', /was not asked/],
    ['OPT unasked', request, goodWithOpt, 'udp', /OPT record unasked/],
    ['no OPT', withOpt, good, 'udp', /no OPT/],
    ['DO', withOpt, changed(goodWithOpt.length - 4, 0x80, goodWithOpt), 'udp', /DO/],
    ['an rcode', request, changed(3, 12), 'udp', /not known/],
    ['SERVFAIL', request, changed(3, 2), 'udp', /SERVFAIL/],
    ['FORMERR', request, changed(3, 1), 'udp', /FORMERR/],
    ['AA', request, changed(3, 5), 'udp', /AA of what is refused/],
    ['answers', request, changed(2, 0x80, changed(3, 5)), 'udp', /with a refusal/],
    ['a record twice', request, twice(good), 'udp', /twice/],
    ['size', request, Buffer.from(answer(withType(request, 'huge', 16), fromTransport('tcp')) ?? []), 'udp', /larger/],
  ]
  for (const [title, asked, reply, transport, fault] of cases) {
    test(title, () => {
      const found = faultOf({ request: asked, reply, transport, mayBeSilent: false })
      if (fault === undefined) assert.equal(found, undefined)
      else assert.match(found ?? 'nothing', fault)
    })
  }
})

// ---------------------------------------------------------------------------

/** The reply with its last record once more. */
function twice(reply: Buffer): Buffer {
  const copy = Buffer.concat([reply, reply.subarray(-16)])
  copy.writeUInt16BE(reply.readUInt16BE(6) + 1, 6)
  return copy
}

/** The request with another first label and another type. */
function withType(request: Buffer, first: string, type: number): Buffer {
  const rest = request.subarray(16)
  const copy = Buffer.concat([request.subarray(0, 12), Buffer.of(first.length), Buffer.from(first), rest])
  copy.writeUInt16BE(type, copy.length - 4)
  return copy
}
