import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { zoneAt } from './records.ts'
import type { Fresh } from './store.ts'

/** What every ZoneStore does. */
export function zoneStoreContract(adapter: string, fresh: Fresh): void {
  describe(`ZoneStore: ${adapter}`, () => {
    test('an empty store has no zones', async () => {
      const { zones } = await fresh()
      assert.deepEqual(await zones.list(), [])
    })

    test('a zone is listed as it was added', async () => {
      const { zones } = await fresh()
      const added = ['example.org', '2.0.192.in-addr.arpa', 'a\\.b.example.org'].map(zoneAt)
      for (const zone of added) assert.equal(await zones.add(zone), true)
      const listed = [...(await zones.list())].sort((a, b) => a.zone.localeCompare(b.zone))
      assert.deepEqual(
        listed,
        added.sort((a, b) => a.zone.localeCompare(b.zone)),
      )
    })

    test('a zone that is there stays as it is', async () => {
      const { zones } = await fresh()
      const zone = zoneAt('example.org')
      await zones.add(zone)
      assert.equal(await zones.add({ ...zone, serial: 77, soa: { ...zone.soa, minimum: 5 } }), false)
      assert.deepEqual(await zones.list(), [zone])
    })

    test('of 8 who add one zone one adds it', async () => {
      const { zones } = await fresh()
      const added = await Promise.all(Array.from({ length: 8 }, () => zones.add(zoneAt('example.org'))))
      assert.equal(added.filter(Boolean).length, 1)
    })
  })
}
