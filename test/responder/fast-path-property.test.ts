/** Zones and questions of all kinds, and damaged ones: the fast path says and counts what the chain does, and nothing else. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createAnswer } from '../../responder/answer.ts'
import type { LinkSettings } from '../../responder/chain.ts'
import { BATCH, SLOT_SIZE } from '../../responder/datagrams/batch.ts'
import { FastPath } from '../../responder/fast-path/fast-path.ts'
import { type Ordinary, ordinaryIn } from '../../responder/fast-path/ordinary.ts'
import { Tally } from '../../responder/fast-path/tally.ts'
import { Counters, createCounterMemory } from '../../responder/metrics/counters.ts'
import { duration, ROW_LENGTH, seriesWidth } from '../../responder/metrics/families.ts'
import { TableReader } from '../../responder/table/reader.ts'
import type { OwnedRRset } from '../../responder/zones/packed.ts'
import { Type } from '../../shared/dns/codes.ts'
import { isAtOrBelow, MAX_NAME, parseName, type WireName } from '../../shared/dns/name.ts'
import { linksOf, zoneUpdates } from './scenario.ts'
import { namesUpdate, Served } from './served.ts'

// Zones ---------------------------------------------------------------------

const label = fc.constantFrom('a', 'b', 'ns', '*', 'org', 'example', '\\000\\255', 'x'.repeat(63))
const prefix = fc.oneof(
  { weight: 9, arbitrary: fc.array(label, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 127 }).map((count) => Array.from({ length: count }, () => 'a')) },
)
const origin = fc.constantFrom('.', 'org.', 'example.org.', 'b.example.org.', '\\000\\255.example.org.')
const ttl = fc.constantFrom(0, 1, 300, 2 ** 31 - 1)
const octets = (size: number) => fc.uint8Array({ minLength: size, maxLength: size })
/** Such numbers of addresses come close to what 512 and 1232 octets hold. */
const several = (one: fc.Arbitrary<Uint8Array>) =>
  fc.tuple(one, fc.constantFrom(1, 2, 3, 28, 29, 30, 31, 40, 70, 75, 76, 250)).map(([octets, count]) =>
    Array.from({ length: count }, (_, i) => {
      const copy = octets.slice()
      copy[0] = i
      return copy
    }),
  )
const longs = [400, 500, 1150, 1232, 4000, 4096].map((max) =>
  fc.integer({ min: max - 60, max }).map((size) => [new Uint8Array(size).fill(size)]),
)
const plain: fc.Arbitrary<OwnedRRset> = fc.oneof(
  fc.record({ type: fc.constant<number>(Type.A), ttl, rdata: several(octets(4)) }),
  fc.record({ type: fc.constant<number>(Type.AAAA), ttl, rdata: several(octets(16)) }),
  fc.record({
    type: fc.constantFrom<number>(Type.TXT, Type.CAA, 1000, 65400),
    ttl,
    rdata: fc.oneof(several(octets(5)), ...longs),
  }),
)
const leading: fc.Arbitrary<OwnedRRset> = fc.record({
  type: fc.constantFrom<number>(Type.CNAME, Type.NS, Type.DNAME),
  ttl,
  rdata: fc.constantFrom('.', 'a.', 'a.example.org.', 'b.example.org.').map((name) => [wireOf(parseName(name))]),
})
const rrsets = fc.oneof(
  { weight: 5, arbitrary: fc.uniqueArray(plain, { maxLength: 4, selector: ({ type }) => type }) },
  { weight: 1, arbitrary: fc.tuple(leading) },
)
const host = fc.constantFrom('.', '@', 'a', 'ns.a', 'ns.ns', 'a.', 'a.org.', 'b.example.org.', 'ns.example.net.')
const zone = fc.record({
  origin,
  soa: fc.tuple(ttl, host, host, ttl),
  names: fc.array(fc.tuple(prefix, rrsets), { maxLength: 12 }),
})

// Questions -----------------------------------------------------------------

const rarely = <T>(usual: T, other: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other })
const edns = fc.record({
  owner: rarely('00', fc.constant('017800')),
  size: fc.oneof(fc.constantFrom(0, 511, 512, 513, 1231, 1232, 1233, 4095, 4096, 65535), fc.nat(65535)),
  rcode: rarely(0, fc.nat(255)),
  version: rarely(0, fc.nat(255)),
  flags: fc.constantFrom(0, 0x8000, 0xffff, 0x7fff),
  options: rarely('', fc.constantFrom('00', '00000000', '000a00080102030405060708')),
})
const question = fc.record({
  known: fc.option(fc.nat(30), { freq: 6 }),
  name: fc.tuple(prefix, origin),
  below: fc.option(label, { freq: 1 }),
  capitals: fc.nat(0xffff),
  type: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom<number>(Type.A, Type.AAAA, Type.TXT, Type.CAA, Type.NS, 1000, 65400) },
    { weight: 1, arbitrary: fc.nat(65535) },
  ),
  recordClass: rarely(1, fc.nat(65535)),
  flags: fc.oneof(fc.constantFrom(0, 0x0100, 0x01f0), fc.nat(65535)),
  counts: rarely(undefined, fc.uint8Array({ minLength: 8, maxLength: 8 })),
  edns: fc.option(edns, { freq: 1 }),
  trailing: rarely(new Uint8Array(), fc.uint8Array({ maxLength: 12 })),
  cut: rarely(0, fc.nat(30)),
})
type Question = typeof question extends fc.Arbitrary<infer Q> ? Q : never

// ---------------------------------------------------------------------------

