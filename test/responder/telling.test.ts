/** What a running responder tells, and to whom it keeps silent: with workers, sockets and processes. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Endpoint, parseEndpoint } from '../../responder/listeners/endpoint.ts'
import { type Responder, startResponder } from '../../responder/responder.ts'
import type { Source } from '../../responder/sources/source.ts'
import { Type } from '../../shared/dns/codes.ts'
import { decodeMessage } from '../../shared/dns/decode-message.ts'
import { encodeQuery } from '../../shared/dns/encode-query.ts'
import { parseName } from '../../shared/dns/name.ts'
import { askTcp, askUdp } from './client.ts'
import { linksOf, zoneUpdates } from './scenario.ts'
import { namesUpdate } from './served.ts'

const zone = '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\nns 300 A 192.0.2.1\nwww 300 A 192.0.2.10\n'
const loopback = { host: '127.0.0.1', port: 0 }
const folder = mkdtempSync(join(tmpdir(), 'responder-telling-'))
const children: ChildProcess[] = []
const responders: Responder[] = []
after(async () => {
  for (const child of children) child.kill('SIGKILL')
  for (const responder of responders) await responder.stop()
  rmSync(folder, { recursive: true })
})

test('the query log is on standard output, its last lines included', async () => {
  const { child, dns } = await run({ log: {} }, 2)
  const lines: string[] = []
  child.reader.on('line', (line) => lines.push(line))
  for (let i = 0; i < 20; i++) await askUdp(dns, 'www.example.org. A')
  await askTcp(dns, 'nx.example.org. TXT')
  child.process.kill('SIGTERM')
  const [code] = await once(child.process, 'close')
  assert.equal(code, 0)
  assert.equal(lines.length, 21)
  assert.equal(
    lines.filter((line) => / - \d+ "A IN www\.example\.org\. udp .*" NOERROR qr,aa 49 /.test(line)).length,
    20,
  )
  assert.match(
    lines.join('\n'),
    /^127\.0\.0\.1:\d+ - \d+ "TXT IN nx\.example\.org\. tcp 32 false 512" NXDOMAIN qr,aa 73 [\d.]+s$/m,
  )
})

test('who does not read the log waits for it alone: answers go on, lines are dropped and counted, the end comes', async () => {
  const { child, dns, health } = await run({ log: {} }, 1)
  child.reader.pause()
  child.process.stdout?.pause()
  const dropped = async () => {
    const text = await (await fetch(`${health}/metrics`)).text()
    return Number(/^namestream_log_dropped_total (\d+)$/m.exec(text)?.[1])
  }
  while ((await dropped()) === 0) await flood(dns, 5000)
  assert.equal((await askUdp(dns, 'www.example.org. A')).answer.length, 1)
  assert.equal((await fetch(`${health}/ready`)).status, 200)
  child.process.kill('SIGTERM')
  assert.deepEqual(await once(child.process, 'exit'), [0, null])
})

test('a flood over UDP gets what the rate allows, all workers together, and a client over TCP all', async () => {
  const { dns, health } = await run({ ratelimit: { rate: 20, slip: 2 } }, 2)
  const clients = Array.from({ length: 8 }, () => createSocket('udp4'))
  let whole = 0
  let truncated = 0
  for (const client of clients) {
    client.connect(dns.port, dns.host)
    client.on('message', (packet) => {
      if (decodeMessage(packet).tc) truncated++
      else whole++
    })
    await once(client, 'connect')
  }
  const began = performance.now()
  const query = encodeQuery({ id: 1, name: parseName('www.example.org.'), type: Type.A })
  const limited = async () => {
    const text = await (await fetch(`${health}/metrics`)).text()
    const counted = (result: string) =>
      Number(new RegExp(`^namestream_rate_limited_total\\{result="${result}"\\} (\\d+)$`, 'm').exec(text)?.[1])
    return { dropped: counted('dropped'), truncated: counted('truncated') }
  }
  while ((await limited()).truncated < 500) {
    for (let i = 0; i < 20; i++) for (const client of clients) client.send(query)
  }
  const { answer } = await askTcp(dns, 'www.example.org. A')
  const seconds = (performance.now() - began) / 1000
  for (const client of clients) client.close()
  assert.equal(answer.length, 1)
  assert.ok(whole > 0 && whole <= 20 * (1 + seconds) + 2, `${whole} in ${seconds} s`) // a token may go to two workers at once
  assert.ok(truncated > 0)
  const counted = await limited()
  assert.ok(Math.abs(counted.dropped - counted.truncated) <= 2, JSON.stringify(counted)) // each worker takes turns by itself
})

test('views are counted by name', async () => {
  const view = [{ name: 'here', from: ['127.0.0.0/8'], links: {} }]
  const { dns, health } = await run({ view }, 2)
  for (let i = 0; i < 5; i++) await askUdp(dns, 'www.example.org. A')
  const text = await (await fetch(`${health}/metrics`)).text()
  assert.match(text, /^namestream_view_requests_total\{view="here"\} 5$/m)
  assert.match(text, /^namestream_view_requests_total\{view=""\} 0$/m)
})

test('a fault is told once for all workers, with the question where that is asked for, and then by its number', async () => {
  const lines: string[] = []
  const responder = await startResponder({
    source: broken(),
    dns: [loopback],
    workers: 2,
    links: linksOf({ errors: { window: 1, debug: true } }),
    log: (line) => lines.push(line),
  })
  responders.push(responder)
  const [dns] = await responder.ready
  assert.ok(dns)
  lines.length = 0 // of what there was at the start
  // Each question comes from a port of its own, so both workers meet the fault.
  for (let i = 0; i < 30; i++) assert.equal((await askUdp(dns, 'broken.example.org. MX')).rcode, 2)
  assert.equal((await askUdp(dns, 'www.example.org. A')).rcode, 0)
  const told = () => lines.reduce((sum, line) => sum + Number(/^(\d+) more in the last 1 s: /.exec(line)?.[1] ?? 1), 0)
  while (told() < 30) await sleep(50)
  const name = Buffer.from('\x06broken\x07example\x03org\0', 'latin1').toString('hex')
  assert.match(lines[0] ?? '', new RegExp(`^\\w*Error.* \\| at .*\\.ts:\\d+.* \\| query: [\\da-f]{24}${name}000f0001$`))
  assert.equal(lines.filter((line) => line.includes('query:')).length, 1)
  assert.equal(told(), 30)
})

// ---------------------------------------------------------------------------

/** A responder as a process of its own, once it is ready. */
async function run(links: object, workers: number) {
  const file = join(folder, 'example.org.zone')
  writeFileSync(file, zone)
  const config = join(folder, `${children.length}.json`)
  writeFileSync(
    config,
    JSON.stringify({ zones: { 'example.org': file }, dns: ['127.0.0.1:0'], health: '127.0.0.1:0', workers, links }),
  )
  const main = join(import.meta.dirname, '../../responder/main.ts')
  const child = spawn(process.execPath, [main, '--config', config], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const reader = createInterface({ input: child.stdout })
  const lines: string[] = []
  const hear = (line: string) => lines.push(line)
  reader.on('line', hear)
  while (!lines.includes('ready')) await once(reader, 'line')
  reader.off('line', hear)
  const after = (what: string) => lines.find((line) => line.startsWith(what))?.slice(what.length) ?? assert.fail(what)
  return {
    child: { process: child, reader },
    dns: parseEndpoint(after('DNS over UDP and TCP: ')),
    health: after('health, ready, metrics: '),
  }
}

/** Asks so many questions on one TCP connection and waits for all the answers. */
async function flood({ host, port }: Endpoint, questions: number): Promise<void> {
  const query = encodeQuery({ id: 1, name: parseName('www.example.org.'), type: Type.A })
  const one = Buffer.concat([Uint8Array.of(0, query.length), query])
  const client = connect(port, host)
  client.end(Buffer.concat(Array.from({ length: questions }, () => one)))
  let received = 0
  for await (const chunk of client) received += (chunk as Buffer).length
  assert.equal(received, questions * (2 + 49))
}

/** A zone with a name whose data cannot be put into a message. */
function broken(): Source {
  const name = parseName('broken.example.org.')
  const updates = [
    ...zoneUpdates('example.org.', zone),
    namesUpdate(parseName('example.org.'), [[name, [{ type: Type.MX, ttl: 300, rdata: [Uint8Array.of(0)] }]]]),
  ]
  return {
    start: async (publish) => publish(updates),
    status: () => ({ loading: undefined, zones: 1, names: 3 }),
  }
}
