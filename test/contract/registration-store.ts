import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Registration } from '../../shared/registrations/model.ts'
import type { RegistrationStore } from '../../shared/registrations/ports.ts'
import { a, apex, nameOf } from './records.ts'

const NOW = 1_800_000_000_000
const lasting: Registration = {
  name: nameOf('h'),
  zone: apex,
  id: 'web-1',
  rrsets: a(10, '192.0.2.1'),
  nonce: '1',
  principal: 'local',
}
const leased: Registration = { ...lasting, lease: { seconds: 30, until: NOW } }
const fn = { arn: 'arn:aws:lambda:eu-west-1:123456789012:function:pay:prod', auth: 'token', url: 'https://x/' } as const

/** What every RegistrationStore does. */
export function registrationStoreContract(adapter: string, fresh: () => Promise<RegistrationStore>): void {
  describe(`RegistrationStore: ${adapter}`, () => {
    test('a registration is read back as it was put; others of the name are others', async () => {
      const store = await fresh()
      const all = [lasting, { ...leased, id: 'web-2' }, { ...lasting, id: 'function', fn }]
      for (const one of all) assert.equal(await store.put(one, undefined), true)
      for (const one of all) assert.deepEqual(await store.read(one.name, one.id), one)
      assert.equal(await store.read(lasting.name, 'web-3'), undefined)
      assert.equal(await store.read(nameOf('i'), 'web-1'), undefined)
      const scanned: Registration[] = []
      for await (const page of store.scan()) scanned.push(...page)
      assert.deepEqual(
        scanned.toSorted((one, other) => (one.id < other.id ? -1 : 1)),
        all.toSorted((one, other) => (one.id < other.id ? -1 : 1)),
      )
    })

    test('it is put in place of the one that is expected, and of no other', async () => {
      const store = await fresh()
      const next = { ...lasting, nonce: '2', rrsets: a(10, '192.0.2.2') }
      assert.equal(await store.put(next, '1'), false)
      assert.equal(await store.put(lasting, undefined), true)
      assert.equal(await store.put(next, undefined), false)
      assert.equal(await store.put(next, '0'), false)
      assert.deepEqual(await store.read(lasting.name, lasting.id), lasting)
      assert.equal(await store.put(next, '1'), true)
      assert.deepEqual(await store.read(lasting.name, lasting.id), next)
    })

    test('of 16 that put at once one does', async () => {
      const store = await fresh()
      const rivals = Array.from({ length: 16 }, (_, i) => store.put({ ...lasting, nonce: `n${i}` }, undefined))
      assert.equal((await Promise.all(rivals)).filter(Boolean).length, 1)
    })

    for (const [what, key, now, renews] of [
      ['before its end', leased, NOW - 1, true],
      ['at its end', leased, NOW, false],
      ['after its end', leased, NOW + 1, false],
      ['under another nonce', { ...leased, nonce: '2' }, NOW - 1, false],
      ['under another id', { ...leased, id: 'web-2' }, NOW - 1, false],
    ] as const) {
      test(`a lease is ${renews ? '' : 'not '}renewed ${what}`, async () => {
        const store = await fresh()
        await store.put(leased, undefined)
        assert.equal(await store.renew(key, NOW + 30_000, now), renews)
        const until = renews ? NOW + 30_000 : NOW
        assert.deepEqual(await store.read(leased.name, leased.id), { ...leased, lease: { seconds: 30, until } })
      })
    }

    test('without a lease there is nothing to renew, and no end but a withdrawal', async () => {
      const store = await fresh()
      await store.put(lasting, undefined)
      assert.equal(await store.renew(lasting, NOW + 1, NOW), false)
      assert.equal(await store.end(lasting, NOW), false)
      assert.deepEqual(await store.read(lasting.name, lasting.id), lasting)
      assert.equal(await store.end(lasting, NOW, true), true)
      assert.deepEqual(await store.read(lasting.name, lasting.id), { ...lasting, ending: true })
    })

    test('what has run out ends, and is renewed no more, but may be replaced', async () => {
      const store = await fresh()
      await store.put(leased, undefined)
      assert.equal(await store.end(leased, NOW - 1), false)
      assert.equal(await store.end({ ...leased, nonce: '2' }, NOW), false)
      assert.equal(await store.end(leased, NOW), true)
      assert.equal(await store.end(leased, NOW - 1), true, 'it is ending already')
      assert.equal(await store.renew(leased, NOW + 1, NOW - 1), false)
      assert.equal(await store.put({ ...leased, nonce: '2' }, '1'), true)
      assert.equal((await store.read(leased.name, leased.id))?.ending, undefined)
    })

    test('what is removed is gone, unless it is another one', async () => {
      const store = await fresh()
      await store.put(leased, undefined)
      await store.remove({ ...leased, nonce: '2' })
      assert.deepEqual(await store.read(leased.name, leased.id), leased)
      await store.remove(leased)
      await store.remove(leased)
      assert.equal(await store.read(leased.name, leased.id), undefined)
      assert.equal(await store.end(leased, NOW, true), false, 'nothing comes back')
      assert.equal(await store.read(leased.name, leased.id), undefined)
    })
  })
}
