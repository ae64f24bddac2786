import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { after, test } from 'node:test'
import { openDnsClient } from '../../../local/verify/dns-client.ts'
import { verify } from '../../../local/verify/verify.ts'
import { decodeQuery } from '../../../shared/dns/decode-query.ts'
import { encodeReply } from '../../../shared/dns/encode-reply.ts'
import { canonicalName, formatName } from '../../../shared/dns/name.ts'
import { parseRdata, typeMnemonic, typeNumber } from '../../../shared/dns/rdata.ts'
import { memoryMirrorStore } from '../../../shared/mirror/memory.ts'
import { emptyRow } from '../../../shared/mirror/plan.ts'
import type { ListedSet, ListFrom, ListOutcome, Route53 } from '../../../shared/mirror/ports.ts'
import { memoryStore } from '../../../shared/records/memory.ts'
import type { RRsets, StoredRRset } from '../../../shared/records/model.ts'
import { newZone } from '../../../shared/records/new-zone.ts'

const zone = canonicalName('example.org')
const A = { ttl: 60, rdata: ['192.0.2.1'] }
const B = { ttl: 60, rdata: ['192.0.2.2'] }
const MANY = { ttl: 60, rdata: Array.from({ length: 100 }, (_, i) => `192.0.2.${i}`).sort() }
const TARGET = { ttl: 60, rdata: ['a.example.org.'] }
const CUT = { ttl: 60, rdata: ['ns.sub.example.org.'] }

/** Each name: what is registered, what the hosted zone has, what the mirror believes to be its own. */
const same: Record<string, RRsets> = {
  a: { A, AAAA: { ttl: 1, rdata: ['2001:db8::1'] } },
  '*.wild': { A },
  alias: { CNAME: TARGET },
  many: { A: MANY },
  sub: { NS: CUT },
}
const dns = await dnsServer()
const client = await openDnsClient(dns)
after(() => client.close())

test('both sides are the same: wildcards, aliases, delegations, more than a datagram holds', async () => {
  const verdict = await verify(await world(same, same, same))
  assert.deepEqual(verdict, { names: 5, rrsets: 6, foreign: 0, waiting: 0, quarantined: [], differences: [] })
  assert.ok(dns.tcpConnections() > 0)
})

test('every kind of difference', async () => {
  const registered = { ...same, gone: { A }, other: { A }, refused: { A } }
  const listed = { ...same, other: { A: B }, left: { A }, foreign: { TXT: { ttl: 5, rdata: ['"x"'] } } }
  const parts = await world(registered, listed, { ...same, gone: { A }, other: { A }, left: { A } })
  const refusal = { code: 'invalid' as const, message: 'AWS says no', at: 0 }
  const refused = canonicalName('refused.example.org')
  await parts.store.putRows('Z1', [{ ...emptyRow(refused), refused: { A: refusal } }])
  await parts.store.mark('Z1', [{ name: canonicalName('gone.example.org'), at: 0 }])
  assert.deepEqual(await verify(parts), {
    names: 9,
    rrsets: 10,
    foreign: 1,
    waiting: 1,
    differences: [
      'differs: other.example.org. A: the responder has 60 192.0.2.1, Route 53 60 192.0.2.2',
      'missing in Route 53: gone.example.org. A',
      'not registered: left.example.org. A',
    ],
    quarantined: ['quarantined: refused.example.org. A: AWS says no'],
  })
})

test('a zone without hosted zone is a difference', async () => {
  const parts = await world({}, {}, {})
  await parts.zones.add(newZone(canonicalName('example.net')))
  assert.deepEqual((await verify(parts)).differences, ['not mirrored: the zone example.net.'])
})

test('what Route 53 says against it', async () => {
  const parts = await world(same, same, same)
  const fault = { kind: 'fault' as const, code: 'AccessDenied', message: 'not you' }
  const refusing = { ...parts, route53: { ...parts.route53, list: async () => fault } }
  await assert.rejects(verify(refusing), { message: 'Route 53 refuses: AccessDenied: not you' })
})

