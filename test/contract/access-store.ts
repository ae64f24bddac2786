import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Grant, Token } from '../../shared/access/model.ts'
import type { AccessStore } from '../../shared/access/ports.ts'
import { canonicalName } from '../../shared/dns/name.ts'

// DynamoDB Local removes what has expired within seconds.
const LATER = Date.now() + 86_400_000
const ROLE = 'iam:arn:aws:iam::123456789012:role/x'
const ACCOUNT = 'iam:arn:aws:iam::123456789012:*'

const grant: Grant = {
  id: 'a1',
  principal: ROLE,
  zones: [canonicalName('example.org'), canonicalName('a\\.b.example.net')],
  names: ['*', '@', '*.sub', '\\*.sub', 'a\\.b'],
  types: ['A', '*', 'TYPE65400'],
  actions: ['write', 'mirror'],
  expires: LATER,
}
const { expires: _, ...lasting } = { ...grant, id: 'a2' }
const token: Token = {
  id: '0123456789abcdef',
  label: 'ci',
  created: LATER - 1000,
  version: 1,
  secrets: [
    { hash: 'ab'.repeat(32), expires: LATER },
    { hash: 'cd'.repeat(32), expires: LATER - 500 },
  ],
}

/** What every AccessStore does. */
export function accessStoreContract(adapter: string, fresh: () => Promise<AccessStore>): void {
  const byId = <T extends { readonly id: string }>(list: readonly T[]) =>
    list.toSorted((one, other) => (one.id < other.id ? -1 : 1))

  describe(`AccessStore: ${adapter}`, () => {
    test('an empty one has nothing', async () => {
      const store = await fresh()
      assert.deepEqual([await store.grants(), await store.tokens(), await store.grantsOf(ROLE)], [[], [], []])
      assert.equal(await store.token(token.id), undefined)
    })

    test('grants are those of their principal, as they were added', async () => {
      const store = await fresh()
      const other: Grant = { ...lasting, principal: ACCOUNT }
      for (const one of [grant, lasting, other]) assert.equal(await store.addGrant(one), true)
      assert.deepEqual(byId(await store.grantsOf(ROLE)), [grant, lasting])
      assert.deepEqual(await store.grantsOf(ACCOUNT), [other])
      assert.deepEqual(await store.grantsOf('iam:arn:aws:iam::123456789012:role/xx'), [])
      assert.equal((await store.grants()).length, 3)
    })

    test('a grant that is there is not replaced', async () => {
      const store = await fresh()
      await store.addGrant(grant)
      assert.equal(await store.addGrant({ ...grant, names: ['x'] }), false)
      assert.deepEqual(await store.grants(), [grant])
    })

    test('a grant is removed once', async () => {
      const store = await fresh()
      for (const one of [grant, lasting]) await store.addGrant(one)
      assert.equal(await store.removeGrant(grant), true)
      assert.equal(await store.removeGrant(grant), false)
      assert.equal(await store.removeGrant({ ...lasting, principal: ACCOUNT }), false)
      assert.deepEqual(await store.grants(), [lasting])
    })

    test('a token is read as it was written', async () => {
      const store = await fresh()
      const revoked: Token = { ...token, id: 'fedcba9876543210', secrets: [], revoked: LATER }
      for (const one of [token, revoked]) assert.equal(await store.writeToken(one, 0), true)
      assert.deepEqual([await store.token(token.id), await store.token(revoked.id)], [token, revoked])
      assert.deepEqual(byId(await store.tokens()), [token, revoked])
      assert.deepEqual(await store.grants(), [])
    })

    test('a token is written on the version that is stored only', async () => {
      const store = await fresh()
      const next = { ...token, version: 2, label: 'next' }
      assert.equal(await store.writeToken(next, 1), false)
      await store.writeToken(token, 0)
      assert.equal(await store.writeToken({ ...token, label: 'again' }, 0), false)
      assert.equal(await store.writeToken(next, 1), true)
      assert.equal(await store.writeToken({ ...next, label: 'late' }, 1), false)
      assert.deepEqual(await store.token(token.id), next)
    })
  })
}
