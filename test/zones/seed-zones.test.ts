import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { seedZones } from '../../functions/zones/seed-zones.ts'
import { dynamoDbZoneStore } from '../../shared/aws/zone-store.ts'
import { canonicalName, type Name } from '../../shared/dns/name.ts'
import { newZone } from '../../shared/records/new-zone.ts'
import type { ZoneStore } from '../../shared/records/ports.ts'
import { testDynamoDb } from '../dynamodb.ts'

const dynamoDb = await testDynamoDb()
const newStore = async () => dynamoDbZoneStore(dynamoDb.client, (await dynamoDb.newTables()).zones)

test('a zone is served with a name server, serial 1 and a negative TTL of seconds', async () => {
  const store = await newStore()
  await seedZones(store, ['Rpc.Example.ORG'], () => {})
  const [zone, ...others] = await store.list()
  assert.deepEqual(others, [])
  assert.deepEqual(zone, newZone(canonicalName('rpc.example.org')))
  assert.equal(zone?.serial, 1)
  assert.deepEqual(zone?.ns.rdata, ['ns.rpc.example.org.'])
  assert.ok(zone && zone.soa.minimum >= 1 && zone.soa.minimum <= 5)
})

test('a zone that is there keeps what it has, and one that is no longer named stays', async () => {
  const store = await newStore()
  const old = { serial: 41, soa: soaOf('old.example.org'), ns: { ttl: 60, rdata: ['ns.example.net.'] } }
  await store.add({ zone: canonicalName('old.example.org'), ...old })
  await store.add({ zone: canonicalName('dropped.example.org'), ...old })
  await seedZones(store, ['old.example.org.', { zone: 'new.example.org.', hostedZone: 'Z1NEW' }], () => {})
  const zones = new Map((await store.list()).map((zone) => [zone.zone as string, zone]))
  assert.deepEqual([...zones.keys()].sort(), ['dropped.example.org.', 'new.example.org.', 'old.example.org.'])
  assert.deepEqual(zones.get('old.example.org.'), { zone: 'old.example.org.', ...old })
  assert.equal(zones.get('new.example.org.')?.serial, 1)
})

describe('after each deployment those zones are mirrored that it names with a hosted zone', () => {
  const deployments: readonly [what: string, zones: readonly unknown[], mirrors: Readonly<Record<string, string>>][] = [
    ['new zones', [{ zone: 'a.example.org.', hostedZone: 'Z1A' }, 'b.example.org.'], { 'a.example.org.': 'Z1A' }],
    ['the same again', [{ zone: 'a.example.org.', hostedZone: 'Z1A' }, 'b.example.org.'], { 'a.example.org.': 'Z1A' }],
    ['another hosted zone', [{ zone: 'a.example.org.', hostedZone: 'Z2A' }], { 'a.example.org.': 'Z2A' }],
    ['a zone that was not mirrored', [mirrored('a', 'Z2A'), mirrored('b', 'Z1B')], mirrorsOf('a Z2A', 'b Z1B')],
    ['hosted zones change places', [mirrored('a', 'Z1B'), mirrored('b', 'Z2A')], mirrorsOf('a Z1B', 'b Z2A')],
    ['one is mirrored no longer', [{ zone: 'a.example.org.' }, mirrored('b', 'Z2A')], mirrorsOf('b Z2A')],
    ['a hosted zone is of a zone that is no longer named', [mirrored('c', 'Z2A')], mirrorsOf('c Z2A')],
    ['plain names', ['a.example.org.', 'c.example.org.'], {}],
  ]
  test(deployments.map(([what]) => what).join(', '), async () => {
    const store = await newStore()
    for (const [what, zones, mirrors] of deployments) {
      await seedZones(store, zones, () => {})
      assert.deepEqual(await linksOf(store), mirrors, what)
    }
  })

  test('and at no moment two zones by the same hosted zone', async () => {
    const store = await newStore()
    await seedZones(store, [mirrored('a', 'Z1A'), mirrored('b', 'Z1B')], () => {})
    const watched: ZoneStore = {
      ...store,
      async link(zone, hostedZone) {
        const done = await store.link(zone, hostedZone)
        const used = Object.values(await linksOf(store))
        assert.equal(new Set(used).size, used.length)
        return done
      },
    }
    await seedZones(watched, [mirrored('a', 'Z1B'), mirrored('b', 'Z1A')], () => {})
    assert.deepEqual(await linksOf(store), mirrorsOf('a Z1B', 'b Z1A'))
  })
})

test('the zones of a deployment are counted, and those that are mirrored', async () => {
  const store = await newStore()
  const measured: unknown[][] = []
  await seedZones(store, ['a.example.org.', mirrored('b', 'Z1B')], (...figure) => measured.push(figure))
  await seedZones(store, ['a.example.org.'], (...figure) => measured.push(figure))
  assert.deepEqual(measured, [
    ['ZonesServed', 2],
    ['ZonesMirrored', 1],
    ['ZonesServed', 1],
    ['ZonesMirrored', 0],
  ])
})

describe('a list that is wrong anywhere writes nothing and measures nothing', () => {
  const bad: readonly [zones: unknown, reason: RegExp][] = [
    [['good.example.org.', 'bad..example.org.'], /empty label/],
    ['good.example.org.', /must be a list/],
    [undefined, /must be a list/],
    [['good.example.org.', 7], /^TypeError: 7 names no zone$/],
    [['good.example.org.', null], /null names no zone/],
    [['good.example.org.', { hostedZone: 'Z1A' }], /names no zone/],
    [['good.example.org.', { zone: ['a.example.org.'] }], /names no zone/],
    [['good.example.org.', mirrored('a', '/hostedzone/Z1A')], /"\/hostedzone\/Z1A" is not the id of a hosted zone/],
    [['good.example.org.', mirrored('a', '')], /"" is not the id of a hosted zone/],
    [['good.example.org.', { zone: 'a.example.org.', hostedZone: 7 }], /7 is not the id of a hosted zone/],
    [['good.example.org.', mirrored('a', 'Z1A'), mirrored('b', 'Z1A')], /Z1A is in the list twice/],
    [['good.example.org.', mirrored('good', 'Z1A')], /good\.example\.org\. is in the list twice/],
    [['good.example.org.', `${'a'.repeat(62)}.`.repeat(4)], /octets on the wire/], // no room for its name server
  ]
  for (const [zones, reason] of bad) {
    test(`${JSON.stringify(zones)?.slice(0, 80)}`, async () => {
      const store = await newStore()
      await assert.rejects(seedZones(store, zones, assert.fail), reason)
      assert.deepEqual(await store.list(), [])
    })
  }
})

// ---------------------------------------------------------------------------

function mirrored(label: string, hostedZone: string) {
  return { zone: `${label}.example.org.`, hostedZone }
}

function mirrorsOf(...links: string[]): Record<string, string> {
  return Object.fromEntries(
    links.map((link) => link.split(' ')).map(([label, id = '']) => [`${label}.example.org.`, id]),
  )
}

async function linksOf(store: ZoneStore): Promise<Record<string, string>> {
  const zones = [...(await store.list())].sort((a, b) => a.zone.localeCompare(b.zone))
  return Object.fromEntries(zones.flatMap(({ zone, hostedZone }) => (hostedZone ? [[zone, hostedZone]] : [])))
}

function soaOf(zone: string) {
  const mname = `ns.${zone}.` as Name
  return { ttl: 60, mname, rname: mname, refresh: 1, retry: 1, expire: 1, minimum: 1 }
}
