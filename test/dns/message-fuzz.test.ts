import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeMessage } from '../../shared/dns/decode-message.ts'
import { decodeQuery } from '../../shared/dns/decode-query.ts'
import { encodeQuery } from '../../shared/dns/encode-query.ts'
import { encodeReply } from '../../shared/dns/encode-reply.ts'
import { parseName } from '../../shared/dns/name.ts'
import { formatRdata, parseRdata, RdataError } from '../../shared/dns/rdata.ts'
import { WireError } from '../../shared/dns/wire.ts'
import { type Random, randomNumbers } from '../random.ts'
import { octets } from './octets.ts'

const ROUNDS = 200_000

const cookie = { code: 10, body: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) }
const edns = { version: 0, udpSize: 1232, dnssecOk: true, options: [cookie, { code: 3, body: new Uint8Array(0) }] }
const www = parseName('www.example.org')

/** Packets of every kind that the readers know, to be damaged. */
const sound = [
  encodeQuery({ id: 1, name: www, type: 1 }),
  encodeQuery({ id: 2, name: www, type: 28, rd: true, edns }),
  octets(
    "0003 2800 0001 0000 0002 0000 07'example' 03'org' 00 0006 0001 03'www' c00c 0001 00ff 00000000 0000 c01d 0001 0001 0000003c 0004 c0000201",
  ),
  octets("0004 0000 0002 0000 0000 0001 01'a' 00 0001 0001 c00c 001c 0001 00 0029 04d0 00 00 0000 0000"),
  answer(),
]

function answer(): Uint8Array {
  const query = decodeQuery(encodeQuery({ id: 5, name: www, type: 255 }))
  assert.ok(query.kind === 'query')
  const rdata: [type: number, text: string][] = [
    [2, 'ns1.www.example.org.'],
    [6, 'ns1.example.org. hostmaster.example.org. 1 2 3 4 5'],
    [15, '10 mail.example.org.'],
    [16, '"text" "more"'],
    [33, '1 2 3 host.example.net.'],
    [35, '1 2 "u" "E2U+sip" "!^.*$!sip:a@example.org!" example.net.'],
    [65, '1 . alpn="h2,h3" port=443 ipv4hint=192.0.2.1'],
  ]
  const rrsets = rdata.map(([type, text]) => ({ owner: www, type, ttl: 60, rdata: [parseRdata(type, text)] }))
  return encodeReply(query.query, { rcode: 0, aa: true, answer: rrsets, authority: [], additional: [], edns }, 65535)
}

function damage(packet: Uint8Array, random: Random): Uint8Array {
  const copy = Uint8Array.from(packet)
  for (let steps = 1 + random(4); steps > 0; steps--) {
    const at = random(copy.length)
    const kind = random(6)
    if (kind === 0) copy[at] = random(256)
    else if (kind === 1) copy[at] = (copy[at] ?? 0) ^ (1 << random(8))
    else if (kind === 2) copy[at] = [0, 1, 0x3f, 0x40, 0x80, 0xc0, 0xff][random(7)] ?? 0
    else if (kind === 3) copy.set([0xc0, random(copy.length)], Math.min(at, copy.length - 2))
    else if (kind === 4) copy.copyWithin(at, random(copy.length), random(copy.length))
    else return copy.subarray(0, at)
  }
  return copy
}

test(`${ROUNDS} damaged or random packets: no throw but WireError, and both readers agree`, () => {
  const random = randomNumbers(20250)
  const seen = { query: 0, malformed: 0, drop: 0, message: 0, refused: 0 }
  for (let round = 0; round < ROUNDS; round++) {
    const packet =
      round % 10 === 0
        ? Uint8Array.from({ length: random(120) }, () => random(256))
        : damage(sound[round % sound.length] ?? new Uint8Array(0), random)
    const decoded = decodeQuery(packet)
    seen[decoded.kind]++
    try {
      const message = decodeMessage(packet)
      seen.message++
      const { questions } = message
      if (message.qr) assert.equal(decoded.kind, 'drop')
      else {
        assert.ok(decoded.kind === 'query', Buffer.from(packet).toString('hex'))
        assert.equal(decoded.query.questions, questions.length)
        assert.deepEqual(decoded.query.question, questions.length === 1 ? questions[0] : undefined)
        assert.deepEqual(decoded.query.edns, message.edns)
      }
      for (const { type, rdata } of message.answer) showOrRefuse(type, rdata)
    } catch (error) {
      if (!(error instanceof WireError)) throw error
      seen.refused++
    }
  }
  for (const [kind, count] of Object.entries(seen)) assert.ok(count > ROUNDS / 100, `${kind}: ${count}`)
})

function showOrRefuse(type: number, rdata: Uint8Array): void {
  try {
    formatRdata(type, rdata)
  } catch (error) {
    assert.ok(error instanceof RdataError, String(error))
  }
}

test('the largest packets full of pointers, questions or options come to an end', () => {
  const header = (counts: string) => octets(`0001 0000 ${counts}`)
  const filled = (counts: string, pattern: (at: number) => number[]) => {
    const packet = new Uint8Array(65535)
    packet.set(header(counts))
    for (let at = 12; at < packet.length; ) {
      const part = pattern(at)
      packet.set(part.slice(0, packet.length - at), at)
      at += part.length
    }
    return packet
  }
  const back = (at: number) => [0xc0 | ((Math.min(at, 0x4000) - 2) >> 8), (Math.min(at, 0x4000) - 2) & 0xff]
  const packets = [
    filled('ffff 0000 0000 0000', (at) => [...back(at), 0, 1, 0, 1]), // each question points at the one before
    filled('ffff 0000 0000 0000', (at) => (at < 0x3ff0 ? back(at) : [0xff, 0xee, 0, 1, 0, 1])), // at a chain of 8,000
    filled('0000 ffff ffff ffff', (at) => [...back(at), 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]),
    filled('ffff ffff ffff ffff', () => [0]),
    filled('0001 0000 0000 0000', () => [63]),
    filled('0000 0000 0000 0001', (at) => (at === 12 ? [0, 0, 41, 0, 0, 0, 0, 0, 0, 0xff, 0xff] : [0, 0, 0, 0])),
    filled('0000 ffff 0000 0000', (at) => [...back(at), 0, 2, 0, 1, 0, 0, 0, 0, 0, 2, ...back(at)]),
  ]
  for (const packet of packets) {
    assert.notEqual(decodeQuery(packet).kind, 'drop')
    assert.throws(() => decodeMessage(packet), WireError)
  }
})
