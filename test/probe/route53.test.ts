/** Route 53 as a place of the probe: the emulator, and name servers over real sockets. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { ChangeResourceRecordSetsCommand } from '@aws-sdk/client-route-53'
import { type Route53Parts, route53Place } from '../../functions/probe/route53.ts'
import { startRoute53 } from '../../local/route53/route53.ts'
import { awsHostedZones, nameServersOf } from '../../shared/aws/hosted-zones.ts'
import { awsRoute53 } from '../../shared/aws/route53.ts'
import { route53Client } from '../../shared/aws/route53-client.ts'
import { canonicalName } from '../../shared/dns/name.ts'
import { probeName } from '../../shared/probe/name.ts'
import { answer, type Behaviour, refusal, startDnsServer } from './dns-server.ts'

const [ADDRESS, OTHER] = ['198.18.0.1', '198.18.0.2']
const zone = canonicalName('example.org')
const name = probeName(zone)
const emulator = await startRoute53({
  endpoint: { host: '127.0.0.1', port: 0 },
  requestsPerSecond: 1000,
  log: assert.fail,
})
after(() => emulator.stop())
const keys = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }
Object.assign(process.env, keys, { AWS_ENDPOINT_URL_ROUTE_53: emulator.url })
const client = route53Client()
after(() => client.destroy())
const route53 = awsRoute53(client)
const hostedZone = await awsHostedZones(client).create(zone)
const never = new AbortController().signal

describe('what the API lists', () => {
  test('is looked at after a second and then every other, until it is the address', async () => {
    await put('UPSERT', OTHER)
    const pauses: number[] = []
    await placeOf({
      async pause(ms) {
        pauses.push(ms)
        if (pauses.length === 3) await put('UPSERT', ADDRESS)
      },
    }).find(ADDRESS, never)
    assert.deepEqual(pauses, [1_000, 2_000, 2_000])
  })

  test('nothing to the end', async () => {
    await put('DELETE', ADDRESS)
    await assert.rejects(endingAfter(2), { message: 'Route 53 lists no such record set' })
  })

  test('the name after it in the hosted zone', async () => {
    await put('UPSERT', ADDRESS, 'zzz.example.org.')
    await assert.rejects(endingAfter(1), { message: 'Route 53 lists no such record set' })
  })

  test('another address to the end', async () => {
    await put('UPSERT', OTHER)
    await assert.rejects(endingAfter(2), { message: `Route 53 lists ${OTHER}` })
  })

  const faults: readonly [title: string, code: 'Throttling' | 'ServiceUnavailable', last: RegExp][] = [
    ['throttled', 'Throttling', /^Route 53 lists nothing: throttled$/],
    ['away', 'ServiceUnavailable', /^Route 53 lists nothing: ServiceUnavailable: /],
  ]
  for (const [title, code, last] of faults) {
    test(`${title}: asked again, and found once that is over`, async () => {
      await put('UPSERT', ADDRESS)
      emulator.inject({ times: 2, when: isList, effect: { kind: 'error', code } })
      await placeOf().find(ADDRESS, never)
    })

    test(`${title} to the end`, async () => {
      const end = emulator.inject({ when: isList, effect: { kind: 'error', code } })
      await assert.rejects(endingAfter(3), (error: Error) => last.test(error.message) || assert.fail(error.message))
      end()
    })
  }

  test('refused: not asked again', async () => {
    const before = emulator.counts.requests.ListResourceRecordSets ?? 0
    emulator.inject({ times: 1, when: isList, effect: { kind: 'error', code: 'AccessDenied' } })
    await assert.rejects(placeOf().find(ADDRESS, never), /^Error: Route 53 refuses: AccessDenied: User: /)
    assert.equal(emulator.counts.requests.ListResourceRecordSets, before + 1)
  })

  test('is opened the way to beforehand', async () => {
    const before = emulator.counts.requests.ListResourceRecordSets ?? 0
    await placeOf().prepare(never)
    assert.equal(emulator.counts.requests.ListResourceRecordSets, before + 1)
  })

  /** Looks so often, and is then ended. */
  function endingAfter(looks: number): Promise<unknown> {
    const ending = new AbortController()
    let left = looks
    const pause = async () => {
      if (left-- === 0) ending.abort()
    }
    return placeOf({ pause }).find(ADDRESS, ending.signal)
  }
})

describe('name servers', () => {
  test('are those of the hosted zone, asked for once', async () => {
    assert.equal((await nameServersOf(client, hostedZone)).length, 4)
    await assert.rejects(nameServersOf(client, 'Z0NOBODY'), /^Error: NoSuchHostedZone: /)
    let asked = 0
    const place = placeOf({
      async nameServers() {
        if (asked++ === 0) throw new Error('not this time')
        return []
      },
    })
    await assert.rejects(place.prepare(never), /not this time/)
    for (let i = 0; i < 3; i++) await place.prepare(never)
    assert.equal(asked, 2)
  })

  const later =
    (nth: number): Behaviour =>
    (query, at) => [at < nth ? refusal(query, 3) : answer(query, ADDRESS)]

  test('all have it, each in its time', async () => {
    const servers = [await startDnsServer(later(0)), await startDnsServer(later(2))]
    const list = () => assert.fail('the API is not asked')
    const place = placeOf({ nameServers: async () => servers, list })
    await place.prepare(never)
    assert.deepEqual(await place.find(ADDRESS, never), { sinceMs: 0 })
    assert.ok((servers[1]?.asked.udp ?? 0) >= 3)
  })

  test('one that never has it', async () => {
    const [good, bad] = [await startDnsServer(later(0)), await startDnsServer((query) => [answer(query, OTHER)])]
    const place = placeOf({ nameServers: async () => [good, bad] })
    await assert.rejects(place.find(ADDRESS, AbortSignal.timeout(500)), {
      message: `no right answer of 127.0.0.1:${bad.port} (${OTHER})`,
    })
  })
})

// ---------------------------------------------------------------------------

function placeOf(edit: Partial<Route53Parts> = {}) {
  const list = () => route53.list(hostedZone, { name, type: 'A' }, 1)
  return route53Place({ name, nameServers: async () => [], list, pause: async () => {}, ...edit })
}

function isList({ operation }: { readonly operation: string }): boolean {
  return operation === 'ListResourceRecordSets'
}

async function put(Action: 'UPSERT' | 'DELETE', Value: string, Name: string = name): Promise<void> {
  const ResourceRecordSet = { Name, Type: 'A' as const, TTL: 1, ResourceRecords: [{ Value }] }
  const ChangeBatch = { Changes: [{ Action, ResourceRecordSet }] }
  await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: hostedZone, ChangeBatch }))
}
