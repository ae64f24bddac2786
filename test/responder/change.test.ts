/** What a running responder tells after its links were changed, and of whom: with workers and sockets. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Endpoint, formatEndpoint } from '../../responder/listeners/endpoint.ts'
import { type Responder, startResponder } from '../../responder/responder.ts'
import { Rcode, Type } from '../../shared/dns/codes.ts'
import { parseName } from '../../shared/dns/name.ts'
import { askUdp } from './client.ts'
import { linksOf, zoneUpdates } from './scenario.ts'
import { namesUpdate } from './served.ts'

const zone = '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\nns 300 A 192.0.2.1\nwww 300 A 192.0.2.10\n'
const loopback = { host: '127.0.0.1', port: 0 }
const names = ['example.org']
let responder: Responder
let told: string[]
let logged: string[]
let dns: Endpoint
let changes = 0
beforeEach(() => {
  told = []
  logged = []
})
afterEach(() => responder.stop())

test('the query log begins and ends', async () => {
  await start({})
  await change({ log: { names } })
  await askUdp(dns, 'www.example.org. A')
  await eventually(() => assert.match(logged.join(''), /"A IN www\.example\.org\. udp .*" NOERROR /))
  await change({ log: { names, format: 'json' } })
  await askUdp(dns, 'ns.example.org. A')
  await change({})
  await askUdp(dns, 'nx.example.org. A')
  await responder.stop()
  const [, second = '', ...others] = logged.join('').trimEnd().split('\n')
  assert.equal(JSON.parse(second).name, 'ns.example.org.')
  assert.deepEqual(others, [])
})

test('views are counted by the names that they have now, those of before not with them', async () => {
  const here = (...names: string[]) => ({
    view: names.map((name, i) => ({ name, from: [i === 0 ? '198.51.100.0/24' : '127.0.0.0/8'], links: {} })),
  })
  await start(here('far', 'near'))
  for (let i = 0; i < 7; i++) await askUdp(dns, 'www.example.org. A')
  assert.deepEqual(await counted(), { '': 0, far: 0, near: 7 })
  await change({ ...here('far', 'near'), any: false })
  assert.deepEqual(await counted(), { '': 0, far: 0, near: 7 })
  await change(here('distant', 'close'))
  await eventually(async () => assert.deepEqual(await counted(), { '': 0, distant: 0, close: 0 }))
  for (let i = 0; i < 3; i++) await askUdp(dns, 'www.example.org. A')
  assert.deepEqual(await counted(), { '': 0, distant: 0, close: 3 })
  await change({})
  assert.deepEqual(await counted(), {})
})

test('faults are told as the settings now say', async () => {
  await start({})
  await meetFault()
  assert.deepEqual([told.length, told[0]?.includes('query: ')], [1, false])
  await change({ errors: { window: 1, debug: true } })
  await meetFault()
  await eventually(() => assert.match(told.join('\n'), / \| query: [\da-f]{24}/))
  for (let i = 0; i < 5; i++) await meetFault()
  await eventually(() => assert.match(told.join('\n'), /^\d more in the last 1 s: /m))
})

// ---------------------------------------------------------------------------

async function start(links: object): Promise<void> {
  // Data of a name that cannot be put into a message.
  const mx = { type: Type.MX, ttl: 300, rdata: [Uint8Array.of(0)] }
  const broken = namesUpdate(parseName('example.org.'), [[parseName('broken.example.org.'), [mx]]])
  const updates = [...zoneUpdates('example.org.', zone), broken]
  responder = await startResponder({
    source: {
      start: async (publish) => publish(updates),
      status: () => ({ loading: undefined, zones: 1, names: 4 }),
    },
    dns: [loopback],
    control: loopback,
    workers: 2,
    links: linksOf(links),
    log: (line) => told.push(line),
    queryLog: (lines, written) => {
      logged.push(lines)
      written()
    },
  })
  dns = (await responder.ready)[0] ?? assert.fail('no endpoint')
  told = [] // of what there was at the start
}

/** Resolves when all workers have the settings: answers, each to a port of its own, come from either. */
async function change(links: object): Promise<void> {
  const version = String(++changes)
  responder.change({ links: linksOf({ ...links, chaos: { version } }) })
  for (let same = 0; same < 24; ) {
    const { answer } = await askUdp(dns, 'version.bind. TXT CH')
    same = Buffer.from(answer[0]?.rdata ?? [])
      .toString('latin1')
      .endsWith(version)
      ? same + 1
      : 0
  }
}

async function meetFault(): Promise<void> {
  const before = told.length
  assert.equal((await askUdp(dns, 'broken.example.org. MX')).rcode, Rcode.SERVFAIL)
  if (before === 0) await eventually(() => assert.ok(told.length > 0))
}

/** Requests by view, as `/metrics` tells. */
async function counted(): Promise<Record<string, number>> {
  const { control } = responder
  const text = await (await fetch(`http://${formatEndpoint(control ?? assert.fail('no control'))}/metrics`)).text()
  const samples = text.matchAll(/^namestream_view_requests_total\{view="(.*)"\} (\d+)$/gm)
  return Object.fromEntries([...samples].map(([, view = '', number]) => [view, Number(number)]))
}

async function eventually(check: () => unknown): Promise<void> {
  for (const deadline = performance.now() + 20_000; ; await sleep(20)) {
    try {
      await check()
      return
    } catch (error) {
      if (performance.now() > deadline) throw error
    }
  }
}
