/** The whole process while its files change: over UDP, TCP, TLS and HTTPS, with two workers. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2'
import { connect as connectTcp, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { type Endpoint, parseEndpoint } from '../../responder/listeners/endpoint.ts'
import { decodeMessage } from '../../shared/dns/decode-message.ts'
import { encodeQuery } from '../../shared/dns/encode-query.ts'
import { parseName } from '../../shared/dns/name.ts'
import { formatRdata, typeNumber } from '../../shared/dns/rdata.ts'
import { eventually } from '../eventually.ts'
import { makeCertificate } from './certificate.ts'

const folder = mkdtempSync(join(tmpdir(), 'serve-test-'))
const file = (name: string) => join(folder, name)
const { cert, key } = makeCertificate()
const lines: string[] = []
const places: Record<string, string> = {}
let child: ChildProcess

before(async () => {
  writeZone(1)
  writeConfig({})
  replaceFile('cert.pem', cert)
  replaceFile('key.pem', key)
  const main = join(import.meta.dirname, '../../responder/main.ts')
  child = spawn(process.execPath, [main, '--config', file('config.json')], { stdio: ['ignore', 'pipe', 'pipe'] })
  createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) => lines.push(line))
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    if (line === 'ready') break
    const [, what = '', where = ''] = /^(.*?): (.*)$/.exec(line) ?? []
    places[what] = where
  }
})
after(async () => {
  for (const end of endings) end()
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
  rmSync(folder, { recursive: true })
})

const ROUNDS = 50

test(`${ROUNDS} reloads under load: no query is lost, and each is answered from before or after`, async () => {
  let round = 1 // the newest state that may be served
  let settled = 1 // the oldest
  const asked: Record<string, number> = {}
  const stop = new AbortController()
  const check = async (name: string, client: Client, pauseMs = 2) => {
    for (asked[name] = 0; !stop.signal.aborted; asked[name]++) {
      const oldest = settled
      const state = stateIn(await within(client(question('www.example.org.', 'A')), name))
      assert.ok(state >= oldest && state <= round, `${name}: ${oldest} <= ${state} <= ${round}`)
      const all = decodeMessage(await within(client(question('multi.example.org.', 'ANY')), name)).answer.length
      assert.ok(all === 1 || all === 2, `${name}: ${all}`)
      await sleep(pauseMs) // the reloads need the processor, too
    }
  }
  const load = Promise.all([
    check('udp', udp(placeOf('DNS over UDP and TCP'))),
    check('udp, other', udp(placeOf('DNS over UDP and TCP'))),
    check('tcp', stream(connectTcp(placeOf('DNS over UDP and TCP')))),
    check('tls', tls(placeOf('DNS over TLS')), 20),
    check('https', https(placeOf('DNS over HTTPS'))),
  ])
  const reloading = (async () => {
    for (round = 2; round <= ROUNDS; round++) {
      writeZone(round)
      if (round % 5 === 0) writeConfig({ any: round % 2 === 0 ? false : { over: 'all' } })
      if (round % 10 === 0) writeCertificate()
      child.kill('SIGHUP')
      await eventually(() => assert.ok(lines.some((line) => line.endsWith(`with serial ${round}`))))
      settled = round - 1 // the workers hear of the last one in a moment
    }
    round = ROUNDS
  })()
  await Promise.race([load, reloading])
  stop.abort()
  await Promise.all([load, reloading])
  await sleep(100) // threads that wait for datagrams look at their messages every 20 ms
  for (const [name, count] of Object.entries(asked)) assert.ok(count > 20, `${name}: ${count}`)

  const { metrics } = await measured()
  assert.equal(metrics.get('namestream_reload_failed_total'), 0)
  const expected = ROUNDS - 1 + Math.floor(ROUNDS / 5) + Math.floor(ROUNDS / 10)
  assert.equal(metrics.get('namestream_reloads_total'), expected)
  assert.equal(metrics.get('namestream_worker_deaths_total'), 0)
  assert.equal(metrics.get('coredns_panics_total'), 0)
})

describe('what is not sound', () => {
  for (const [title, breakIt, told] of [
    [
      'a configuration',
      () => replaceFile('config.json', '{"linsk": {}}'),
      /the configuration stays as it was: .*"links"\?$/,
    ],
    ['a zone', () => replaceFile('zone', '@ 300 NS ns\n'), /example\.org\. is served as before: .*SOA/],
    ['a certificate', () => replaceFile('cert.pem', 'none'), /the certificate stays as it was: .*cert\.pem: holds/],
  ] as const) {
    test(`${title}: what is served stays`, async () => {
      const state = stateIn(await askOnce())
      const { metrics: earlier } = await measured()
      breakIt()
      child.kill('SIGHUP')
      await eventually(() => assert.match(lines.at(-1) ?? '', told))
      const { metrics } = await measured()
      const failed = 'namestream_reload_failed_total'
      assert.equal(metrics.get(failed), (earlier.get(failed) ?? 0) + 1)
      assert.equal(stateIn(await askOnce()), state)
      assert.equal(stateIn(await tls(placeOf('DNS over TLS'))(question('www.example.org.', 'A'))), state)
      writeZone(state)
      writeConfig({})
      writeCertificate()
    })
  }
})

// ---------------------------------------------------------------------------

type Client = (query: Uint8Array) => Promise<Uint8Array>

const endings: (() => void)[] = []

/** A file is replaced in one step, as everybody should. */
function replaceFile(name: string, text: string): void {
  writeFileSync(file(`${name}.new`), text)
  renameSync(file(`${name}.new`), file(name))
}

