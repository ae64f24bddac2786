import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { registration, segment, zoneAt } from './records.ts'
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

    test('a zone is added with the hosted zone that mirrors it', async () => {
      const { zones } = await fresh()
      const zone = { ...zoneAt('example.org'), hostedZone: 'Z0EXAMPLE' }
      await zones.add(zone)
      assert.deepEqual(await zones.list(), [zone])
    })

    test('a hosted zone is linked, linked to another, and taken away, and all else of the zone stays', async () => {
      const { zones } = await fresh()
      const zone = { ...zoneAt('example.org'), serial: 77 }
      await zones.add(zone)
      for (const hostedZone of ['Z0EXAMPLE', 'Z1EXAMPLE', 'Z1EXAMPLE']) {
        assert.equal(await zones.link(zone.zone, hostedZone), true)
        assert.deepEqual(await zones.list(), [{ ...zone, hostedZone }])
      }
      for (const _ of ['there', 'gone']) {
        assert.equal(await zones.link(zone.zone, undefined), true)
        assert.deepEqual(await zones.list(), [zone])
      }
    })

    test('a zone that is not there is not linked, nor made', async () => {
      const { zones } = await fresh()
      const { zone } = zoneAt('example.org')
      for (const hostedZone of ['Z0EXAMPLE', undefined]) assert.equal(await zones.link(zone, hostedZone), false)
      assert.deepEqual(await zones.list(), [])
    })

    test('a link is kept when a segment moves the serial', async () => {
      const { zones, log } = await fresh()
      const zone = zoneAt('example.org')
      await zones.add(zone)
      await zones.link(zone.zone, 'Z0EXAMPLE')
      const next = segment(1, registration('a', 10))
      await log.append(next)
      assert.deepEqual(await zones.list(), [{ ...zone, serial: next.seq, hostedZone: 'Z0EXAMPLE' }])
    })

    test('of 8 who add one zone one adds it', async () => {
      const { zones } = await fresh()
      const added = await Promise.all(Array.from({ length: 8 }, () => zones.add(zoneAt('example.org'))))
      assert.equal(added.filter(Boolean).length, 1)
    })
  })
}
