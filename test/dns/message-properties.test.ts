import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeMessage } from '../../shared/dns/decode-message.ts'
import { decodeQuery } from '../../shared/dns/decode-query.ts'
import { encodeQuery } from '../../shared/dns/encode-query.ts'
import { encodeReply } from '../../shared/dns/encode-reply.ts'
import type { Edns, Query, ResourceRecord } from '../../shared/dns/message.ts'
import { typeNumber } from '../../shared/dns/rdata.ts'
import type { RRset } from '../../shared/dns/rrset.ts'
import { rdataOf, relatedName, wireName } from './arbitraries.ts'

const PLAIN = { noNullPrototype: true }
const u16 = fc.nat(0xffff)
const name = fc.oneof({ weight: 3, arbitrary: relatedName }, wireName)

const edns: fc.Arbitrary<Edns> = fc.record(
  {
    version: fc.nat(255),
    udpSize: u16,
    dnssecOk: fc.boolean(),
    options: fc.array(fc.record({ code: u16, body: fc.uint8Array({ maxLength: 20 }) }, PLAIN), { maxLength: 3 }),
  },
  PLAIN,
)

const request = fc.record(
  {
    id: u16,
    name,
    type: u16,
    class: u16,
    opcode: fc.nat(15),
    rd: fc.boolean(),
    cd: fc.boolean(),
    edns: fc.option(edns, { nil: undefined }),
  },
  PLAIN,
)

const rrset: fc.Arbitrary<RRset> = fc.constantFrom(...Object.entries(rdataOf)).chain(([mnemonic, rdata]) =>
  fc.record({
    owner: name,
    type: fc.constant(typeNumber(mnemonic) ?? 0),
    ttl: fc.nat(2 ** 31 - 1),
    rdata: fc.array(rdata, { minLength: 1, maxLength: 4 }),
  }),
)

const reply = fc.record({
  rcode: fc.nat(15),
  aa: fc.boolean(),
  answer: fc.array(rrset, { maxLength: 4 }),
  authority: fc.array(rrset, { maxLength: 3 }),
  additional: fc.array(rrset, { maxLength: 3 }),
  edns: fc.option(edns, { nil: undefined }),
  requiredAdditional: fc.nat(3),
})

function decoded(packet: Uint8Array): Query {
  const result = decodeQuery(packet)
  assert.ok(result.kind === 'query')
  return result.query
}

function records(rrsets: readonly RRset[], rrClass: number): ResourceRecord[] {
  return rrsets.flatMap(({ owner, type, ttl, rdata }) =>
    rdata.map((octets) => ({ owner, type, class: rrClass, ttl, rdata: Uint8Array.from(octets) })),
  )
}

function plain(list: readonly ResourceRecord[]): ResourceRecord[] {
  return list.map((record) => ({ ...record, rdata: Uint8Array.from(record.rdata) }))
}

test('a request is read as it was written, by both readers', () => {
  fc.assert(
    fc.property(request, (sent) => {
      const packet = encodeQuery(sent)
      const query = decoded(packet)
      const { question, questions, ...rest } = query
      assert.deepEqual({ ...rest, name: question?.name, type: question?.type, class: question?.class }, sent)
      assert.equal(questions, 1)
      const message = decodeMessage(packet)
      assert.deepEqual(message.questions, [question])
      assert.deepEqual(message.edns, query.edns)
      assert.deepEqual([message.id, message.opcode, message.rd, message.cd], [sent.id, sent.opcode, sent.rd, sent.cd])
    }),
    { numRuns: 1000 },
  )
})

test('an answer is read as it was meant: every type, compressed or not', () => {
  fc.assert(
    fc.property(request, reply, (sent, meant) => {
      const packet = Uint8Array.from(encodeReply(decoded(encodeQuery(sent)), meant, 65535))
      const message = decodeMessage(packet)
      const { id, opcode, rd } = sent
      assert.deepEqual(
        [message.id, message.opcode, message.rd, message.rcode, message.aa, message.tc, message.qr],
        [id, opcode, rd, meant.rcode, meant.aa, false, true],
      )
      assert.deepEqual([message.ra, message.ad, message.cd], [false, false, false])
      assert.deepEqual(plain(message.answer), records(meant.answer, sent.class))
      assert.deepEqual(plain(message.authority), records(meant.authority, sent.class))
      assert.deepEqual(plain(message.additional), records(meant.additional, sent.class))
      assert.deepEqual(message.edns, meant.edns)
      assert.deepEqual(message.questions[0]?.wire, encodeQuery(sent).subarray(12, 16 + sent.name.length))
    }),
    { numRuns: 1500 },
  )
})

test('a truncated answer holds the leading RRsets that fit, whole, and says what it must', () => {
  fc.assert(
    fc.property(request, reply, fc.nat(1000), (sent, meant, more) => {
      const query = decoded(encodeQuery(sent))
      const least = encodeReply(query, { ...meant, answer: [], authority: [], additional: [] }, 65535).length
      const packet = Uint8Array.from(encodeReply(query, meant, least + more))
      assert.ok(packet.length <= least + more)
      const message = decodeMessage(packet)
      const all = [...meant.answer, ...meant.authority, ...meant.additional]
      const written = plain([...message.answer, ...message.authority, ...message.additional])
      let kept = 0
      while (records(all.slice(0, kept), sent.class).length < written.length) kept++
      assert.deepEqual(written, records(all.slice(0, kept), sent.class))

      const mandatory = meant.answer.length + meant.authority.length
      const required = mandatory + Math.min(meant.requiredAdditional, meant.additional.length)
      assert.equal(message.tc, kept < required)
      assert.deepEqual(message.edns, meant.edns)

      const whole = Uint8Array.from(encodeReply(query, meant, 65535))
      if (kept === all.length) assert.deepEqual(packet, whole)
      else assert.ok(whole.length > least + more)
    }),
    { numRuns: 1500 },
  )
})

test('padding fills a message up to a multiple of the block, or as far as it may grow, and changes nothing else', () => {
  const limit = fc.integer({ min: 512, max: 65535 })
  fc.assert(
    fc.property(request, reply, edns, fc.integer({ min: 2, max: 600 }), limit, (sent, meant, opt, block, most) => {
      const query = decoded(encodeQuery(sent))
      const bare = Uint8Array.from(encodeReply(query, { ...meant, edns: opt }, most))
      const packet = Uint8Array.from(encodeReply(query, { ...meant, edns: opt, block }, most))
      const { edns: seen, ...message } = decodeMessage(packet)
      const { edns: _, ...expected } = decodeMessage(bare)
      assert.deepEqual(message, expected)
      if (bare.length + 4 > most) return assert.deepEqual(packet, bare)
      const next = Math.ceil((bare.length + 4) / block) * block
      assert.equal(packet.length, Math.min(next, most))
      const padding = { code: 12, body: new Uint8Array(packet.length - bare.length - 4) }
      assert.deepEqual(seen, { ...opt, options: [...opt.options, padding] })
    }),
    { numRuns: 500 },
  )
})