test('the fast path says what the chain says, and counts what it counts', () => {
  let answered = 0
  fc.assert(
    fc.property(
      fc.uniqueArray(zone, { minLength: 1, maxLength: 3, selector: ({ origin }) => origin }),
      fc.array(question, { minLength: BATCH, maxLength: BATCH }),
      fc.constantFrom<LinkSettings>({}, linksOf({ bufsize: 512 }), linksOf({ bufsize: 4096 })),
      (zones, questions, links) => {
        const served = new Served()
        const names = zones.flatMap((zone) => serve(served, zone))
        answered += compare(
          served,
          questions.map((question) => messageOf(question, names)),
          links,
        )
      },
    ),
    { numRuns: 200 },
  )
  assert.ok(answered > 1000, 'and says much')
})

/** Gives the names that there are. */
function serve(served: Served, { origin, soa, names }: typeof zone extends fc.Arbitrary<infer Z> ? Z : never) {
  const apex = parseName(origin)
  const [ttl, mname, rname, minimum] = soa
  served.apply(zoneUpdates(origin, `@ ${ttl} SOA ${mname} ${rname} 1 1 1 1 ${minimum}\n@ 300 NS ns.example.net.`))
  const own = names.flatMap(([labels, rrsets]) => {
    const name = join(labels, apex)
    const isAlias = rrsets.some(({ type }) => type === Type.CNAME)
    return name === undefined || (name === apex && isAlias) ? [] : [[name, rrsets] as const]
  })
  served.apply([namesUpdate(apex, own)])
  return [apex, ...own.map(([name]) => name)].filter((name) => isAtOrBelow(name, apex))
}

/** Asks both. Gives how many questions the fast path has answered. */
function compare({ zones, table }: Served, messages: readonly Uint8Array[], links: LinkSettings): number {
  const [chainCounts, fastCounts] = [createCounterMemory(1), createCounterMemory(1)]
  const octets = new Uint8Array(BATCH * SLOT_SIZE + 8).fill(0xee)
  const tally = new Tally(fastCounts, 0)
  const parts = { reader: new TableReader(table.memory, 2), tally, random: () => 0 }
  const path = new FastPath(octets, BATCH, parts, ordinaryIn(links) as Ordinary)
  const answer = createAnswer(
    {
      zones,
      counters: new Counters(chainCounts, 0),
      report: (error) => assert.fail(error as Error),
      identity: '',
      secret: new Uint8Array(16),
      idleMs: 1,
      random: () => 0,
    },
    links,
  )
  let answered = 0
  for (const [i, message] of messages.entries()) octets.set(message, i * SLOT_SIZE)
  path.begin()
  for (const [i, { length }] of messages.entries()) path.read(i * SLOT_SIZE, length)
  path.touch()
  for (const [i, message] of messages.entries()) {
    const start = i * SLOT_SIZE
    const next = octets.slice(start + SLOT_SIZE)
    const length = path.answer(i, { clientWords: () => new Uint32Array() })
    const expected = length === 0 ? message : answer(message, { transport: 'udp', address: '192.0.2.53', port: 53000 })
    const said = octets.subarray(start, start + (length || message.length))
    assert.equal(hexOf(said), hexOf(expected ?? new Uint8Array()), `to ${hexOf(message)}`)
    assert.ok(Buffer.compare(octets.subarray(start + SLOT_SIZE), next) === 0, 'the questions behind stay as they are')
    answered += Number(length !== 0)
  }
  path.end()
  assert.deepEqual(rowOf(fastCounts), rowOf(chainCounts))
  return answered
}

function messageOf(question: Question, names: readonly WireName[]): Uint8Array {
  const { known, below, capitals, type, recordClass, flags, counts, edns, trailing, cut } = question
  const [labels, origin] = question.name
  const chosen = (known === null ? join(labels, parseName(origin)) : names[known % names.length]) ?? parseName(origin)
  const name = (below === null ? undefined : join([below], chosen)) ?? chosen
  const wire = wireOf(name).map((octet, i) => {
    const isLetter = octet >= 0x61 && octet <= 0x7a
    return isLetter && ((capitals >> (i & 15)) & 1) === 1 ? octet - 32 : octet
  })
  const message = Buffer.concat([
    words(4711, flags),
    counts ?? words(1, 0, 0, edns === null ? 0 : 1),
    wire,
    words(type, recordClass),
    edns === null ? new Uint8Array() : optOf(edns),
    trailing,
  ])
  return message.subarray(0, Math.max(0, message.length - cut))
}

function optOf({ owner, size, rcode, version, flags, options }: NonNullable<Question['edns']>): Uint8Array {
  const body = Buffer.from(options, 'hex')
  return Buffer.concat([
    Buffer.from(owner, 'hex'),
    words(Type.OPT, size, (rcode << 8) | version, flags, body.length),
    body,
  ])
}

/** Undefined if that is too long for a name. */
function join(labels: readonly string[], below: WireName): WireName | undefined {
  const name = `${labels.map((label) => parseName(`${label}.`).slice(0, -1)).join('')}${below}`
  return name.length > MAX_NAME ? undefined : (name as WireName)
}

function words(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [value >> 8, value & 0xff]))
}

function wireOf(name: WireName): Uint8Array {
  return Buffer.from(name, 'latin1')
}

function hexOf(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex')
}

/** All that was counted, but for the time that it took. */
function rowOf(memory: SharedArrayBuffer): Float64Array {
  return new Float64Array(memory, 0, ROW_LENGTH).slice().fill(0, duration.at, duration.at + seriesWidth(duration))
}
