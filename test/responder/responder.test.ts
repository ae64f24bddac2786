import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect as connectTcp, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, afterEach, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from 'node:tls'
import type { Worker } from 'node:worker_threads'
import { type Certificate, newTicketKeys } from '../../responder/listeners/certificate.ts'
import { type Responder, type ResponderOptions, startResponder } from '../../responder/responder.ts'
import { changeLog } from '../../responder/sources/change-log.ts'
import { zoneFiles } from '../../responder/sources/zone-files.ts'
import { encodeQuery } from '../../shared/dns/encode-query.ts'
import { parseName } from '../../shared/dns/name.ts'
import { eventually } from '../eventually.ts'
import { makeCertificate } from './certificate.ts'
import { addresses, askTcp, askUdp } from './client.ts'
import { nativeUdp, threadsPerWorker } from './native-udp.ts'
import { Registry } from './sources/registry.ts'

const folder = mkdtempSync(join(tmpdir(), 'responder-test-'))
after(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'example.org.zone')
writeFileSync(file, '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\nns 300 A 192.0.2.1\nwww 300 A 192.0.2.10\n')

const loopback = { host: '127.0.0.1', port: 0 }
let responder: Responder | undefined
afterEach(async () => {
  await responder?.stop()
  responder = undefined
})

describe('a responder of zone files', () => {
  for (const workers of [1, 2]) {
    test(`answers over UDP and TCP with ${workers} workers`, async () => {
      const { dns } = await start({ workers })
      for (let i = 0; i < 8; i++) {
        assert.deepEqual(addresses(await askUdp(dns, 'www.example.org. A')), ['192.0.2.10'])
        assert.deepEqual(addresses(await askTcp(dns, 'www.example.org. A')), ['192.0.2.10'])
      }
    })
  }

  test('listens on several addresses', async () => {
    responder = await startResponder({ source: source(), dns: [loopback, { host: '127.0.0.2', port: 0 }] })
    for (const endpoint of await responder.ready) {
      assert.equal((await askUdp(endpoint, 'example.org. SOA')).answer.length, 1)
    }
  })

  test('is stopped while it starts, without haste and without complaint', async () => {
    const ready = { start: async () => {}, status: () => ({ loading: undefined, zones: 0, names: 0 }) }
    for (let ms = 0; ms <= 300; ms += 50) {
      const starting = await startResponder({ source: ready, dns: [loopback] })
      const refused = starting.ready.then(
        () => false,
        () => true,
      )
      await sleep(ms)
      const began = performance.now()
      await starting.stop()
      const tookMs = performance.now() - began
      assert.ok(tookMs < 2500, `${tookMs} ms at its end after ${ms} ms`)
      assert.notEqual(await Promise.race([refused, sleep(0)]), true)
    }
  })

  test('is refused a file that is not sound', async () => {
    const bad = join(folder, 'bad.zone')
    writeFileSync(bad, '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\nwww 300 A 192.0.2.256\n')
    responder = await startResponder({ source: source(bad), dns: [loopback] })
    await assert.rejects(responder.ready, (error: Error) => error.message.startsWith(`${bad}:3: A: `))
    assert.notDeepEqual(responder.unready(), [])
  })

  test('reads no further file once it is stopped', async () => {
    const stopped = new AbortController()
    const files = ['example.org', 'example.net'].map((origin) => ({ origin: parseName(origin), file }))
    const both = zoneFiles(files)
    await both.start(() => stopped.abort(), stopped.signal)
    assert.equal(both.status().loading, `reading example.org. from ${file}`)
  })

  test('is refused a file that is not there', async () => {
    responder = await startResponder({ source: source('/no/such/file'), dns: [loopback] })
    await assert.rejects(responder.ready, /^Error: \/no\/such\/file: there is no such file$/)
  })

  test('says which port is taken, before it loads anything', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    const endpoint = { host: '127.0.0.1', port }
    const message = `cannot listen on 127.0.0.1:${port}: the port is taken`
    await assert.rejects(startResponder({ source: source(), dns: [endpoint] }), { message })
    await assert.rejects(startResponder({ source: source(), dns: [loopback], control: endpoint }), { message })
    taken.close()
  })

  test('does not share its port with another responder', async () => {
    const { dns } = await start({ workers: 2 })
    await assert.rejects(startResponder({ source: source(), dns: [dns], workers: 2 }), /the port is taken/)
  })
})

