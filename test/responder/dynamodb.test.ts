/** The responder as it runs on AWS: a process of its own that follows the tables the environment names. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Endpoint, parseEndpoint } from '../../responder/listeners/endpoint.ts'
import { dynamoDbChangeLogReader, dynamoDbChangeLogWriter } from '../../shared/aws/change-log.ts'
import { dynamoDbNameStore } from '../../shared/aws/name-store.ts'
import { dynamoDbZoneStore } from '../../shared/aws/zone-store.ts'
import type { Name } from '../../shared/dns/name.ts'
import { newZone } from '../../shared/records/new-zone.ts'
import { packWrites } from '../../shared/records/segments.ts'
import { testTables } from '../dynamodb.ts'
import { addresses, askUdp } from './client.ts'

const main = join(import.meta.dirname, '../../responder/main.ts')
const children: ChildProcess[] = []
after(() => {
  for (const child of children) child.kill('SIGKILL')
})
const { client, names: tables, environment } = await testTables()
const names = dynamoDbNameStore(client, tables.names)
const log = { ...dynamoDbChangeLogReader(client, tables.changelog), ...dynamoDbChangeLogWriter(client, tables) }

test('starts from the tables and follows the change log', async () => {
  await dynamoDbZoneStore(client, tables.zones).add(newZone('example.org.' as Name))
  await write('before', '192.0.2.1')
  await write('unlogged', '192.0.2.2', false)

  const child = run(environment)
  const dns = await untilReady(child)
  assert.deepEqual(addresses(await askUdp(dns, 'before.example.org. A')), ['192.0.2.1'])
  assert.deepEqual(addresses(await askUdp(dns, 'unlogged.example.org. A')), ['192.0.2.2'])

  await write('after', '192.0.2.3')
  while (addresses(await askUdp(dns, 'after.example.org. A'))[0] !== '192.0.2.3') await sleep(10)
  const soa = (await askUdp(dns, 'example.org. SOA')).answer[0]?.rdata ?? new Uint8Array()
  assert.equal(Buffer.from(soa).readUInt32BE(soa.length - 20), 3)

  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  assert.deepEqual(await exit, [0, null])
})

test('says which variable is missing', async () => {
  const { NAMES_TABLE: _, ...incomplete } = environment
  const child = run(incomplete)
  let err = ''
  child.stderr?.on('data', (chunk) => {
    err += chunk
  })
  const [code] = await once(child, 'close')
  assert.equal(err, 'responder: without --zone, the environment variable NAMES_TABLE must name the names table\n')
  assert.equal(code, 1)
})

// ---------------------------------------------------------------------------

async function write(label: string, address: string, logged = true): Promise<void> {
  const name = `${label}.example.org.` as Name
  const rrsets = { A: { ttl: 60, rdata: [address] } }
  const record = { name, zone: 'example.org.' as Name, version: Date.now(), rrsets }
  await names.write(record, 0)
  if (!logged) return
  const { changes } = packWrites([{ new: record }])
  assert.deepEqual(await log.append({ seq: (await log.head()) + 1, at: Date.now(), changes }), { kind: 'appended' })
}

function run(variables: Readonly<Record<string, string>>): ChildProcess {
  const env = { ...process.env, NAMES_TABLE: '', ...variables }
  const child = spawn(process.execPath, [main, '--dns', '127.0.0.1:0', '--interval', '0.05'], { env })
  children.push(child)
  return child
}

async function untilReady(child: ChildProcess): Promise<Endpoint> {
  assert.ok(child.stdout)
  let dns: Endpoint | undefined
  for await (const line of createInterface({ input: child.stdout })) {
    const text = /^DNS over UDP and TCP: (.*)$/.exec(line)?.[1]
    if (text !== undefined) dns = parseEndpoint(text)
    if (line === 'ready' && dns !== undefined) return dns
  }
  throw new Error('the process ended before it was ready')
}
