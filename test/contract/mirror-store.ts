import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import type { Name } from '../../shared/dns/name.ts'
import type { Inflight, MirrorRow, Refusal } from '../../shared/mirror/model.ts'
import { orderKey } from '../../shared/mirror/order.ts'
import type { MirrorStore, PaceStore } from '../../shared/mirror/ports.ts'
import { mirrorLeaseContract } from './mirror-leases.ts'
import { mirrorMarkContract } from './mirror-marks.ts'
import { namesIn, odd } from './mirror-names.ts'
import { paceStoreContract } from './pace-store.ts'
import { a, apex, nameOf } from './records.ts'

export type FreshMirror = () => Promise<{ readonly mirror: MirrorStore; readonly pace: PaceStore }>

/** What every MirrorStore and every PaceStore does. */
export function mirrorStoreContract(adapter: string, fresh: FreshMirror): void {
  mirrorMarkContract(adapter, fresh)
  mirrorLeaseContract(adapter, fresh)
  rowContract(adapter, fresh)
  batchContract(adapter, fresh)
  paceStoreContract(adapter, fresh)
}

// ---------------------------------------------------------------------------

const HZ = 'Z0EXAMPLE'
const OTHER = 'Z1EXAMPLE'

function rowContract(adapter: string, fresh: FreshMirror): void {
  describe(`MirrorStore, rows: ${adapter}`, () => {
    test('a name without a row has none', async () => {
      const { mirror } = await fresh()
      assert.deepEqual(await mirror.rows(HZ, [nameOf('a')]), new Map())
      assert.deepEqual(await mirror.rows(HZ, []), new Map())
      assert.deepEqual(await rowsBetween(mirror), [])
    })

    test('rows are read back as they were put, by name', async () => {
      const { mirror } = await fresh()
      const rows = [...odd.map((name) => ({ ...everything, name })), empty, lost]
      await mirror.putRows(HZ, rows)
      const names = rows.map(({ name }) => name)
      const read = await mirror.rows(HZ, [...names, nameOf('absent'), ...names])
      assert.deepEqual(read, new Map(rows.map((one) => [one.name, one])))
      assert.deepEqual(await mirror.rows(OTHER, names), new Map())
    })

    test('a row replaces the one before as a whole; of two given the last stays', async () => {
      const { mirror } = await fresh()
      await mirror.putRows(HZ, [{ ...everything, name: nameOf('a') }])
      await mirror.putRows(HZ, [row('a', { version: 7 }), row('a', { version: 8, applied: a(9, '192.0.2.9') })])
      assert.deepEqual(
        await mirror.rows(HZ, [nameOf('a')]),
        new Map([[nameOf('a'), row('a', { version: 8, applied: a(9, '192.0.2.9') })]]),
      )
    })

    test('250 rows at once', async () => {
      const { mirror } = await fresh()
      const rows = Array.from({ length: 250 }, (_, i) => row(`n${i}`, { version: i, applied: a(60, '192.0.2.1') }))
      await mirror.putRows(HZ, rows)
      const names = rows.map(({ name }) => name)
      assert.deepEqual(await mirror.rows(HZ, names), new Map(rows.map((one) => [one.name, one])))
      const all = (await rowsBetween(mirror)).map(({ name }) => name)
      assert.deepEqual(all, names.sort(byOrder))
    })

    test('rows come in the order of Route 53, from one name to before another', async () => {
      const { mirror } = await fresh()
      await mirror.putRows(
        HZ,
        odd.map((name) => ({ ...everything, name })),
      )
      const sorted = [...odd].sort(byOrder)
      const between = async (from?: Name, before?: Name) => namesIn(await rowsBetween(mirror, from, before))
      assert.deepEqual(await between(), sorted)
      for (let first = 0; first < sorted.length; first++) {
        assert.deepEqual(await between(sorted[first]), sorted.slice(first))
        assert.deepEqual(await between(undefined, sorted[first]), sorted.slice(0, first))
        assert.deepEqual(await between(sorted[first], sorted[first + 2]), sorted.slice(first, first + 2))
        assert.deepEqual(await between(sorted[first], sorted[first]), [])
        assert.deepEqual(await between(sorted[first], apex), [])
      }
      assert.deepEqual(await between(nameOf('b-'), nameOf('a.b')), ['b-', 'x.b-', 'b', '*.b'].map(nameOf))
    })

    test('names with refused RRsets are listed page by page, and only as long as they have some', async () => {
      const { mirror } = await fresh()
      const labels = Array.from({ length: 30 }, (_, i) => `n${i}`)
      await mirror.putRows(HZ, [...labels.map((label) => row(label, { refused: { TXT: invalid } })), empty])
      const names = labels.map(nameOf).sort()
      assert.deepEqual(await mirror.refused(HZ, undefined, 100), names)
      assert.deepEqual(await mirror.refused(HZ, undefined, 20), names.slice(0, 20))
      assert.deepEqual(await mirror.refused(HZ, names[19], 20), names.slice(20))
      assert.deepEqual(await mirror.refused(OTHER, undefined, 20), [])
      assert.deepEqual(await mirror.counts(HZ), { marked: 0, refused: 30 })

      await mirror.putRows(
        HZ,
        labels.slice(1).map((label) => row(label, { applied: a(60, '192.0.2.1') })),
      )
      await mirror.putRows(HZ, [row('n0', { refused: { MX: invalid } }), row('other', { refused: { A: invalid } })])
      assert.deepEqual(await mirror.refused(HZ, undefined, 20), [nameOf('n0'), nameOf('other')])
      assert.deepEqual(await mirror.counts(HZ), { marked: 0, refused: 2 })
    })
  })
}