describe('a worker that dies', () => {
  for (const workers of [1, 2]) {
    test(`is replaced, one of ${workers}`, async () => {
      const threads: Worker[] = []
      const watch = (thread: Worker) => threads.push(thread)
      process.on('worker', watch)
      const { dns } = await start({ workers, control: loopback })
      process.off('worker', watch)
      const before = await metric('coredns_dns_requests_total{proto="udp",type="A"}')
      await askUdp(dns, 'www.example.org. A')
      assert.equal(threads.length, threadsPerWorker * workers + 1, 'workers, and the thread that read the file')
      await Promise.all([threads[0], threads[(threadsPerWorker - 1) * workers]].map((thread) => thread?.terminate()))

      assert.deepEqual(addresses(await askUdp(dns, 'www.example.org. A')), ['192.0.2.10'])
      while ((await metric('namestream_workers')) !== workers) await sleep(20)
      for (let i = 0; i < 8; i++) {
        assert.deepEqual(addresses(await askUdp(dns, 'www.example.org. A')), ['192.0.2.10'])
      }
      assert.equal(await metric('namestream_worker_deaths_total'), threadsPerWorker)
      assert.ok((await metric('coredns_dns_requests_total{proto="udp",type="A"}')) >= before + 10, 'counters go on')
      assert.deepEqual(responder?.unready(), [])
    })
  }
})

test('what waits for a worker that died is answered by the one that takes its place', {
  skip: !nativeUdp,
}, async () => {
  const threads: Worker[] = []
  const watch = (thread: Worker) => threads.push(thread)
  process.on('worker', watch)
  const { dns } = await start({ control: loopback })
  process.off('worker', watch)
  await threads[1]?.terminate()
  const client = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 })
  let replies = 0
  client.on('message', () => replies++)
  const question = encodeQuery({ id: 1, name: parseName('www.example.org.'), type: 1 })
  for (let i = 0; i < 100; i++) client.send(question, dns.port, dns.host)
  await eventually(() => assert.equal(replies, 100))
  assert.equal(await metric('namestream_worker_deaths_total'), 1)
  client.close()
})

test('ends in time while it is asked on and on', async () => {
  const { dns } = await start({ workers: 2 })
  const client = createSocket('udp4')
  let replies = 0
  client.on('message', () => replies++)
  const question = encodeQuery({ id: 1, name: parseName('www.example.org.'), type: 1 })
  const flood = setInterval(() => {
    for (let i = 0; i < 100; i++) client.send(question, dns.port, dns.host)
  }, 1)
  await eventually(() => assert.ok(replies > 1000))
  const began = performance.now()
  await responder?.stop()
  assert.ok(performance.now() - began < 1500)
  clearInterval(flood)
  client.close()
})

test('a worker that takes the place of another has what changed since the start', async () => {
  const changing = join(folder, 'changing.zone')
  const write = (serial: number, address: string) =>
    writeFileSync(changing, `$TTL 60\n@ SOA ns h ${serial} 3600 600 86400 60\n@ NS ns\nwww A ${address}\nwww TXT "x"\n`)
  write(1, '192.0.2.1')
  const threads: Worker[] = []
  const watch = (thread: Worker) => threads.push(thread)
  process.on('worker', watch)
  const files = [{ origin: parseName('example.org.'), file: changing }]
  const changed = zoneFiles(files)
  const before = certificate()
  const secure = { tls: [loopback], https: [], path: '/', certificate: before }
  const { dns } = await start({ source: changed, secure, control: loopback })
  process.off('worker', watch)
  const [, tls] = (await responder?.ready) ?? []
  assert.equal((await askTcp(dns, 'www.example.org. ANY')).answer.length, 2, 'over TCP an answer is whole')

  write(2, '192.0.2.2')
  await changed.reread(files, false)
  const after = certificate()
  responder?.change({ links: { any: { over: 'all' } }, secure: { certificate: after, path: '/' } })
  await Promise.all(threads.slice(0, threadsPerWorker).map((thread) => thread.terminate()))
  while ((await metric('namestream_worker_deaths_total')) !== threadsPerWorker) await sleep(20)
  while ((await metric('namestream_workers')) !== 1) await sleep(20)
  assert.deepEqual(addresses(await askUdp(dns, 'www.example.org. A')), ['192.0.2.2'])
  assert.equal((await askTcp(dns, 'www.example.org. ANY')).answer.length, 1)
  const client = connect({ ...tls, ca: after.chain, servername: 'localhost' })
  await once(client, 'secureConnect') // it would be refused with the certificate from before
  client.destroy()
})