/** State N of the zone: www leads to a name that no other state has, and that is handed out long after it. */
function writeZone(n: number): void {
  const many = Array.from({ length: 2000 }, (_, i) => `n${i} A 198.18.${i >> 8}.${i & 255}`)
  const first = [
    `@ SOA ns h ${n} 3600 600 86400 60`,
    '@ NS ns',
    `www CNAME v${n}`,
    'multi A 192.0.2.1',
    'multi TXT "one"',
  ]
  replaceFile('zone', `$TTL 300\n${[...first, ...many, `v${n} A 192.0.2.${n}`].join('\n')}\n`)
}

function writeConfig(links: unknown): void {
  const listen = ['127.0.0.1:0']
  replaceFile(
    'config.json',
    JSON.stringify({
      zones: { 'example.org': 'zone' },
      dns: listen,
      tls: { certificate: 'cert.pem', key: 'key.pem', listen },
      https: { listen },
      health: '127.0.0.1:0',
      workers: 2,
      reload: false,
      links,
    }),
  )
}

/** Clients trust every certificate in this test: what is looked at is whether they are answered. */
function writeCertificate(): void {
  const made = makeCertificate()
  replaceFile('cert.pem', made.cert)
  replaceFile('key.pem', made.key)
}

function placeOf(what: string): Endpoint {
  return parseEndpoint((places[what] ?? '').replace(/^https:\/\/|\/.*$/g, ''))
}

function question(name: string, type: string): Uint8Array {
  return encodeQuery({ id: 7, name: parseName(name), type: typeNumber(type) ?? 0 })
}

/** Which state of the zone an answer about www is from; fails if it is from more than one. */
function stateIn(packet: Uint8Array): number {
  const { rcode, answer } = decodeMessage(packet)
  const shown = answer.map(({ type, rdata }) => formatRdata(type, rdata))
  const state = Number(/^v(\d+)\.example\.org\.$/.exec(shown[0] ?? '')?.[1])
  assert.deepEqual({ rcode, shown }, { rcode: 0, shown: [`v${state}.example.org.`, `192.0.2.${state}`] })
  return state
}

async function within<T>(promise: Promise<T>, name: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${name}: no answer in 20 s`)), 20_000)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

function askOnce(): Promise<Uint8Array> {
  return within(udp(placeOf('DNS over UDP and TCP'))(question('www.example.org.', 'A')), 'udp')
}

function udp({ host, port }: Endpoint): Client {
  const socket = createSocket('udp4')
  endings.push(() => socket.close())
  return async (query) => {
    socket.send(query, port, host)
    const [reply] = await once(socket, 'message')
    return reply
  }
}

/** One question after another on a connection. */
function stream(socket: Socket): Client {
  endings.push(() => socket.destroy())
  return async (query) => {
    socket.write(Buffer.concat([Uint8Array.of(query.length >> 8, query.length), query]))
    let received = Buffer.alloc(0)
    while (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) {
      const [chunk] = await once(socket, 'data')
      received = Buffer.concat([received, chunk])
    }
    return received.subarray(2)
  }
}

/** A connection for each question, so that all certificates are met. */
function tls(endpoint: Endpoint): Client {
  return async (query) => {
    const socket = connectTls({ ...endpoint, rejectUnauthorized: false, ALPNProtocols: ['dot'] })
    await once(socket, 'secureConnect')
    const reply = await stream(socket)(query)
    socket.destroy()
    return reply
  }
}

function https(endpoint: Endpoint): Client {
  const session: ClientHttp2Session = connectHttp2(`https://127.0.0.1:${endpoint.port}`, { rejectUnauthorized: false })
  endings.push(() => session.destroy())
  return async (query) => {
    const request = session.request({ ':path': `/dns-query?dns=${Buffer.from(query).toString('base64url')}` })
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    return Buffer.concat(chunks)
  }
}

async function measured(): Promise<{ metrics: Map<string, number> }> {
  const response = await fetch(`${places['health, ready, metrics']}/metrics`)
  const samples = (await response.text()).split('\n').filter((line) => !line.startsWith('#'))
  return { metrics: new Map(samples.map((line) => [line.split(' ')[0] ?? '', Number(line.split(' ')[1])])) }
}