function batchContract(adapter: string, fresh: FreshMirror): void {
  describe(`MirrorStore, batches: ${adapter}`, () => {
    test('a batch is kept until it is taken away', async () => {
      const { mirror } = await fresh()
      assert.equal(await mirror.inflight(HZ), undefined)
      await mirror.setInflight(HZ, undefined)
      const labels = Array.from({ length: 500 }, (_, i) => `n${i}`)
      for (const batch of [batchOf(labels.map(nameOf)), batchOf(odd), { changes: [], names: [], sentAt: 0 }]) {
        await mirror.setInflight(HZ, batch)
        assert.deepEqual(await mirror.inflight(HZ), batch)
      }
      assert.equal(await mirror.inflight(OTHER), undefined)
      assert.equal(await mirror.state(HZ), undefined)
      await mirror.setInflight(HZ, undefined)
      assert.equal(await mirror.inflight(HZ), undefined)
    })

    test('a batch of the longest names there are', async () => {
      const { mirror } = await fresh()
      const batch = batchOf(Array.from({ length: 1000 }, (_, i) => longName(i)))
      await mirror.setInflight(HZ, batch)
      assert.deepEqual(await mirror.inflight(HZ), batch)
    })

    test('what is known of a change', async () => {
      const { mirror } = await fresh()
      assert.equal(await mirror.changeNote('C1'), undefined)
      await mirror.noteChange('C1', { status: 'PENDING', askedAt: 1000 })
      assert.deepEqual(await mirror.changeNote('C1'), { status: 'PENDING', askedAt: 1000 })
      await mirror.noteChange('C1', { status: 'INSYNC', askedAt: 2000 })
      assert.deepEqual(await mirror.changeNote('C1'), { status: 'INSYNC', askedAt: 2000 })
      assert.equal(await mirror.changeNote('C2'), undefined)
    })
  })
}

const invalid: Refusal = { code: 'invalid', message: 'Invalid Resource Record: \'it\' is "odd"', at: 1000 }

const everything: MirrorRow = {
  name: apex,
  applied: { ...a(0, '192.0.2.1', '192.0.2.2'), TXT: { ttl: 60, rdata: ['""', '"\\195\\164"'] } },
  refused: { TYPE65400: { ...invalid, code: 'unsupported' }, MX: { ...invalid, code: 'foreign' }, SRV: invalid },
  version: 1_700_000_000_000,
  change: { id: 'C0123456789', at: 1_700_000_000_500, lagMs: 500 },
}
const empty = row('gone', { version: 5, change: { id: 'C1', at: Date.now(), lagMs: -3 } })
const lost = row('lost', { applied: a(60, '192.0.2.1'), change: { at: 1000, lagMs: 1.5 } })

function row(label: string, members: Partial<MirrorRow>): MirrorRow {
  return { name: nameOf(label), applied: {}, refused: {}, version: 0, ...members }
}

function batchOf(names: readonly Name[]): Inflight {
  const actions = ['CREATE', 'UPSERT', 'DELETE'] as const
  return {
    changes: names.map((name, i) => ({
      action: actions[i % 3] ?? 'CREATE',
      name,
      type: 'TXT',
      rrset: { ttl: i, rdata: [`"${i} ${'x'.repeat(20)}"`] },
    })),
    names: names.map((name, i) => ({ name, version: 1_700_000_000_000 + i, at: 1_700_000_000_000 - i })),
    sentAt: 1_700_000_000_000.5,
  }
}

/** One of many names of 255 octets that have little in common. */
function longName(i: number): Name {
  const labels = [62, 62, 62, 50].map((length, nth) => {
    const octets = createHash('sha512').update(`${i} ${nth}`).digest().subarray(0, length)
    return [...octets].map((octet) => `\\${String(octet).padStart(3, '0')}`).join('')
  })
  return nameOf(labels.join('.'))
}

async function rowsBetween(mirror: MirrorStore, from?: Name, before?: Name): Promise<MirrorRow[]> {
  const rows: MirrorRow[] = []
  for await (const page of mirror.rowsBetween(HZ, from, before)) rows.push(...page)
  return rows
}

function byOrder(one: Name, other: Name): number {
  return orderKey(one) < orderKey(other) ? -1 : 1
}