test('a setting bounds the connections', async () => {
  const { dns } = await start({ limits: { connections: 1, perClient: 1, idleMs: 10_000 }, control: loopback })
  const first = connectTcp(dns.port, dns.host)
  await once(first, 'connect')
  while ((await metric('namestream_tcp_connections')) !== 1) await sleep(10)
  const second = connectTcp(dns.port, dns.host)
  second.on('error', () => {}).resume()
  await once(second, 'close')
  assert.equal(await metric('namestream_tcp_rejected_total'), 1)
  first.destroy()
})

test('a worker that dies while the store is away is replaced, and nothing is lost', async () => {
  const registry = new Registry()
  await registry.serve()
  for (let i = 0; i < 200; i++) await registry.write(`n${i}`, [`192.0.2.${i}`])
  await registry.log()
  const told: string[] = []
  const threads: Worker[] = []
  const watch = (thread: Worker) => threads.push(thread)
  process.on('worker', watch)
  const followed = changeLog({ ...registry.ports, tell: (line) => told.push(line), intervalMs: 10 })
  const { dns } = await start({ source: followed, control: loopback })
  process.off('worker', watch)

  registry.away = true
  while (told.length === 0) await sleep(10)
  await Promise.all(threads.map((thread) => thread.terminate()))
  while ((await metric('namestream_worker_deaths_total')) !== threadsPerWorker) await sleep(10)
  for (const i of [0, 99, 199]) {
    assert.deepEqual(addresses(await askUdp(dns, `n${i}.example.org. A`)), [`192.0.2.${i}`])
  }
  await eventually(async () => assert.equal((await get('/ready')).status, 200))
  assert.ok((await metric('namestream_data_age_seconds')) > 0)
  assert.equal(await metric('namestream_log_position'), 2)
})

describe('control', () => {
  test('/health, /ready, /metrics, and 404 for the rest', async () => {
    const { dns } = await start({ control: loopback })
    await askUdp(dns, 'www.example.org. A')
    await askTcp(dns, 'nx.example.org. A')
    assert.deepEqual(await get('/health'), { status: 200, body: 'OK\n' })
    assert.deepEqual(await get('/ready'), { status: 200, body: 'OK\n' })
    for (const path of ['/', '/healthz', '/health/x', '/__proto__', '/toString'])
      assert.equal((await get(path)).status, 404)
    for (const [name, value] of [
      ['coredns_dns_requests_total{proto="udp",type="A"}', 1],
      ['coredns_dns_requests_total{proto="tcp",type="A"}', 1],
      ['coredns_dns_responses_total{rcode="NOERROR"}', 1],
      ['coredns_dns_responses_total{rcode="NXDOMAIN"}', 1],
      ['coredns_dns_request_duration_seconds_count', 2],
      ['coredns_dns_request_duration_seconds_bucket{le="+Inf"}', 2],
      ['coredns_dns_request_size_bytes_bucket{proto="udp",le="100"}', 1],
      ['coredns_dns_request_size_bytes_sum{proto="udp"}', 33],
      ['coredns_panics_total', 0],
      ['namestream_zones', 1],
      ['namestream_names', 2],
      ['namestream_workers', 1],
    ] as const) {
      assert.equal(await metric(name), value, name)
    }
  })

  describe('takes up little, whoever comes', () => {
    const connected = (count: number, sent: string) =>
      Array.from({ length: count }, () => {
        const client = connectTcp(responder?.control?.port ?? 0, '127.0.0.1')
        client.on('error', () => {}) // it is cut
        client.write(sent)
        return client.resume()
      })
    const left = (clients: readonly Socket[]) => clients.filter((client) => !client.destroyed).length

    test('a connection is for one request', async () => {
      await start({ control: loopback })
      const [client] = connected(1, 'GET /metrics HTTP/1.1\r\nhost: l\r\n\r\n'.repeat(1000))
      assert.equal((await text(client as Socket)).match(/200 OK/g)?.length, 1)
    })

    test('who says nothing, or not all, is cut', async () => {
      await start({ control: loopback })
      const clients = [...connected(1, ''), ...connected(1, 'GET /health HTTP/1.1\r\nhos')]
      await eventually(() => assert.equal(left(clients), 0))
    })

    test('connections are bounded', async () => {
      await start({ control: loopback })
      const clients = connected(150, '')
      await eventually(() => assert.equal(left(clients), 100))
      for (const client of clients) client.destroy()
      await eventually(async () => assert.equal((await get('/health')).status, 200))
    })
  })

  test('is there while the zones are read', async () => {
    responder = await startResponder({ source: source(), dns: [loopback], control: loopback })
    assert.equal((await get('/health')).status, 200)
    await responder.ready
    assert.equal((await get('/ready')).status, 200)
  })

  test('says why it is not ready', async () => {
    responder = await startResponder({ source: source('/no/such/file'), dns: [loopback], control: loopback })
    await assert.rejects(responder.ready)
    const { status, body } = await get('/ready')
    assert.equal(status, 503)
    assert.match(body, /^source: reading example\.org\. from \/no\/such\/file$/m)
    assert.match(body, /^workers: none of 1 listens$/m)
  })
})

