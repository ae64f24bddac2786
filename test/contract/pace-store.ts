import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MAX_AHEAD_MS } from '../../shared/mirror/ports.ts'
import type { FreshMirror } from './mirror-store.ts'

const NOW = 1_700_000_000_000
const FAR = NOW + 1_000_000

/** What every PaceStore does. */
export function paceStoreContract(adapter: string, fresh: FreshMirror): void {
  describe(`PaceStore: ${adapter}`, () => {
    test('the first slot is now, and each one after it comes an interval later', async () => {
      const { pace } = await fresh()
      assert.equal(await pace.reserve(500, NOW, NOW), NOW)
      assert.equal(await pace.reserve(500, NOW, FAR), NOW + 500)
      assert.equal(await pace.reserve(200, NOW + 100, FAR), NOW + 1000)
      assert.equal(await pace.reserve(500, NOW + 100, FAR), NOW + 1200)
    })

    test('time that nobody used is not saved up', async () => {
      const { pace } = await fresh()
      await pace.reserve(500, NOW, FAR)
      assert.equal(await pace.reserve(500, NOW + 60_000, FAR), NOW + 60_000)
      assert.equal(await pace.reserve(500, NOW + 60_000, FAR), NOW + 60_500)
      assert.equal(await pace.reserve(500, NOW + 61_000, FAR), NOW + 61_000)
    })

    test('a slot that is too late is not reserved', async () => {
      const { pace } = await fresh()
      assert.equal(await pace.reserve(500, NOW, NOW - 1), undefined)
      assert.equal(await pace.reserve(500, NOW, NOW), NOW)
      for (const latest of [NOW - 1, NOW, NOW + 499]) assert.equal(await pace.reserve(500, NOW, latest), undefined)
      assert.equal(await pace.reserve(500, NOW, NOW + 500), NOW + 500)
    })

    test('an interval need not be a whole number of milliseconds', async () => {
      const { pace } = await fresh()
      const slots: (number | undefined)[] = []
      for (let i = 0; i < 4; i++) slots.push(await pace.reserve(1000 / 3, NOW, FAR))
      for (const [i, slot] of slots.entries()) assert.ok(Math.abs((slot ?? 0) - NOW - (i * 1000) / 3) < 0.01)
    })

    test('16 who reserve at once get 16 slots, an interval apart', async () => {
      const { pace } = await fresh()
      const slots = await Promise.all(Array.from({ length: 16 }, () => pace.reserve(200, NOW, FAR)))
      assert.deepEqual(
        slots.map(Number).sort((one, other) => one - other),
        Array.from({ length: 16 }, (_, i) => NOW + 200 * i),
      )
    })

    test('of 16 who reserve at once those get slots for whom there is time', async () => {
      const { pace } = await fresh()
      const slots = await Promise.all(Array.from({ length: 16 }, () => pace.reserve(200, NOW, NOW + 1000)))
      const got = slots.filter((slot) => slot !== undefined).sort((one, other) => one - other)
      assert.deepEqual(
        got,
        [0, 1, 2, 3, 4, 5].map((i) => NOW + 200 * i),
      )
      assert.equal(await pace.reserve(200, NOW, FAR), NOW + 1200)
    })

    test('a pace that is deferred has no slot until then, and is never brought forward', async () => {
      const { pace } = await fresh()
      await pace.defer(NOW + 5000)
      assert.equal(await pace.reserve(500, NOW, NOW + 4999), undefined)
      await pace.defer(NOW + 3000)
      assert.equal(await pace.reserve(500, NOW, FAR), NOW + 5000)
      await pace.defer(NOW + 5500)
      assert.equal(await pace.reserve(500, NOW, FAR), NOW + 5500)
      await pace.defer(NOW + 9000)
      assert.equal(await pace.reserve(500, NOW, FAR), NOW + 9000)
    })

    test('the latest deferral is known, though slots are reserved behind it already', async () => {
      const { pace } = await fresh()
      assert.equal(await pace.deferredUntil(), 0)
      await pace.reserve(500, NOW, FAR)
      assert.equal(await pace.deferredUntil(), 0)
      await pace.reserve(500, NOW, FAR)
      for (const [until, latest] of [
        [NOW + 700, NOW + 700],
        [NOW + 600, NOW + 700],
        [NOW + 800.5, NOW + 800.5],
        [NOW + 5000, NOW + 5000],
        [NOW + 1, NOW + 5000],
      ] as const) {
        await pace.defer(until)
        assert.equal(await pace.deferredUntil(), latest)
      }
      assert.equal(await pace.reserve(500, NOW, FAR), NOW + 5000)
      assert.equal(await pace.reserve(500, NOW + 60_000, FAR), NOW + 60_000)
      assert.equal(await pace.deferredUntil(), NOW + 5000)
    })

    test('of 16 deferrals at once the latest counts', async () => {
      const { pace } = await fresh()
      await pace.reserve(8000, NOW, FAR)
      await Promise.all(Array.from({ length: 16 }, (_, i) => pace.defer(NOW + ((i * 7) % 16) * 1000)))
      assert.equal(await pace.deferredUntil(), NOW + 15_000)
      assert.equal(await pace.reserve(500, NOW, FAR), NOW + 15_000)
    })

    test('a slot that a clock of the future reserved is in nobody’s way, one that is just far away is', async () => {
      const { pace } = await fresh()
      const ahead = NOW + MAX_AHEAD_MS
      await pace.reserve(1, ahead, ahead)
      assert.equal(await pace.reserve(500, NOW + 1, FAR), ahead + 1)
      assert.equal(await pace.reserve(500, NOW + 1, FAR), NOW + 1)
      assert.equal(await pace.reserve(500, NOW + 1, FAR), NOW + 501)
    })

    test('a deferral by a clock of the future is forgotten, an earlier one is not', async () => {
      const { pace } = await fresh()
      await pace.defer(NOW + MAX_AHEAD_MS + 1)
      assert.equal(await pace.reserve(500, NOW, NOW - 1), undefined)
      assert.equal(await pace.deferredUntil(), NOW + MAX_AHEAD_MS + 1)
      assert.equal(await pace.reserve(500, NOW, FAR), NOW)
      assert.equal(await pace.deferredUntil(), 0)

      await pace.reserve(500, NOW + 9_000_000, NOW + 9_000_000)
      await pace.defer(NOW + 2000)
      assert.equal(await pace.reserve(500, NOW, FAR), NOW)
      assert.equal(await pace.deferredUntil(), NOW + 2000)
    })

    test('of 16 who find a slot of the future at once each gets one of now', async () => {
      const { pace } = await fresh()
      await pace.reserve(500, NOW + 9_000_000, NOW + 9_000_000)
      const slots = await Promise.all(Array.from({ length: 16 }, () => pace.reserve(200, NOW, FAR)))
      assert.deepEqual(
        slots.map(Number).sort((one, other) => one - other),
        Array.from({ length: 16 }, (_, i) => NOW + 200 * i),
      )
    })
  })
}
