import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import fc from 'fast-check'
import { startRoute53 } from '../../local/route53/route53.ts'
import { awsHostedZones } from '../../shared/aws/hosted-zones.ts'
import { awsRoute53 } from '../../shared/aws/route53.ts'
import { route53Client } from '../../shared/aws/route53-client.ts'
import { canonicalName, foldCase, formatName, type WireName } from '../../shared/dns/name.ts'
import { formatRdata, typeNumber } from '../../shared/dns/rdata.ts'
import type { Change } from '../../shared/mirror/model.ts'
import { unstorable } from '../../shared/mirror/storable.ts'
import { rdataOf, wireOf } from '../dns/arbitraries.ts'
import { route53Contract } from './route53.ts'

const emulator = await startRoute53({
  endpoint: { host: '127.0.0.1', port: 0 },
  requestsPerSecond: 100_000,
  log: (line) => process.stderr.write(`${line}\n`),
})
Object.assign(process.env, {
  AWS_ENDPOINT_URL_ROUTE_53: emulator.url,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
})
const client = route53Client()
after(async () => {
  client.destroy()
  await emulator.stop()
})
const ports = { route53: awsRoute53(client), hostedZones: awsHostedZones(client) }

route53Contract('SDK over HTTP', ports)

describe('the emulator reads what the forms make of any data, and lists it again', () => {
  const NOT_AT_ANY_NAME = ['NS', 'SOA', 'DNAME', 'HINFO', 'LOC', 'URI', 'TYPE65400'] // all but the first two at none
  const label = fc
    .uint8Array({ minLength: 1, maxLength: 20 })
    .map((octets) => formatName(foldCase(wireOf([latin1(octets)])) as WireName))
  for (const type of Object.keys(rdataOf).filter((one) => !NOT_AT_ANY_NAME.includes(one))) {
    const rdata = rdataOf[type] as fc.Arbitrary<Uint8Array>
    test(type, async () => {
      const apex = canonicalName(`${type}.example.org`)
      const drawn = fc.sample(fc.tuple(label, rdata), 6).map(([first, octets]): Change => {
        const rrset = { ttl: 60, rdata: [formatRdata(typeNumber(type) as number, octets)] }
        return { action: 'CREATE', name: canonicalName(first + apex), type, rrset }
      })
      const storable = drawn.filter(({ name, rrset }) => unstorable(apex, name, type, rrset) === undefined)
      const changes = new Map(storable.map((change) => [change.name, change]))
      const id = await ports.hostedZones.create(apex)
      const outcome = await ports.route53.change(id, [...changes.values()])
      assert.equal(outcome.kind, 'accepted', JSON.stringify(outcome))
      const listed = await ports.route53.list(id, undefined, 100)
      const sets = listed.kind === 'listed' ? listed.sets.slice(2) : [] // behind NS and SOA
      assert.equal(sets.length, changes.size)
      for (const { name, rrset } of sets) assert.deepEqual(rrset, changes.get(name)?.rrset)
    })
  }
})

describe('an answer that is lost', () => {
  const apex = canonicalName('lost.example.org')
  const rrset = { ttl: 60, rdata: ['192.0.2.1'] }

  test('a change is unknown, whether it was carried out or not', async () => {
    const id = await ports.hostedZones.create(apex)
    for (const kind of ['dropBefore', 'dropAfter'] as const) {
      const heal = emulator.inject({ effect: { kind } })
      const name = canonicalName(`${kind}.${apex}`)
      const outcome = await ports.route53.change(id, [{ action: 'CREATE', name, type: 'A', rrset }])
      heal()
      assert.equal(outcome.kind, 'unknown')
    }
    const listed = emulator.sets(id).map(({ name }) => name)
    assert.equal(listed.includes(`dropafter.${apex}`), true)
    assert.equal(listed.includes(`dropbefore.${apex}`), false)
  })

  test('a zone is not created a second time', async () => {
    const zone = canonicalName('created.example.org')
    emulator.inject({ times: 1, effect: { kind: 'dropAfter' } })
    await assert.rejects(ports.hostedZones.create(zone))
    const id = await ports.hostedZones.create(zone)
    assert.deepEqual(await ports.hostedZones.find(zone), [{ id, private: false }])
  })
})

// ---------------------------------------------------------------------------

function latin1(octets: Uint8Array): string {
  return Buffer.from(octets).toString('latin1')
}
