import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { CreateHostedZoneCommand, DeleteHostedZoneCommand, ListHostedZonesCommand } from '@aws-sdk/client-route-53'
import { linkZones } from '../../local/linking.ts'
import { type Route53Emulator, startRoute53 } from '../../local/route53/route53.ts'
import { awsHostedZones } from '../../shared/aws/hosted-zones.ts'
import { route53Client } from '../../shared/aws/route53-client.ts'
import { canonicalName, type Name } from '../../shared/dns/name.ts'
import { memoryStore } from '../../shared/records/memory.ts'
import { newZone } from '../../shared/records/new-zone.ts'
import type { ZoneStore } from '../../shared/records/ports.ts'

const ORG = canonicalName('example.org')
const NET = canonicalName('example.net')
Object.assign(process.env, { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' })

let route53: Route53Emulator
let client: ReturnType<typeof route53Client>
const log: string[] = []
const emulators: Route53Emulator[] = []
beforeEach(async () => {
  log.length = 0
  route53 = await emulator()
  process.env.AWS_ENDPOINT_URL_ROUTE_53 = route53.url
  client = route53Client()
})
afterEach(async () => {
  client.destroy()
  for (const emulator of emulators.splice(0)) await emulator.stop().catch(() => {}) // one test has stopped its own
})

test('hosted zones are created, and are the same at the next start', async () => {
  const zones = await served(ORG, NET)
  const first = await link(zones)
  assert.deepEqual([...first.hostedZones.keys()].sort(), [NET, ORG])
  assert.deepEqual(first.missing, new Map())
  assert.deepEqual(await linked(zones), first.hostedZones)
  assert.deepEqual((await link(zones)).hostedZones, first.hostedZones)
  assert.equal((await existing()).length, 2)
  assert.deepEqual(log, [])
})

test('one that is there already is taken', async () => {
  const id = await create('example.org.')
  const zones = await served(ORG)
  assert.deepEqual((await link(zones)).hostedZones, new Map([[ORG, id]]))
  assert.equal((await existing()).length, 1)
  assert.deepEqual(log, [])
})

test('one of a longer or shorter name is another', async () => {
  await create('www.example.org.')
  await create('ample.org.')
  await link(await served(ORG))
  assert.equal((await existing()).length, 3)
})

describe('of several', () => {
  test('a public one is taken first, and said which', async () => {
    const hidden = await create('example.org.', true)
    const open = await create('example.org.')
    const zones = await served(ORG)
    assert.deepEqual((await link(zones)).hostedZones, new Map([[ORG, open]]))
    const [line = ''] = log
    for (const part of [`${hidden} (private)`, `${open} (public)`, `${open} is taken`])
      assert.ok(line.includes(part), line)
  })

  test('the one that is linked stays', async () => {
    const hidden = await create('example.org.', true)
    await create('example.org.')
    const zones = await served(ORG)
    await zones.link(ORG, hidden)
    assert.deepEqual((await link(zones)).hostedZones, new Map([[ORG, hidden]]))
    assert.deepEqual(log, [])
  })

  test('a private one alone is taken', async () => {
    const hidden = await create('example.org.', true)
    assert.deepEqual((await link(await served(ORG))).hostedZones, new Map([[ORG, hidden]]))
  })
})

test('where the linked one is gone, or another endpoint is asked, it is found or made anew', async () => {
  const zones = await served(ORG)
  const gone = (await link(zones)).hostedZones.get(ORG)
  await client.send(new DeleteHostedZoneCommand({ Id: gone }))
  const made = (await link(zones)).hostedZones.get(ORG)
  assert.ok(made)
  assert.notEqual(made, gone)

  const other = await emulator()
  process.env.AWS_ENDPOINT_URL_ROUTE_53 = other.url
  client = route53Client()
  const there = await create('example.org.')
  assert.deepEqual((await link(zones)).hostedZones, new Map([[ORG, there]]))
})

describe('what goes wrong', () => {
  test('a zone that cannot be created holds up no other', async () => {
    route53.inject({
      when: ({ operation }) => operation === 'CreateHostedZone',
      times: 1,
      effect: { kind: 'error', code: 'AccessDenied' },
    })
    const { hostedZones, missing } = await link(await served(ORG, NET))
    assert.deepEqual([hostedZones.size, missing.size], [1, 1])
    assert.match([...missing.values()].join(), /^AccessDenied: /)
  })

  test('out of reach: no zone is tried after the first', async () => {
    const zones = await served(ORG, NET)
    await route53.stop()
    const { hostedZones, missing } = await link(zones)
    assert.deepEqual(hostedZones, new Map())
    assert.deepEqual([...missing.keys()].sort(), [NET, ORG])
    assert.match([...new Set(missing.values())].join(), /^Error: connect ECONNREFUSED [\d.:]+$/)
  })

  test('the answer to a creation is lost: none is left over', async () => {
    const zones = await served(ORG)
    route53.inject({
      when: ({ operation }) => operation === 'CreateHostedZone',
      times: 1,
      effect: { kind: 'dropAfter' },
    })
    const { missing } = await link(zones)
    assert.equal(missing.size, 1)
    assert.equal((await link(zones)).missing.size, 0)
    assert.equal((await existing()).length, 1)
  })
})

// ---------------------------------------------------------------------------

async function emulator(): Promise<Route53Emulator> {
  const started = await startRoute53({
    endpoint: { host: '127.0.0.1', port: 0 },
    requestsPerSecond: 1000,
    log: assert.fail,
  })
  emulators.push(started)
  return started
}

function link(zones: ZoneStore) {
  const pace = { turn: async () => true, slowDown: async () => {} }
  return linkZones({ zones, registry: awsHostedZones(client), pace, now: Date.now, tell: (line) => log.push(line) })
}

async function served(...names: Name[]) {
  const { zones } = memoryStore()
  for (const name of names) await zones.add(newZone(name))
  return zones
}

async function linked(zones: ZoneStore) {
  return new Map((await zones.list()).map(({ zone, hostedZone }) => [zone, hostedZone]))
}

async function create(name: string, hidden = false): Promise<string> {
  const vpc = {
    VPC: { VPCId: 'vpc-0123456789abcdef0', VPCRegion: 'us-east-1' as const },
    HostedZoneConfig: { PrivateZone: true },
  }
  const { HostedZone } = await client.send(
    new CreateHostedZoneCommand({ Name: name, CallerReference: crypto.randomUUID(), ...(hidden && vpc) }),
  )
  return (HostedZone?.Id ?? '').replace('/hostedzone/', '')
}

async function existing() {
  return (await client.send(new ListHostedZonesCommand({}))).HostedZones ?? []
}
