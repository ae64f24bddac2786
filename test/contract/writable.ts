import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { canonicalName } from '../../shared/dns/name.ts'
import { TOMBSTONE_SECONDS } from '../../shared/records/edit-name.ts'
import type { AddressRecord } from '../../shared/records/edits.ts'
import type { FaultCode } from '../../shared/records/faults.ts'
import type { RRsets } from '../../shared/records/model.ts'
import { createWritable, type RecordRequest } from '../../shared/records/writable.ts'
import type { Writer } from '../../shared/records/writer.ts'
import { a, apex, nameOf, record, zoneAt } from './records.ts'
import type { Fresh, Store } from './store.ts'
import { anybody, writtenBy } from './writers.ts'

type Operation = 'create' | 'upsert' | 'update' | 'delete'

const text: RRsets = { TXT: { ttl: 60, rdata: ['"other"'] } }
const ipv6: RRsets = { AAAA: { ttl: 60, rdata: ['2001:db8::1'] } }
const alias: RRsets = { CNAME: { ttl: 60, rdata: ['target.example.org.'] } }
const one: AddressRecord = { type: 'A', address: '192.0.2.1', ttl: 60 }
const six: AddressRecord = { type: 'AAAA', address: '2001:db8::1', ttl: 60 }

/** RRsets before, operation, its record, RRsets after or the fault. */
const rows: readonly [RRsets, Operation, AddressRecord, RRsets | FaultCode][] = [
  [{}, 'create', one, a(60, '192.0.2.1')],
  [{}, 'create', six, ipv6],
  [text, 'create', one, { ...text, ...a(60, '192.0.2.1') }],
  [a(60, '192.0.2.1'), 'create', one, 'record_exists'],
  [a(60, '192.0.2.9'), 'create', one, 'record_exists'],
  [ipv6, 'create', one, 'record_exists'],
  [a(60, '192.0.2.1'), 'create', six, 'record_exists'],
  [alias, 'create', one, 'record_conflict'],

  [{}, 'upsert', one, a(60, '192.0.2.1')],
  [a(9, '192.0.2.1'), 'upsert', one, a(60, '192.0.2.1')],
  [a(60, '192.0.2.1', '192.0.2.2', '192.0.2.3'), 'upsert', one, a(60, '192.0.2.1')],
  [{ ...ipv6, ...text }, 'upsert', one, { ...text, ...a(60, '192.0.2.1') }],
  [{ ...a(60, '192.0.2.1'), ...ipv6 }, 'upsert', six, ipv6],
  [alias, 'upsert', six, 'record_conflict'],

  [{}, 'update', one, 'record_not_found'],
  [text, 'update', one, 'record_not_found'],
  [alias, 'update', one, 'record_not_found'],
  [{ ...ipv6, ...text }, 'update', one, { ...text, ...a(60, '192.0.2.1') }],
  [a(9, '192.0.2.8', '192.0.2.9'), 'update', six, ipv6],

  [{}, 'delete', one, 'record_not_found'],
  [a(61, '192.0.2.1'), 'delete', one, 'record_not_found'],
  [a(60, '192.0.2.9'), 'delete', one, 'record_not_found'],
  [ipv6, 'delete', one, 'record_not_found'],
  [a(60, '192.0.2.1'), 'delete', one, {}],
  [{ ...a(60, '192.0.2.1'), ...ipv6, ...text }, 'delete', one, { ...ipv6, ...text }],
  [a(60, '192.0.2.1', '192.0.2.2'), 'delete', one, a(60, '192.0.2.2')],
]

