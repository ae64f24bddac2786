/** The content of the image as it runs on Fargate: read-only, configured by the environment, with the role of a task. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { dynamoDbNameStore } from '../../../shared/aws/name-store.ts'
import { dynamoDbZoneStore } from '../../../shared/aws/zone-store.ts'
import { container } from '../../../shared/container.ts'
import type { Name } from '../../../shared/dns/name.ts'
import { newZone } from '../../../shared/records/new-zone.ts'
import { testTables } from '../../dynamodb.ts'
import { eventually } from '../../eventually.ts'
import { makeCertificate } from '../certificate.ts'
import { addresses, askTcp, askUdp } from '../client.ts'
import { buildImage, filesOf, finished, runImage, untilReady } from './built.ts'

const { client, endpoint, names: tables } = await testTables()
const role = await startRole()
const environment = {
  AWS_REGION: 'us-east-1',
  AWS_CONTAINER_CREDENTIALS_FULL_URI: role.url,
  AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  NAMES_TABLE: tables.names,
  ZONES_TABLE: tables.zones,
  CHANGELOG_TABLE: tables.changelog,
  DNS_LISTEN: '[::]:0',
  HEALTH_LISTEN: '127.0.0.1:0',
  LAMEDUCK_SECONDS: '1',
  POLL_SECONDS: '0.05',
}

before(async () => {
  await buildImage()
  const zone = 'example.org.' as Name
  await dynamoDbZoneStore(client, tables.zones).add(newZone(zone))
  const rrsets = { A: { ttl: 60, rdata: ['192.0.2.1'] } }
  await dynamoDbNameStore(client, tables.names).write({ name: 'www.example.org.' as Name, zone, version: 1, rrsets }, 0)
})

test('serves, tells metrics, says when it is about to stop, and writes to no file', async () => {
  const files = filesOf()
  assert.equal(files.filter((file) => /^[\w-]+\.mjs /.test(file)).length, 4)
  const child = runImage({ ...environment, WORKERS: '2', METRICS_SECONDS: '0.2' })
  const { dns, health, lines } = await untilReady(child)
  for (const host of ['127.0.0.1', '::1']) {
    for (const ask of [askUdp, askTcp]) {
      assert.deepEqual(addresses(await ask({ ...dns, host }, 'www.example.org. A')), ['192.0.2.1'])
    }
  }
  assert.equal(role.asked(), true)
  for (const page of ['health', 'ready']) assert.equal((await fetch(`${health}/${page}`)).status, 200)
  const metrics = await (await fetch(`${health}/metrics`)).text()
  assert.match(metrics, /^coredns_build_info\{version="\d+\.\d+\.\d+",/m)
  if (process.platform === 'linux') assert.match(metrics, /^namestream_udp_receive_drops_total 0$/m, 'UDP is native')
  await eventually(() => assert.equal(sumOf(lines, 'Queries'), 4))

  const HEALTH_LISTEN = health.replace('http://', '')
  const checked = async (listen: string) =>
    (await finished(runImage({ ...environment, HEALTH_LISTEN: listen }, container.healthCheck))).code
  assert.equal(await checked(HEALTH_LISTEN), 0)
  assert.equal(await checked(HEALTH_LISTEN.replace('127.0.0.1', '[::]')), 0)

  const exit = once(child, 'exit')
  const told = Date.now()
  child.kill('SIGTERM')
  await eventually(async () => assert.equal((await fetch(`${health}/ready`)).status, 503))
  assert.match(await (await fetch(`${health}/ready`)).text(), /^lameduck: /)
  assert.deepEqual(addresses(await askUdp(dns, 'www.example.org. A')), ['192.0.2.1'])
  assert.deepEqual(await exit, [0, null])
  assert.ok(Date.now() - told >= 1000)
  assert.equal(sumOf(lines, 'Queries'), 5, 'what came last is reported, too')
  assert.equal(await checked(HEALTH_LISTEN), 1)
  assert.deepEqual(filesOf(), files)
})

test('tells which task it is', async () => {
  const ECS_CONTAINER_METADATA_URI_V4 = role.url // it has the id of the task, too
  const { dns } = await untilReady(runImage({ ...environment, ECS_CONTAINER_METADATA_URI_V4 }))
  const { answer } = await askUdp({ ...dns, host: '127.0.0.1' }, 'id.server. TXT CH')
  assert.equal(Buffer.from(answer[0]?.rdata ?? []).toString('latin1'), '\x20158d1c8083dd49d6b527399fd6414f5c')
})

test('serves zone files over TLS and HTTPS, as CONFIG says it, where variables say nothing else', async () => {
  const [folder, { cert, key }] = [mkdtempSync(join(tmpdir(), 'namestream-image-')), makeCertificate()]
  after(() => rmSync(folder, { recursive: true }))
  chmodSync(folder, 0o755)
  const zone = '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\nwww 300 A 192.0.2.9\n'
  for (const [name, text] of [
    ['zone', zone],
    ['cert.pem', cert],
    ['key.pem', key],
  ] as const) {
    writeFileSync(join(folder, name), text)
  }
  const config = {
    zones: { 'example.org': 'zone' },
    dns: ['192.0.2.1:53'],
    tls: { certificate: 'cert.pem', key: 'absent.pem' },
    https: { listen: ['127.0.0.1:0'] },
    health: '127.0.0.1:0',
    workers: 1,
  }
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config))
  const child = runImage({
    CONFIG_FILE: join(folder, 'config.json'),
    DNS_LISTEN: '127.0.0.1:0, 127.0.0.2:0',
    TLS_LISTEN: '127.0.0.1:0',
    TLS_KEY: join(folder, 'key.pem'),
    LAMEDUCK_SECONDS: '0',
  })
  const { dns, lines } = await untilReady(child)
  assert.deepEqual(addresses(await askUdp(dns, 'www.example.org. A')), ['192.0.2.9'])
  for (const [what, count] of [
    ['DNS over UDP and TCP', 2],
    ['DNS over TLS', 1],
    ['DNS over HTTPS', 1],
  ] as const) {
    assert.equal(lines.filter((line) => line.startsWith(`${what}: `)).length, count, what)
  }
  const url = lines.find((line) => line.startsWith('DNS over HTTPS: '))?.slice('DNS over HTTPS: '.length)
  const { port } = new URL(url ?? '')
  const socket = connectTls({ port: Number(port), ca: cert, servername: 'localhost' })
  await once(socket, 'secureConnect')
  socket.destroy()
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  assert.deepEqual(await exit, [0, null])
})

test('ends at once at the second signal', async () => {
  const child = runImage({ ...environment, LAMEDUCK_SECONDS: '600' })
  const { health } = await untilReady(child)
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  await eventually(async () => assert.equal((await fetch(`${health}/ready`)).status, 503))
  child.kill('SIGTERM')
  assert.deepEqual(await exit, [0, null])
})

test('waits for a DynamoDB that cannot be reached, and says so', async () => {
  const port = await freePort()
  const healthPort = await freePort()
  const child = runImage({
    ...environment,
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${port}`,
    HEALTH_LISTEN: `127.0.0.1:${healthPort}`,
  })
  const url = `http://127.0.0.1:${healthPort}`
  await eventually(async () => assert.equal((await fetch(`${url}/health`)).status, 200))
  await eventually(async () => {
    const ready = await fetch(`${url}/ready`)
    assert.equal(ready.status, 503)
    assert.match(await ready.text(), /^source: the store does not answer: connect ECONNREFUSED /)
  })
  const way = createServer((socket) => {
    const { hostname, port: to } = new URL(endpoint)
    socket.pipe(connect(Number(to), hostname)).pipe(socket)
    socket.on('error', () => {})
  }).listen(port, '127.0.0.1')
  after(() => way.close())
  await untilReady(child)
  assert.equal((await fetch(`${url}/ready`)).status, 200)
  child.kill('SIGKILL')
})

describe('is refused, with one line', () => {
  for (const [variable, value, reason] of [
    ['NAMES_TABLE', '', 'the environment variable NAMES_TABLE must name the names table'],
    ['CHANGELOG_TABLE', '', 'the environment variable CHANGELOG_TABLE must name the changelog table'],
    ['AWS_REGION', '', 'the environment variable AWS_REGION must name the region'],
    ['DNS_LISTEN', '1053', 'DNS_LISTEN: "1053" is not HOST:PORT'],
    ['HEALTH_LISTEN', 'localhost', 'HEALTH_LISTEN: "localhost" is not HOST:PORT'],
    ['WORKERS', '0.25', 'WORKERS: "0.25" is not a number from 1 to 64'],
    ['LAMEDUCK_SECONDS', '20s', 'LAMEDUCK_SECONDS: "20s" is not a number of seconds from 0 to 3600'],
    ['POLL_SECONDS', '0', 'POLL_SECONDS: "0" is not a number of seconds from 0.01 to 3600'],
    ['COOKIE_SECRETS', 'e5e973e5', 'COOKIE_SECRETS: a secret must be 32 hexadecimal digits'],
    ['TLS_LISTEN', '[::]:853', 'tls and https need a certificate and its key'],
    ['TLS_LISTEN', '853', 'TLS_LISTEN: "853" is not HOST:PORT'],
    ['CONFIG', '{"worker": 2}', 'CONFIG: "worker" is not known here; did you mean "workers"?'],
    ['CONFIG_FILE', '/no/such/file', 'CONFIG_FILE: /no/such/file: there is no such file'],
    ['METRICS_SECONDS', '-1', 'METRICS_SECONDS: "-1" is not a number of seconds from 0 to 3600'],
  ] as const) {
    test(`${variable}=${value}`, async () => {
      const { code, err } = await finished(runImage({ ...environment, [variable]: value }))
      assert.equal(err, `responder: ${reason}\n`)
      assert.equal(code, 1)
    })
  }
})

// ---------------------------------------------------------------------------

/** Adds up a metric over all lines of metrics. */
function sumOf(lines: readonly string[], metric: string): number {
  const metrics = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))
  return metrics.reduce((sum, line) => sum + line[metric], 0)
}

/** What gives a task on Fargate the credentials of its role. */
async function startRole(): Promise<{ url: string; asked: () => boolean }> {
  let asked = false
  const server = createHttpServer((_request, response) => {
    asked = true
    const Expiration = new Date(Date.now() + 3_600_000).toISOString()
    response.setHeader('content-type', 'application/json')
    const TaskARN = 'arn:aws:ecs:us-east-1:111122223333:task/default/158d1c8083dd49d6b527399fd6414f5c'
    response.end(JSON.stringify({ AccessKeyId: 'test', SecretAccessKey: 'test', Token: 'test', Expiration, TaskARN }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/role`, asked: () => asked }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await sleep(0)
  return port
}
