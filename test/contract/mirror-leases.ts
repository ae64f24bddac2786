import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { MirrorState, Walk } from '../../shared/mirror/model.ts'
import type { StatePatch } from '../../shared/mirror/ports.ts'
import type { FreshMirror } from './mirror-store.ts'
import { apex, nameOf } from './records.ts'

const HZ = 'Z0EXAMPLE'

/** What every MirrorStore does with the state of a hosted zone and with who holds it. */
export function mirrorLeaseContract(adapter: string, fresh: FreshMirror): void {
  describe(`MirrorStore, leases: ${adapter}`, () => {
    test('the first wake-up asks for somebody to be sent, and so does every one while nobody holds the zone', async () => {
      const { mirror } = await fresh()
      assert.equal(await mirror.state(HZ), undefined)
      assert.equal(await mirror.wake(HZ, 1000), true)
      assert.equal(await mirror.wake(HZ, 1000), true)
      assert.deepEqual(await mirror.state(HZ), { wake: 2 })
    })

    test('a zone that was never woken can be taken', async () => {
      const { mirror } = await fresh()
      const state: MirrorState = { wake: 0, lease: { holder: 'one', until: 2000 } }
      assert.deepEqual(await mirror.acquire(HZ, 'one', 1000, 2000), state)
      assert.deepEqual(await mirror.state(HZ), state)
      assert.equal(await mirror.release(HZ, 'one', 0), true)
      assert.deepEqual(await mirror.state(HZ), { wake: 0 })
    })

    test('a zone that is held is not taken, nor is anybody sent to it, until the time of the lease is up', async () => {
      const { mirror } = await fresh()
      await mirror.acquire(HZ, 'one', 1000, 2000)
      assert.equal(await mirror.wake(HZ, 1999), false)
      for (const holder of ['two', 'one']) assert.equal(await mirror.acquire(HZ, holder, 1999, 3000), undefined)
      assert.equal(await mirror.wake(HZ, 2000), true)
      const taken = { wake: 2, lease: { holder: 'two', until: 3000 } }
      assert.deepEqual(await mirror.acquire(HZ, 'two', 2000, 3000), taken)
      assert.equal(await mirror.extend(HZ, 'one', 9000), false)
      assert.equal(await mirror.release(HZ, 'one', 2), true)
      assert.deepEqual(await mirror.state(HZ), taken)
    })

    test('a holder takes its own zone again only when its time is up', async () => {
      const { mirror } = await fresh()
      await mirror.acquire(HZ, 'one', 1000, 2000)
      assert.deepEqual((await mirror.acquire(HZ, 'one', 2000, 3000))?.lease, { holder: 'one', until: 3000 })
    })

    test('a lease is extended by its holder, also after its time if nobody took it', async () => {
      const { mirror } = await fresh()
      assert.equal(await mirror.extend(HZ, 'one', 2000), false)
      await mirror.acquire(HZ, 'one', 1000, 2000)
      assert.equal(await mirror.extend(HZ, 'two', 9000), false)
      assert.equal(await mirror.extend(HZ, 'one', 5000), true)
      assert.equal(await mirror.acquire(HZ, 'two', 4999, 9000), undefined)
      assert.equal(await mirror.extend(HZ, 'one', 8000), true)
      assert.deepEqual(await mirror.state(HZ), { wake: 0, lease: { holder: 'one', until: 8000 } })
    })

    test('a lease is kept by a holder who does not know of a wake-up', async () => {
      const { mirror } = await fresh()
      await mirror.wake(HZ, 1000)
      await mirror.acquire(HZ, 'one', 1000, 2000)
      await mirror.wake(HZ, 1500)
      assert.equal(await mirror.release(HZ, 'one', 1), false)
      assert.deepEqual(await mirror.state(HZ), { wake: 2, lease: { holder: 'one', until: 2000 } })
      assert.equal(await mirror.release(HZ, 'one', 2), true)
      assert.deepEqual(await mirror.state(HZ), { wake: 2 })
      assert.equal(await mirror.release(HZ, 'one', 2), true)
      assert.equal(await mirror.extend(HZ, 'one', 9000), false)
      assert.equal(await mirror.wake(HZ, 1600), true)
    })

    test('what is not there is given back', async () => {
      const { mirror } = await fresh()
      assert.equal(await mirror.release(HZ, 'one', 0), true)
      assert.equal(await mirror.state(HZ), undefined)
    })

    test('of 16 who would take a zone one does', async () => {
      const { mirror } = await fresh()
      const holders = Array.from({ length: 16 }, (_, i) => `holder ${i}`)
      const states = await Promise.all(holders.map((holder) => mirror.acquire(HZ, holder, 1000, 2000)))
      const winners = holders.filter((_, i) => states[i] !== undefined)
      assert.equal(winners.length, 1)
      assert.equal((await mirror.state(HZ))?.lease?.holder, winners[0])
    })

    test('no wake-up is lost between a holder who goes and whoever wakes', async () => {
      const { mirror } = await fresh()
      for (let round = 0; round < 12; round++) {
        const hostedZone = `Z${round}`
        await mirror.acquire(hostedZone, 'one', 1000, 2000)
        const wake = () => mirror.wake(hostedZone, 1500)
        const release = () => mirror.release(hostedZone, 'one', 0)
        const outcomes = await Promise.all((round % 2 === 0 ? [wake, release] : [release, wake]).map((call) => call()))
        assert.equal(outcomes[0], outcomes[1]) // either somebody is sent, or the holder stays and looks again
      }
    })
  })

  describe(`MirrorStore, state: ${adapter}`, () => {
    test('a note sets members and leaves the others', async () => {
      const { mirror } = await fresh()
      await mirror.note(HZ, { minimum: 5 })
      assert.deepEqual(await mirror.state(HZ), { wake: 0, minimum: 5 })
      await mirror.wake(HZ, 1000)
      await mirror.note(HZ, everything)
      await mirror.acquire(HZ, 'one', 1000, 2000)
      const lease = { holder: 'one', until: 2000 }
      assert.deepEqual(await mirror.state(HZ), { wake: 1, lease, ...everything })
      await mirror.note(HZ, { minimum: 9 })
      await mirror.note(HZ, {})
      assert.deepEqual(await mirror.state(HZ), { wake: 1, lease, ...everything, minimum: 9 })
    })

    test('a note of undefined removes a member, one that is not there too', async () => {
      const { mirror } = await fresh()
      await mirror.note(HZ, { walk: undefined })
      await mirror.note(HZ, everything)
      await mirror.note(HZ, { walk: undefined, fault: undefined, adopted: undefined, minimum: 1 })
      const { reconciled, lastBatch } = everything
      assert.deepEqual(await mirror.state(HZ), { wake: 0, minimum: 1, reconciled, lastBatch })
      await mirror.note(HZ, { minimum: undefined, reconciled: undefined, lastBatch: undefined })
      assert.deepEqual(await mirror.state(HZ), { wake: 0 })
    })

    test('a walk begins unless one is under way, whoever began it', async () => {
      const { mirror } = await fresh()
      assert.equal(await mirror.beginWalk(HZ, walk), true)
      assert.deepEqual(await mirror.state(HZ), { wake: 0, walk })
      const reconcile: Walk = { kind: 'reconcile', overwrite: false, startedAt: 2000, counts }
      for (const other of [reconcile, walk]) assert.equal(await mirror.beginWalk(HZ, other), false)
      assert.deepEqual(await mirror.state(HZ), { wake: 0, walk })

      await mirror.wake(HZ, 1000)
      await mirror.note(HZ, { ...everything, walk: undefined })
      assert.equal(await mirror.beginWalk(HZ, reconcile), true)
      assert.deepEqual(await mirror.state(HZ), { wake: 1, ...everything, walk: reconcile })
      await mirror.note(HZ, { walk })
      assert.equal(await mirror.beginWalk(HZ, reconcile), false)
      assert.deepEqual((await mirror.state(HZ))?.walk, walk)
    })

    test('of 16 who begin the same walk at once one does', async () => {
      const { mirror } = await fresh()
      const began = await Promise.all(Array.from({ length: 16 }, () => mirror.beginWalk(HZ, walk)))
      assert.equal(began.filter(Boolean).length, 1)
      assert.deepEqual(await mirror.state(HZ), { wake: 0, walk })
    })

    test('hosted zones are restless that have marks, a walk, or a lease that was not given back', async () => {
      const { mirror } = await fresh()
      const all = ['Zmarked', 'Zwalked', 'Zheld', 'Zwoken', 'Zgiven', 'Znoted', 'Znever']
      await mirror.mark('Zmarked', [{ name: apex, at: 1000 }])
      await mirror.note('Zwalked', { walk })
      await mirror.acquire('Zheld', 'one', 1000, 2000)
      await mirror.wake('Zwoken', 1000)
      await mirror.acquire('Zgiven', 'one', 1000, 2000)
      await mirror.release('Zgiven', 'one', 0)
      await mirror.note('Znoted', { ...everything, walk: undefined })
      assert.deepEqual(await mirror.restless(all), ['Zmarked', 'Zwalked', 'Zheld'])
      assert.deepEqual(await mirror.restless(['Zwoken', 'Zheld']), ['Zheld'])
      assert.deepEqual(await mirror.restless([]), [])

      await mirror.unmark('Zmarked', await mirror.marks('Zmarked', undefined, 10), 9_000)
      await mirror.note('Zwalked', { walk: undefined })
      await mirror.release('Zheld', 'one', 0)
      assert.deepEqual(await mirror.restless(all), [])
    })
  })
}

// ---------------------------------------------------------------------------

const counts = {
  sets: 9,
  owned: 5,
  foreign: 4,
  missing: 1,
  changed: 2,
  unmirrored: 3,
  imported: 0,
  conflicts: 1,
  skipped: 2,
  remarks: ['www.example.org. A: an alias', ''],
}

const walk: Walk = { kind: 'adopt', overwrite: true, startedAt: 1000, next: nameOf('a\\.b'), counts }

const everything: Required<StatePatch> = {
  fault: { code: 'NoSuchHostedZone', message: 'No hosted zone found', since: 1000, retryAt: 2000 },
  minimum: 0,
  lastBatch: { at: 1000, names: 2, values: 3, characters: 40, lagMs: -1 },
  walk,
  reconciled: { ...counts, startedAt: 1000, endedAt: 2000 },
  adopted: { ...counts, remarks: [], startedAt: 1000.5, endedAt: 2000 },
}
