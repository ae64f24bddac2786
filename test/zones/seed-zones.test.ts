import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seedZones } from '../../functions/zones/seed-zones.ts'
import { dynamoDbZoneStore } from '../../shared/aws/zone-store.ts'
import { canonicalName, type Name } from '../../shared/dns/name.ts'
import { newZone } from '../../shared/records/new-zone.ts'
import { testDynamoDb } from '../dynamodb.ts'

const dynamoDb = await testDynamoDb()
const newStore = async () => dynamoDbZoneStore(dynamoDb.client, (await dynamoDb.newTables()).zones)

test('a zone is served with a name server, serial 1 and a negative TTL of seconds', async () => {
  const store = await newStore()
  await seedZones(store, ['Rpc.Example.ORG'])
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
  await seedZones(store, ['old.example.org.', 'new.example.org.'])
  const zones = new Map((await store.list()).map((zone) => [zone.zone as string, zone]))
  assert.deepEqual([...zones.keys()].sort(), ['dropped.example.org.', 'new.example.org.', 'old.example.org.'])
  assert.deepEqual(zones.get('old.example.org.'), { zone: 'old.example.org.', ...old })
  assert.equal(zones.get('new.example.org.')?.serial, 1)
})

test('a list that is wrong anywhere adds nothing', async () => {
  const store = await newStore()
  await assert.rejects(seedZones(store, ['good.example.org.', 'bad..example.org.']), /empty label/)
  await assert.rejects(seedZones(store, 'good.example.org.'), /must be a list/)
  await assert.rejects(seedZones(store, undefined), /must be a list/)
  assert.deepEqual(await store.list(), [])
})

// ---------------------------------------------------------------------------

function soaOf(zone: string) {
  const mname = `ns.${zone}.` as Name
  return { ttl: 60, mname, rname: mname, refresh: 1, retry: 1, expire: 1, minimum: 1 }
}
