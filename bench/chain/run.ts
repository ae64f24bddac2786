/** Measures one setup in a process of its own, as V8 compiles links for what they meet. Prints microseconds by case. */
import { randomBytes } from 'node:crypto'
import { type Answer, createAnswer } from '../../responder/answer.ts'
import type { From } from '../../responder/link.ts'
import { Counters, createCounterMemory } from '../../responder/metrics/counters.ts'
import { readZoneText } from '../../responder/sources/zone-text.ts'
import { TableReader } from '../../responder/table/reader.ts'
import { Table } from '../../responder/table/table.ts'
import { applyUpdates } from '../../responder/zones/update.ts'
import { Zones } from '../../responder/zones/zones.ts'
import { Type } from '../../shared/dns/codes.ts'
import { encodeQuery } from '../../shared/dns/encode-query.ts'
import { parseName } from '../../shared/dns/name.ts'
import { addresses, MANY, setups, ZONE } from './settings.ts'

const NAMES = 100_000
const DISTINCT = 20_000 // questions of each case
const ROUNDS = 12
const CLIENTS = Array.from(
  { length: 256 },
  (_, i): From => ({ transport: 'udp', address: `192.0.2.${i}`, port: 53000 }),
)
const EDNS = { version: 0, udpSize: 1232, dnssecOk: false, options: [] }

const { links, below = ZONE, cache } = setups[process.argv[2] ?? ''] ?? fail()
const answer = cache ? keeping(createdAnswer()) : createdAnswer()
const cases = Object.entries({
  'A hit': questions((i) => `n${(i * 7919) % NAMES}`),
  'A hit, EDNS': questions((i) => `n${(i * 7919) % NAMES}`, true),
  'three A, EDNS': questions((i) => `m${i % MANY}`, true),
  NXDOMAIN: questions((i) => `x${i}`),
  'NXDOMAIN, EDNS': questions((i) => `x${i}`, true),
  referral: questions((i) => `w${i}.s${i % 1000}`),
  'referral, EDNS': questions((i) => `w${i}.s${i % 1000}`, true),
})
const least = new Map<string, number>()
// In turns, so that what is compiled for one case has met the others; the least is what was disturbed least.
for (let round = 0; round < ROUNDS; round++) {
  for (const [label, packets] of cases) {
    const before = process.cpuUsage()
    for (const [i, packet] of packets.entries()) answer(packet, CLIENTS[i & 255] as From)
    const microseconds = process.cpuUsage(before).user / packets.length
    least.set(label, Math.min(microseconds, least.get(label) ?? Number.POSITIVE_INFINITY))
  }
}
process.stdout.write(JSON.stringify(Object.fromEntries(least)))

// ---------------------------------------------------------------------------

function createdAnswer(): Answer {
  const text = ['$TTL 300', '@ SOA ns1 hostmaster 1 3600 600 86400 60', '@ NS ns1', 'ns1 A 198.18.0.1']
  for (let i = 0; i < NAMES; i++) text.push(`n${i} A 198.18.${(i >> 8) & 255}.${i & 255}`)
  for (let i = 0; i < 1000; i++) {
    text.push(`s${i} NS ns1.s${i}`, `s${i} NS ns2.s${i}`, `ns1.s${i} A 198.18.1.1`, `ns2.s${i} A 198.18.1.2`)
  }
  for (let i = 0; i < MANY; i++) for (const address of addresses(i)) text.push(`m${i} A ${address}`)
  const table = new Table()
  applyUpdates(table, [...readZoneText(`${text.join('\n')}\n`, { origin: parseName(ZONE), file: 'bench' })])
  const zones = new Zones(new TableReader(table.memory, 1))
  const counters = new Counters(createCounterMemory(1), 0)
  const report = (error: unknown) => {
    throw error
  }
  return createAnswer({ zones, counters, report, identity: 'bench', secret: randomBytes(16), idleMs: 10_000 }, links)
}

/** The answer that a message of the same octets but for the ID got before: a cache that need not be told of changes. */
function keeping(make: Answer): Answer {
  const kept = new Map<string, Uint8Array>()
  return (packet, from) => {
    const key = Buffer.from(packet.buffer, packet.byteOffset + 2, packet.length - 2).toString('latin1')
    const known = kept.get(key)
    if (known !== undefined) {
      const message = Uint8Array.prototype.slice.call(known)
      message[0] = packet[0] as number
      message[1] = packet[1] as number
      return message
    }
    const message = make(packet, from)
    if (message !== undefined) kept.set(key, message)
    return message
  }
}

function questions(label: (i: number) => string, edns = false): Buffer[] {
  return Array.from({ length: DISTINCT }, (_, id) => {
    const name = parseName(`${label(id)}.${below}`)
    return Buffer.from(encodeQuery({ id, name, type: Type.A, ...(edns && { edns: EDNS }) }))
  })
}

function fail(): never {
  throw new Error(`there is no setup ${process.argv[2]}`)
}
