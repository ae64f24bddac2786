import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { canonicalName } from '../../shared/dns/name.ts'
import type { NameChange, Segment } from '../../shared/records/model.ts'
import { EMPTY_LOG } from '../../shared/records/ports.ts'
import { a, apex, nameOf, registration, segment, zoneAt } from './records.ts'
import type { Fresh, Store } from './store.ts'

const sub = canonicalName('sub.example.org')

/** What every change log does, on its writing and its reading side. */
export function changeLogContract(adapter: string, fresh: Fresh): void {
  describe(`ChangeLog: ${adapter}`, () => {
    test('an empty log has its head before the first segment and no segments', async () => {
      const { log } = await fresh()
      assert.equal(await log.head(), EMPTY_LOG)
      assert.deepEqual(await log.after(0), { segments: [], head: EMPTY_LOG })
    })

    test('segments are read back in order, as they were appended', async () => {
      const { log } = await fresh()
      const segments = [segment(1, everyField), segment(2, registration('a', 20)), segment(3, registration('b', 30))]
      for (const next of segments) assert.deepEqual(await log.append(next), { kind: 'appended' })
      assert.equal(await log.head(), EMPTY_LOG + 3)
      assert.deepEqual(await log.after(0), { segments, head: EMPTY_LOG + 3 })
      assert.deepEqual(await log.after(EMPTY_LOG + 2), { segments: segments.slice(2), head: EMPTY_LOG + 3 })
      assert.deepEqual(await log.after(EMPTY_LOG + 3), { segments: [], head: EMPTY_LOG + 3 })
    })

    for (const [seq, why] of [
      [1, 'of a number that is taken'],
      [2, 'of the last number'],
      [4, 'that would leave a gap'],
    ] as const) {
      test(`a segment ${why} is refused`, async () => {
        const { log } = await fresh()
        const segments = [segment(1, registration('a', 10)), segment(2, registration('b', 20))]
        for (const next of segments) await log.append(next)
        assert.deepEqual(await log.append(segment(seq, registration('c', 30))), { kind: 'head-moved' })
        assert.deepEqual(await log.after(0), { segments, head: EMPTY_LOG + 2 })
      })
    }

    test('no segment comes before the first', async () => {
      const { log } = await fresh()
      assert.deepEqual(await log.append(segment(2, registration('a', 10))), { kind: 'head-moved' })
      assert.deepEqual(await log.after(0), { segments: [], head: EMPTY_LOG })
    })

    test('a change that is in the log is refused, with the version that the log has', async () => {
      const { log } = await fresh()
      await log.append(segment(1, { ...registration('a', 10), version: 12 }, registration('b', 20)))
      for (const first of [10, 11, 12]) {
        const again = segment(2, { ...registration('a', 13), first }, registration('c', 30))
        const versions = new Map([[nameOf('a'), 12]])
        assert.deepEqual(await log.append(again), { kind: 'already-logged', versions })
      }
      const both = segment(2, registration('b', 20), registration('a', 11))
      const versions = new Map([
        [nameOf('b'), 20],
        [nameOf('a'), 12],
      ])
      assert.deepEqual(await log.append(both), { kind: 'already-logged', versions })
      assert.equal(await log.head(), EMPTY_LOG + 1)
      assert.deepEqual(await log.append(segment(2, { ...registration('a', 13), from: 12 })), { kind: 'appended' })
    })

    test('a refused segment leaves no mark', async () => {
      const { log } = await fresh()
      await log.append(segment(1, registration('a', 10)))
      await log.append(segment(2, registration('b', 20), registration('a', 10)))
      await log.append(segment(3, registration('b', 20)))
      assert.deepEqual(await log.append(segment(2, registration('b', 20))), { kind: 'appended' })
    })

    test('what is in the log is told before a head that moved', async () => {
      const { log } = await fresh()
      await log.append(segment(1, registration('a', 10)))
      const outcome = await log.append(segment(1, registration('a', 10)))
      assert.deepEqual(outcome, { kind: 'already-logged', versions: new Map([[nameOf('a'), 10]]) })
    })

    test('the serial of each zone touched becomes the number of the segment', async () => {
      const store = await fresh()
      for (const zone of ['example.org', 'sub.example.org', 'example.net']) await store.zones.add(zoneAt(zone))
      await store.log.append(segment(1, registration('a', 10)))
      await store.log.append(segment(2, registration('b', 20), registration('c', 30, sub)))
      await store.log.append(segment(3, registration('d', 40, sub)))
      assert.deepEqual(await serials(store), {
        'example.net.': EMPTY_LOG,
        'example.org.': EMPTY_LOG + 2,
        'sub.example.org.': EMPTY_LOG + 3,
      })
    })

    test('a zone that is not served is logged and not made', async () => {
      const store = await fresh()
      await store.zones.add(zoneAt('example.org'))
      await store.log.append(segment(1, registration('a', 10)))
      const mixed = segment(2, registration('b', 20, sub), registration('c', 30))
      assert.deepEqual(await store.log.append(mixed), { kind: 'appended' })
      assert.deepEqual(await serials(store), { 'example.org.': EMPTY_LOG + 2 })
      assert.deepEqual((await store.log.after(EMPTY_LOG + 1)).segments, [mixed])
      assert.equal((await store.log.append(segment(3, registration('b', 20, sub)))).kind, 'already-logged')
      assert.equal((await store.log.append(segment(9, registration('d', 20, sub)))).kind, 'head-moved')
    })

    test('a segment of as many names as a transaction has room for', async () => {
      const store = await fresh()
      await store.zones.add(zoneAt('example.org'))
      const full = segment(1, ...Array.from({ length: 97 }, (_, i) => registration(`n${i}`, 10 + i)))
      assert.deepEqual(await store.log.append(full), { kind: 'appended' })
      assert.deepEqual(await store.log.after(0), { segments: [full], head: EMPTY_LOG + 1 })
    })

    test('a log longer than a page is read page by page, the true head with each', async () => {
      const { log } = await fresh()
      const text = { TXT: { ttl: 60, rdata: ['x'.repeat(250_000)] } }
      const segments: Segment[] = []
      for (let seq = 1; seq <= 105; seq++) {
        const change = registration(`n${seq}`, seq)
        segments.push(segment(seq, seq <= 5 ? { ...change, new: text } : change))
      }
      for (const next of segments) await log.append(next)
      const read: Segment[] = []
      let pages = 0
      for (let head = Number.POSITIVE_INFINITY; EMPTY_LOG + read.length < head; pages++) {
        const page = await log.after(EMPTY_LOG + read.length)
        assert.equal(page.head, EMPTY_LOG + 105)
        assert.ok(page.segments.length > 0)
        head = page.head
        read.push(...page.segments)
      }
      assert.ok(pages > 1)
      assert.deepEqual(read, segments)
    })

    test('of 16 who append one number one does, and all get in by turns', async () => {
      const { log } = await fresh()
      const outcomes = await Promise.all(
        Array.from({ length: 16 }, (_, i) => log.append(segment(1, registration(`n${i}`, 10)))),
      )
      const kinds = outcomes.map(({ kind }) => kind).sort()
      assert.deepEqual(kinds, ['appended', ...Array.from({ length: 15 }, () => 'head-moved')])
      assert.equal((await log.after(0)).segments.length, 1)
    })
  })
}

// ---------------------------------------------------------------------------

const everyField: NameChange = {
  name: canonicalName('a\\.b.example.org'),
  zone: apex,
  from: 1_700_000_000_000,
  first: 1_700_000_000_001,
  version: 1_700_000_000_005,
  old: { TXT: { ttl: 0, rdata: ['""', '"two"'] } },
  new: { ...a(60, '192.0.2.1', '192.0.2.2'), TYPE65400: { ttl: 9, rdata: ['\\# 0'] } },
  by: { principal: 'local', at: 1_700_000_000_000 },
}

async function serials({ zones }: Store): Promise<Record<string, number>> {
  return Object.fromEntries((await zones.list()).map(({ zone, serial }) => [zone, serial]))
}
