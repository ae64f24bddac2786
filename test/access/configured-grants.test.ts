import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { GRANTS, readGrants } from '../../shared/access/configured-grants.ts'
import { memoryAccessStore } from '../../shared/access/memory.ts'
import type { Grant, Principal } from '../../shared/access/model.ts'
import { createPermissions } from '../../shared/access/permissions.ts'
import { canonicalName } from '../../shared/dns/name.ts'

const ROLE: Principal = 'iam:arn:aws:iam::123456789012:role/probe'
const given = {
  principal: ROLE,
  zones: ['example.org.'],
  names: ['namestream-probe'],
  types: ['A'],
  actions: ['write'],
}
const read = (...grants: unknown[]) => readGrants({ [GRANTS]: JSON.stringify(grants) })

describe('what is read', () => {
  test('nothing where nothing is said', () => assert.deepEqual(readGrants({}), []))

  test('each grant, in canonical form, with an id', () => {
    const loose = {
      principal: 'iam:arn:aws:iam::123456789012:role/path/probe',
      zones: ['Example.ORG', 'example.net.'],
      names: ['H', '*.APP'],
      types: ['A', '*'],
      actions: ['mirror', 'write'],
    }
    const [one, other] = read(given, loose)
    assert.deepEqual(one, { id: 'ACCESS_GRANTS 0', ...given })
    assert.deepEqual(other, {
      ...loose,
      id: 'ACCESS_GRANTS 1',
      principal: ROLE,
      zones: ['example.org.', 'example.net.'],
      names: ['h', '*.app'],
    })
  })
})

describe('what is refused, when a function is loaded', () => {
  const bad: readonly [title: string, text: string][] = [
    ['no JSON', '['],
    ['nothing', ''],
    ['no list', JSON.stringify(given)],
    ['a list of something else', '[null]'],
    ...[
      { principal: 'local' },
      { principal: '*' },
      { principal: 'iam:arn:aws:iam::*:role/probe' },
      { principal: undefined },
      { zones: [] },
      { zones: 'example.org.' },
      { zones: ['a..example.org'] },
      { names: [] },
      { names: ['h.'] },
      { types: [] },
      { types: ['a'] },
      { types: ['**'] },
      { actions: [] },
      { actions: ['*'] },
      { expires: 1 }, // it would hold for ever
    ].map((edit) => [JSON.stringify(edit), JSON.stringify([{ ...given, ...edit }])] as [string, string]),
  ]
  for (const [title, text] of bad) {
    test(title, () => {
      const message = 'the environment variable ACCESS_GRANTS must be a JSON array of grants'
      assert.throws(() => readGrants({ [GRANTS]: text }), { message })
    })
  }
})

describe('what a configured grant allows', () => {
  const zone = canonicalName('example.org')
  const target = { zone, name: canonicalName('namestream-probe.example.org'), type: 'A' }
  const stored: Grant = { ...(read(given)[0] as Grant), id: 'stored', names: ['stored'] }
  const store = memoryAccessStore()
  const permissionsOf = createPermissions({ store, admins: [], configured: read(given), now: Date.now })

  test('its one RRset, though the store knows of no grant', async () => {
    assert.equal((await permissionsOf(ROLE)).mayWrite(target), true)
  })

  const denied: readonly [title: string, edit: object][] = [
    ['another name', { name: canonicalName('h.example.org') }],
    ['a name below', { name: canonicalName('a.namestream-probe.example.org') }],
    ['the zone itself', { name: zone }],
    ['another type', { type: 'AAAA' }],
    [
      'the same name in another zone',
      { zone: canonicalName('example.net'), name: canonicalName('namestream-probe.example.net') },
    ],
    ['the name where it is a zone of its own', { zone: target.name }],
  ]
  for (const [title, edit] of denied) {
    test(`not ${title}`, async () => assert.equal((await permissionsOf(ROLE)).mayWrite({ ...target, ...edit }), false))
  }

  test('not the mirror', async () => assert.equal((await permissionsOf(ROLE)).mayMirror(zone), false))

  for (const caller of [
    'iam:arn:aws:iam::123456789012:role/other',
    'iam:arn:aws:iam::210987654321:role/probe',
  ] as const) {
    test(`nothing to ${caller}`, () => assert.rejects(permissionsOf(caller), { code: 'update_denied' }))
  }

  test('is there beside those of the store', async () => {
    await store.addGrant(stored)
    const both = createPermissions({ store, admins: [], configured: read(given), now: Date.now })
    const { mayWrite } = await both(ROLE)
    assert.equal(mayWrite(target), true)
    assert.equal(mayWrite({ ...target, name: canonicalName('stored.example.org') }), true)
  })
})