// ---------------------------------------------------------------------------

async function world(registered: Names, listed: Names, owned: Names) {
  const { names, zones } = memoryStore()
  await zones.add(newZone(zone))
  await zones.link(zone, 'Z1')
  dns.serve(registered)
  for (const [label, rrsets] of Object.entries(registered)) {
    await names.write({ name: full(label), zone, version: 1, rrsets }, 0)
  }
  const store = memoryMirrorStore()
  const rows = Object.entries(owned).map(([label, applied]) => ({ ...emptyRow(full(label)), applied, version: 1 }))
  await store.putRows('Z1', rows)
  const own = [
    { name: zone, type: 'NS', rrset: CUT },
    { name: zone, type: 'SOA', rrset: undefined },
  ]
  const pace = { turn: async () => true, slowDown: async () => {} }
  return { names, zones, store, pace, dns: client, route53: listing([...own, ...setsOf(listed)]) }
}

type Names = Readonly<Record<string, RRsets>>

function full(label: string) {
  return canonicalName(`${label}.example.org`)
}

function setsOf(names: Names): ListedSet[] {
  return Object.entries(names).flatMap(([label, rrsets]) =>
    Object.entries(rrsets).map(([type, rrset]) => ({ name: full(label), type, rrset })),
  )
}

/** Lists record sets in pages of two. */
function listing(sets: readonly ListedSet[]): Route53 {
  return {
    async list(_hostedZone, from: ListFrom | undefined): Promise<ListOutcome> {
      const at = Math.max(
        0,
        sets.findIndex(({ name, type }) => name === from?.name && type === from.type),
      )
      const next = sets[at + 2]
      return { kind: 'listed', sets: sets.slice(at, at + 2), next: next && { name: next.name, type: next.type } }
    },
    change: async () => assert.fail('changes something'),
    changeStatus: async () => assert.fail('asks for a change'),
  }
}

/** A name server that answers what it is told to serve, and over UDP only what fits 512 octets; NS as in a referral. */
async function dnsServer() {
  const served = new Map<string, StoredRRset>()
  let connections = 0
  const answer = (packet: Uint8Array, limit: number) => {
    const decoded = decodeQuery(packet)
    if (decoded.kind !== 'query' || decoded.query.question === undefined) return assert.fail('no question')
    const { name, type } = decoded.query.question
    const found = served.get(`${formatName(name)} ${typeMnemonic(type)}`)
    const rdata = found?.rdata.map((text) => parseRdata(type, text)) ?? []
    const rrsets = found ? [{ owner: name, type, ttl: found.ttl, rdata }] : []
    const referral = type === typeNumber('NS')
    const sections = { answer: referral ? [] : rrsets, authority: referral ? rrsets : [], additional: [] }
    return Buffer.from(encodeReply(decoded.query, { rcode: 0, aa: true, ...sections }, limit))
  }
  const tcp = createServer(async (socket: Socket) => {
    connections++
    const [packet] = await once(socket, 'data')
    const reply = answer(packet.subarray(2), 65_535)
    socket.end(Buffer.concat([Uint8Array.of(reply.length >> 8, reply.length), reply]))
  })
  tcp.listen(0, '127.0.0.1')
  await once(tcp, 'listening')
  const { port } = tcp.address() as AddressInfo
  const udp = createSocket('udp4') // ports that the system chooses for TCP are rarely taken for UDP
  udp.on('message', (packet, { port, address }) => udp.send(answer(packet, 512), port, address))
  udp.bind(port, '127.0.0.1')
  await once(udp, 'listening')
  after(() => {
    udp.close()
    tcp.close()
  })
  return {
    host: '127.0.0.1',
    port,
    tcpConnections: () => connections,
    serve(names: Names) {
      served.clear()
      for (const { name, type, rrset } of setsOf(names)) if (rrset) served.set(`${name} ${type}`, rrset)
    },
  }
}
