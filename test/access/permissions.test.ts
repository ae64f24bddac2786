import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { memoryAccessStore } from '../../shared/access/memory.ts'
import type { Grant, Principal } from '../../shared/access/model.ts'
import { createPermissions } from '../../shared/access/permissions.ts'
import { canonicalName } from '../../shared/dns/name.ts'
import { NamingError } from '../../shared/records/faults.ts'

const TOKEN: Principal = 'token:0123456789abcdef'
const ROLE: Principal = 'iam:arn:aws:iam::123456789012:role/x'
const ACCOUNT: Principal = 'iam:arn:aws:iam::123456789012:*'
const zone = canonicalName('example.org')
const target = { zone, name: canonicalName('h.example.org'), type: 'A' }
const grant: Grant = { id: 'g', principal: TOKEN, zones: [zone], names: ['h'], types: ['A'], actions: ['write'] }
const denied = { code: 'update_denied', status: 403 }

function world(admins: readonly Principal[] = []) {
  const store = memoryAccessStore()
  const clock = { now: 1_000_000 }
  const asked: Principal[] = []
  const grantsOf = (principal: Principal) => {
    asked.push(principal)
    return store.grantsOf(principal)
  }
  return {
    store,
    clock,
    asked,
    permissionsOf: createPermissions({ store: { grantsOf }, admins, now: () => clock.now }),
  }
}

test('a grant is for its principal, and says what', async () => {
  const { store, permissionsOf } = world()
  await store.addGrant(grant)
  const { principal, mayWrite, mayMirror } = await permissionsOf(TOKEN)
  const found = [principal, mayWrite(target), mayWrite({ ...target, type: 'AAAA' }), mayMirror(zone)]
  assert.deepEqual(found, [TOKEN, true, false, false])
})

test('nobody, and who has no grant, is denied', async () => {
  const { store, permissionsOf } = world()
  await store.addGrant(grant)
  for (const caller of [undefined, ROLE, 'local', 'token:0123456789abcdee'] as const) {
    await assert.rejects(permissionsOf(caller), denied)
  }
})

test('an account has what its roles ask for', async () => {
  const { store, asked, permissionsOf } = world()
  await store.addGrant({ ...grant, principal: ACCOUNT })
  assert.equal((await permissionsOf(ROLE)).mayWrite(target), true)
  assert.deepEqual(asked, [ROLE, ACCOUNT])
})

describe('admins may do everything, and the store is not asked', () => {
  for (const [caller, admin] of [
    [ROLE, ROLE],
    [ROLE, ACCOUNT],
    ['local', 'local'],
  ] as const) {
    test(`${caller} as ${admin}`, async () => {
      const { asked, permissionsOf } = world([admin])
      const { mayWrite, mayMirror } = await permissionsOf(caller)
      assert.deepEqual([mayWrite(target), mayMirror(zone), asked], [true, true, []])
      await assert.rejects(permissionsOf(TOKEN), denied)
    })
  }
})

test('grants are remembered for three seconds; one that expires ends in time', async () => {
  const { store, clock, asked, permissionsOf } = world()
  await store.addGrant({ ...grant, expires: clock.now + 1_000 })
  const early = await permissionsOf(TOKEN)
  await store.removeGrant(grant)
  clock.now += 999
  assert.equal((await permissionsOf(TOKEN)).mayWrite(target), true)
  clock.now += 1
  assert.equal(early.mayWrite(target), false)
  await assert.rejects(permissionsOf(TOKEN), denied)
  await store.addGrant(grant)
  clock.now += 1_999
  await assert.rejects(permissionsOf(TOKEN), denied)
  assert.equal(asked.length, 1)
  clock.now += 1
  assert.equal((await permissionsOf(TOKEN)).mayWrite(target), true)
})

test('what is remembered is bounded', async () => {
  const { asked, permissionsOf } = world()
  const token = (i: number): Principal => `token:${String(i).padStart(16, '0')}`
  for (let i = 0; i <= 1_000; i++) await assert.rejects(permissionsOf(token(i)), denied)
  await assert.rejects(permissionsOf(token(1_000)), denied)
  assert.equal(asked.length, 1_001)
  await assert.rejects(permissionsOf(token(0)), denied)
  assert.equal(asked.length, 1_002)
})

test('a store that does not answer allows nothing, and is asked again', async () => {
  const { store, permissionsOf } = world()
  await store.addGrant(grant)
  const { grantsOf } = store
  store.grantsOf = async () => {
    throw new NamingError('unavailable')
  }
  await assert.rejects(permissionsOf(TOKEN), { code: 'unavailable' })
  store.grantsOf = grantsOf
  assert.equal((await permissionsOf(TOKEN)).mayWrite(target), true)
})

describe('functions are called by whom a grant lets invoke the name', () => {
  const name = canonicalName('pay.fn.example.org')
  const rows: readonly [what: string, more: Partial<Grant>, may: boolean][] = [
    ['it', { names: ['pay.fn'] }, true],
    ['all below fn, of whatever types', { names: ['*.fn'], types: ['TXT'] }, true],
    ['all names', { names: ['*'], actions: ['write', 'invoke'] }, true],
    ['another name', { names: ['pay'] }, false],
    ['another zone', { names: ['*'], zones: [canonicalName('fn.example.org')] }, false],
    ['it, to write and mirror', { names: ['pay.fn'], actions: ['write', 'mirror'] }, false],
  ]
  for (const [what, more, may] of rows) {
    test(what, async () => {
      const { store, permissionsOf } = world()
      await store.addGrant({ ...grant, actions: ['invoke'], ...more })
      const { mayInvoke, mayWrite } = await permissionsOf(TOKEN)
      assert.equal(mayInvoke(zone, name), may)
      if (more.actions === undefined) assert.equal(mayWrite({ zone, name, type: 'TXT' }), false)
    })
  }

  test('and by admins', async () => {
    assert.equal((await world([TOKEN]).permissionsOf(TOKEN)).mayInvoke(zone, name), true)
  })
})
