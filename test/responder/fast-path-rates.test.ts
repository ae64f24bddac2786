/** Rates on the fast path: what is sent, cut short and left out is what the chain would have sent, cut short and left out. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createAnswer } from '../../responder/answer.ts'
import { wordsOf } from '../../responder/clients.ts'
import { FastPath, SILENT } from '../../responder/fast-path/fast-path.ts'
import { ordinaryIn } from '../../responder/fast-path/ordinary.ts'
import { Tally } from '../../responder/fast-path/tally.ts'
import { Counters, createCounterMemory, sumCounters } from '../../responder/metrics/counters.ts'
import { dropped, rateLimited, requests, responses } from '../../responder/metrics/families.ts'
import { createAccountMemory } from '../../responder/ratelimit/accounts.ts'
import { TableReader } from '../../responder/table/reader.ts'
import { encodeQuery } from '../../shared/dns/encode-query.ts'
import { parseName } from '../../shared/dns/name.ts'
import { fromTransport, linksOf, zoneUpdates } from './scenario.ts'
import { Served } from './served.ts'

const zone =
  '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\nns 300 A 192.0.2.1\nwww 300 A 192.0.2.10\nwww 300 TXT "x"'
const edns = { version: 0, udpSize: 1232, dnssecOk: true, options: [] }
const questions = [
  ['www.example.org.', 1],
  ['WWW.example.org.', 1],
  ['www.example.org.', 16],
  ['www.example.org.', 28],
  ['www.example.org.', 15],
  ['nx1.example.org.', 1],
  ['nx2.example.org.', 16],
  ['a.nx3.example.org.', 1],
] as const
const clients = ['192.0.2.7', '192.0.2.200', '198.51.100.1', '2001:db8::1', '2001:db8:0:ff::1', '2001:db8:1::1']

describe('the same answers are sent', () => {
  for (const settings of [
    { rate: 3, slip: 0 },
    { rate: 3, slip: 1 },
    { rate: 2, slip: 2 },
    { rate: 0, rates: { nxdomain: 2 }, slip: 3 },
    { rate: 4, rates: { answer: 1, nodata: 0 }, all: 9 },
    { rate: 2, prefix4: 32, prefix6: 64 },
    { rate: 1, exempt: ['192.0.2.0/25', '2001:db8:1::/48'] },
  ]) {
    test(JSON.stringify(settings), () => {
      const { byChain, byFastPath, counted } = both(settings)
      let silent = 0
      for (let i = 0; i < 1500; i++) {
        const [name, type] = questions[(i * 7) % questions.length] ?? assert.fail()
        const query = { id: i, name: parseName(name), type, ...(i % 3 === 0 && { edns }) }
        const packet = encodeQuery(query)
        const client = clients[(i * 5) % clients.length] ?? assert.fail()
        const at = 1.7e12 + 3 * i
        const sent = byFastPath(packet, client, at)
        assert.equal(sent, byChain(packet, client, at), `question ${i}`)
        if (sent === '') silent++
      }
      assert.ok(silent > 0 || settings.slip === 1)
      const [chain, fast] = counted()
      assert.deepEqual(fast, chain)
    })
  }
})

test('what one thread has sent counts for the others, whichever way it went', () => {
  const accounts = createAccountMemory()
  const { byChain, byFastPath } = both({ rate: 10, slip: 0 }, accounts, accounts)
  const packet = encodeQuery({ id: 1, name: parseName('www.example.org.'), type: 1 })
  let sent = 0
  for (let i = 0; i < 50; i++) {
    const by = i % 2 === 0 ? byChain : byFastPath
    if (by(packet, '192.0.2.1', 1.7e12) !== '') sent++
  }
  assert.equal(sent, 10)
})

test('a clock that is put right gives nobody more, whichever way questions go', (t) => {
  const real = Date.now()
  t.mock.method(Date, 'now', () => real - 3_600_000)
  const accounts = createAccountMemory()
  const { byChain, byFastPath } = both({ rate: 1, slip: 0 }, accounts, accounts, {})
  const packet = encodeQuery({ id: 1, name: parseName('www.example.org.'), type: 1 })
  const sent = Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? byChain : byFastPath)(packet, '192.0.2.1'))
  assert.equal(sent.filter((one) => one !== '').length, 1)
})

// ---------------------------------------------------------------------------

let now = 0

/** The two ways to answer, each with accounts and counters of its own if nothing else is said. Silence is an empty text. */
function both(
  ratelimit: object,
  ofChain = createAccountMemory(),
  ofFastPath = createAccountMemory(),
  clock: { readonly now?: () => number } = { now: () => now },
) {
  const links = linksOf({ ratelimit })
  const { zones, table } = new Served(...zoneUpdates('example.org.', zone))
  const memories = [createCounterMemory(1), createCounterMemory(1)] as const
  const report = (error: unknown) => assert.fail(String(error))
  const counters = new Counters(memories[0], 0)
  const answer = createAnswer({ zones, counters, report, ...clock, accountMemory: ofChain }, links)
  const octets = new Uint8Array(4096)
  const ordinary = ordinaryIn(links) ?? assert.fail('rates are kept on the fast path')
  const tally = new Tally(memories[1], 0)
  const parts = { reader: new TableReader(table.memory, 2), tally, ...clock, accountMemory: ofFastPath }
  const path = new FastPath(octets, 1, parts, ordinary)
  return {
    byChain(packet: Uint8Array, address: string, at = 0): string {
      now = at
      return Buffer.from(answer(packet, { ...fromTransport('udp'), address }) ?? []).toString('hex')
    },
    byFastPath(packet: Uint8Array, address: string, at = 0): string {
      now = at
      octets.set(packet)
      path.begin()
      path.read(0, packet.length)
      path.touch()
      const length = path.answer(0, { clientWords: () => wordsOf(address) })
      path.end()
      assert.notEqual(length, 0, 'it is ordinary')
      return Buffer.from(octets.subarray(0, length === SILENT ? 0 : length)).toString('hex')
    },
    counted: () =>
      memories.map((memory) => {
        const sum = sumCounters(memory)
        return [dropped, rateLimited, requests, responses].map(({ at, series }) => [
          ...sum.slice(at, at + series.length),
        ])
      }),
  }
}