/** What the seven operations do, over every store. */
export function writableContract(adapter: string, fresh: Fresh): void {
  describe(`Writable: ${adapter}`, () => {
    for (const [before, operation, { type, address, ttl }, after] of rows) {
      const outcome = typeof after === 'string' ? after : told(after)
      test(`${told(before)}; ${operation} ${type} ${address} ${ttl}: ${outcome}`, async () => {
        const { store, writable } = await serving(fresh)
        if (told(before) !== '-') await store.names.write(record('h', 1000, before), 0)
        const written = writable[operation](request({ type, address, ttl }))
        if (typeof after === 'string') await assert.rejects(written, { code: after })
        else await written
        const stored = await store.names.read(nameOf('h'))
        assert.deepEqual(stored?.rrsets ?? {}, typeof after === 'string' ? before : after)
      })
    }

    test('the conflict names the owner', async () => {
      const { store, writable } = await serving(fresh)
      await store.names.write(record('h', 1000, alias), 0)
      await assert.rejects(writable.upsert(request(one)), { message: 'CNAME exists at h.example.org.' })
    })

    test('a name begins at the time of its first write and rises by one with each', async () => {
      const { store, writable } = await serving(fresh)
      const start = Date.now()
      await writable.create(request(one))
      const first = (await store.names.read(nameOf('h')))?.version ?? 0
      assert.ok(first >= start && first <= Date.now())
      await writable.upsert(request({ ...one, ttl: 61 }))
      await writable.update(request(six))
      assert.equal((await store.names.read(nameOf('h')))?.version, first + 2)
    })

    test('what is as asked for already is not written', async () => {
      const { store, writable } = await serving(fresh)
      await writable.upsert(request(one))
      const stored = await store.names.read(nameOf('h'))
      await writable.upsert(request(one))
      await writable.update(request(one))
      assert.deepEqual(await store.names.read(nameOf('h')), stored)
    })

    test('the last record leaves a tombstone, and a name that comes back goes on from it', async () => {
      const { store, writable } = await serving(fresh)
      await writable.create(request(one))
      const { version = 0 } = (await store.names.read(nameOf('h'))) ?? {}
      const before = Math.floor(Date.now() / 1000)
      await writable.delete(request(one))
      const tombstone = await store.names.read(nameOf('h'))
      assert.deepEqual(tombstone?.rrsets, {})
      assert.equal(tombstone?.version, version + 1)
      const stays = (tombstone?.expires ?? 0) - before
      assert.ok(stays >= TOMBSTONE_SECONDS && stays <= TOMBSTONE_SECONDS + 5)
      assert.equal(await writable.existsByName(request(one)), false)

      await writable.create(request(six))
      const { by: _, ...again } = (await store.names.read(nameOf('h'))) ?? {}
      assert.deepEqual(again, record('h', version + 2, ipv6))
    })

    test('exists asks for the identical record, existsByName for any address', async () => {
      const { store, writable } = await serving(fresh)
      assert.equal(await writable.exists(request(one)), false)
      assert.equal(await writable.existsByName(request(one)), false)
      await store.names.write(record('h', 1000, { ...a(60, '192.0.2.1', '192.0.2.2'), ...text }), 0)
      assert.equal(await writable.exists(request(one)), true)
      assert.equal(await writable.exists(request({ ...one, ttl: 61 })), false)
      assert.equal(await writable.exists(request({ ...one, address: '192.0.2.3' })), false)
      assert.equal(await writable.exists(request(six)), false)
      assert.equal(await writable.existsByName(request(six)), true)
      await store.names.write(record('h', 1001, text), 1000)
      assert.equal(await writable.existsByName(request(one)), false)
    })

    test('every operation refuses a zone that is not served', async () => {
      const { store, writable } = await serving(fresh)
      const foreign = { ...request(one), zone: canonicalName('example.net'), name: canonicalName('h.example.net') }
      const { create, upsert, update, exists, existsByName } = writable
      for (const operation of [create, upsert, update, writable.delete, exists, existsByName]) {
        await assert.rejects(operation(foreign), { code: 'zone_not_found' })
      }
      assert.equal(await store.names.read(foreign.name), undefined)
    })

    test('a zone just added can be written to at once', async () => {
      const { store, writable } = await serving(fresh)
      const net = canonicalName('example.net')
      assert.deepEqual(await writable.getZones(), [apex])
      await assert.rejects(writable.existsByName({ zone: net, name: net }), { code: 'zone_not_found' })
      await store.zones.add(zoneAt('example.net'))
      assert.ok((await writable.getZones(net)).includes(net))
      await writable.create({ ...one, zone: net, name: net })
      assert.equal((await store.names.read(net))?.zone, net)
    })

    test('a name belongs to the closest zone, whichever zone the request names', async () => {
      const { store, writable } = await serving(fresh)
      await store.zones.add(zoneAt('sub.example.org'))
      const name = canonicalName('h.sub.example.org')
      await writable.getZones(canonicalName('sub.example.org'))
      await writable.create({ ...one, zone: apex, name })
      assert.equal((await store.names.read(name))?.zone, 'sub.example.org.')
    })

    test('a record tells who wrote it last, and when; what changes nothing is no write', async () => {
      const { store } = await serving(fresh)
      const as = (principal: string) => writableOf(store, { ...anybody, principal })
      const start = Date.now()
      await as('token:1').create(request(one))
      await as('token:2').upsert(request(one))
      const first = (await store.names.read(nameOf('h')))?.by
      assert.equal(first?.principal, 'token:1')
      assert.ok(first.at >= start && first.at <= Date.now())
      await as('token:2').delete(request(one))
      assert.equal((await store.names.read(nameOf('h')))?.by?.principal, 'token:2')
    })

    describe('who may not write', () => {
      const denied = { code: 'update_denied', status: 403 }

      test('is refused whatever is stored, and stores nothing', async () => {
        for (const before of [{}, a(60, '192.0.2.1'), alias]) {
          const { store } = await serving(fresh)
          await store.names.write(record('h', 1000, before), 0)
          const { create, upsert, update, ...others } = writableOf(store, { ...anybody, mayWrite: () => false })
          for (const operation of [create, upsert, update, others.delete]) {
            const message = 'not allowed to write h.example.org. A'
            await assert.rejects(operation(request(one)), { ...denied, message })
          }
          assert.deepEqual(await store.names.read(nameOf('h')), record('h', 1000, before))
        }
      })

      test('the other family cannot take away what it replaces', async () => {
        const { store } = await serving(fresh)
        const { upsert, update, ...others } = writableOf(store, { ...anybody, mayWrite: ({ type }) => type === 'A' })
        const both = { ...a(9, '192.0.2.9'), ...ipv6 }
        await store.names.write(record('h', 1000, both), 0)
        for (const operation of [upsert, update]) {
          await assert.rejects(operation(request(one)), { ...denied, message: /^not allowed to write h\.\S+ AAAA$/ })
        }
        assert.deepEqual((await store.names.read(nameOf('h')))?.rrsets, both)
        await others.delete(request({ ...one, address: '192.0.2.9', ttl: 9 }))
        assert.deepEqual((await store.names.read(nameOf('h')))?.rrsets, ipv6)
      })

      test('is asked about the closest zone, whichever zone the request names', async () => {
        const { store } = await serving(fresh)
        await store.zones.add(zoneAt('sub.example.org'))
        const writable = writableOf(store, { ...anybody, mayWrite: ({ zone }) => zone === apex })
        const name = canonicalName('h.sub.example.org')
        await assert.rejects(writable.create({ ...request(one), name }), denied)
        assert.equal(await store.names.read(name), undefined)
      })
    })

    test('32 who create one name: one does, the others hear record_exists', async () => {
      const { store } = await serving(fresh)
      const results = await Promise.allSettled(
        Array.from({ length: 32 }, (_, i) => writableOf(store).create(request({ ...one, address: `192.0.2.${i}` }))),
      )
      const winners = results.flatMap(({ status }, i) => (status === 'fulfilled' ? [i] : []))
      const codes = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []))
      assert.deepEqual([winners.length, codes], [1, Array.from({ length: 31 }, () => 'record_exists')])
      assert.deepEqual((await store.names.read(nameOf('h')))?.rrsets, a(60, `192.0.2.${winners[0]}`))
    })

    test('32 who write one name at once lose no write: its version rises by their number', async () => {
      const { store } = await serving(fresh)
      await writableOf(store).create(request({ ...one, ttl: 9 }))
      const { version = 0 } = (await store.names.read(nameOf('h'))) ?? {}
      await Promise.all(
        Array.from({ length: 32 }, (_, i) => writableOf(store).upsert(request({ ...one, address: `192.0.2.${i}` }))),
      )
      assert.equal((await store.names.read(nameOf('h')))?.version, version + 32)
    })
  })
}

// ---------------------------------------------------------------------------

function request(address: AddressRecord): RecordRequest {
  return { ...address, zone: apex, name: nameOf('h') }
}

async function serving(fresh: Fresh) {
  const store = await fresh()
  await store.zones.add(zoneAt('example.org'))
  return { store, writable: writableOf(store) }
}

function writableOf({ names, zones }: Store, writer: Writer = anybody) {
  return writtenBy(writer, createWritable({ names, zones, now: Date.now, pause }))
}

function told(rrsets: RRsets): string {
  const lines = Object.entries(rrsets).map(([type, { ttl, rdata }]) => `${type} ${rdata.join(' ')} ${ttl}`)
  return lines.join(', ') || '-'
}