test('how long a write was on its way is told, by /metrics and by the reports', async () => {
  const registry = new Registry()
  await registry.serve()
  await registry.writeAndLog('before', ['192.0.2.1'])
  const lines: string[] = []
  const reports = { intervalMs: 20, write: (line: string) => void lines.push(line) }
  const followed = changeLog({ ...registry.ports, tell: assert.fail, intervalMs: 10 })
  const { dns } = await start({ source: followed, control: loopback, reports })
  assert.equal(await metric('namestream_propagation_seconds_count'), 0)

  registry.writtenAt = Date.now() - 7_000
  await registry.writeAndLog('h', ['192.0.2.2'])
  while ((await metric('namestream_propagation_seconds_count')) === 0) await sleep(10)
  // A thread that waits for datagrams hears of it within milliseconds.
  await eventually(async () => assert.deepEqual(addresses(await askUdp(dns, 'h.example.org. A')), ['192.0.2.2']))
  assert.deepEqual(
    await Promise.all(['5', '3600', '+Inf'].map((le) => metric(`namestream_propagation_seconds_bucket{le="${le}"}`))),
    [0, 1, 1],
  )
  while (!lines.some((line) => JSON.parse(line).LogPosition === 3)) await sleep(10)
  await responder?.stop()
  const reported = lines.map((line) => JSON.parse(line))
  const told = reported.flatMap(({ Propagation }) => Propagation ?? [])
  assert.equal(told.length, 1, 'once, and no more')
  assert.ok(told[0] >= 7_000)
  const stands = ({ LogPosition, Workers, Names }: Record<string, number>) => [LogPosition, Workers, Names]
  assert.deepEqual(stands(reported.findLast(({ Workers }) => Workers !== undefined)), [3, 1, 2])
  assert.deepEqual(stands(reported.at(-1)), [undefined, undefined, 2], 'while it ends it serves nothing')
})

test('a lame duck answers on, but is not ready', async () => {
  const { dns } = await start({ control: loopback, lameduckMs: 300 })
  const stopped = responder?.stop()
  assert.deepEqual(await get('/ready'), { status: 503, body: 'lameduck: the responder is about to stop\n' })
  assert.equal((await get('/health')).status, 200)
  assert.deepEqual(addresses(await askUdp(dns, 'www.example.org. A')), ['192.0.2.10'])
  await stopped
  await assert.rejects(askTcp(dns, 'www.example.org. A'), /ECONNREFUSED/)
  responder = undefined
})

// ---------------------------------------------------------------------------

function certificate(): Certificate {
  const { cert, key } = makeCertificate()
  return { chain: cert, key, ticketKeys: newTicketKeys() }
}

function source(path = file) {
  return zoneFiles([{ origin: parseName('example.org.'), file: path }])
}

async function start(options: Partial<ResponderOptions>) {
  responder = await startResponder({ source: source(), dns: [loopback], ...options })
  const [dns] = await responder.ready
  assert.ok(dns)
  return { dns }
}

async function get(path: string): Promise<{ status: number; body: string }> {
  const response = await fetch(`http://127.0.0.1:${responder?.control?.port}${path}`)
  return { status: response.status, body: await response.text() }
}

/** One figure of /metrics. */
async function metric(name: string): Promise<number> {
  const line = (await get('/metrics')).body.split('\n').find((each) => each.startsWith(`${name} `))
  assert.ok(line, name)
  return Number(line.slice(name.length + 1))
}
