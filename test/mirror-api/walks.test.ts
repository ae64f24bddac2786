import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Grant, Principal } from '../../shared/access/model.ts'
import { NO_COUNTS } from '../../shared/mirror/no-counts.ts'
import { at, CALLER, HOSTED_ZONE, mirrorApi, NOW, ZONE, ZONE_PATH } from './api.ts'

const walk = (kind: 'reconcile' | 'adopt') => ({
  walk: { kind, overwrite: false, startedAt: NOW - 1_000, counts: NO_COUNTS },
})

describe('POST reconcile', () => {
  for (const under of ['nothing', 'a reconcile'] as const) {
    test(`asks the mirror while ${under} is under way`, async () => {
      const { send, store, tasks } = await mirrorApi()
      if (under === 'a reconcile') await store.note(HOSTED_ZONE, walk('reconcile'))
      const { status, json } = await send('POST', `${ZONE_PATH}/reconcile`)
      assert.deepEqual([status, json.zone, json.reconcile.running], [202, 'example.org.', under === 'a reconcile'])
      assert.deepEqual(tasks, [{ task: 'reconcile', hostedZones: ['Z1'] }])
    })
  }

  test('does not begin during an adoption', async () => {
    const { send, store, tasks } = await mirrorApi()
    await store.note(HOSTED_ZONE, walk('adopt'))
    const { status, json } = await send('POST', `${ZONE_PATH}/reconcile`)
    assert.deepEqual([status, json.code, tasks], [409, 'walk_under_way', []])
  })
})

describe('POST adopt', () => {
  const bodies = [
    ['', false],
    ['{}', false],
    ['{"overwrite":false}', false],
    [' {"overwrite": true}\n', true],
  ] as const
  for (const [body, overwrite] of bodies) {
    test(`notes a walk and asks the mirror: ${JSON.stringify(body)}`, async () => {
      const { send, store, tasks } = await mirrorApi()
      const { status, json } = await send('POST', `${ZONE_PATH}/adopt`, body)
      assert.deepEqual([status, json.adoption.running, json.adoption.overwrite], [202, true, overwrite])
      const state = await store.state(HOSTED_ZONE)
      assert.deepEqual(state, { wake: 1, walk: { kind: 'adopt', overwrite, startedAt: NOW, counts: NO_COUNTS } })
      assert.deepEqual(tasks, [{ task: 'drain', hostedZones: ['Z1'] }])
    })
  }

  test('leaves it to the worker that holds the zone', async () => {
    const { send, store, tasks } = await mirrorApi()
    const before = await store.acquire(HOSTED_ZONE, 'worker', NOW, NOW + 60_000)
    assert.equal((await send('POST', `${ZONE_PATH}/adopt`)).status, 202)
    assert.deepEqual(tasks, [])
    assert.equal(await store.release(HOSTED_ZONE, 'worker', before?.wake ?? 0), false)
  })

  for (const kind of ['reconcile', 'adopt'] as const) {
    test(`does not begin while there is a walk: ${kind}`, async () => {
      const { send, store, tasks } = await mirrorApi()
      await store.note(HOSTED_ZONE, walk(kind))
      const { status, json } = await send('POST', `${ZONE_PATH}/adopt`, '{"overwrite":true}')
      assert.deepEqual([status, json.code, tasks], [409, 'walk_under_way', []])
      assert.deepEqual((await store.state(HOSTED_ZONE))?.walk, walk(kind).walk)
    })
  }
})

test('of POST adopt twice at once one begins, and the other learns of it', async () => {
  const { send, tasks } = await mirrorApi()
  const answers = await Promise.all([1, 2].map(() => send('POST', `${ZONE_PATH}/adopt`)))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [202, 409])
  assert.equal(tasks.length, 1)
})

describe('who may not have the mirror act', () => {
  const ROLE: Principal = 'iam:arn:aws:iam::000000000000:role/Deployer'
  const session = 'arn:aws:sts::000000000000:assumed-role/Deployer/build-7'
  const grant = { id: 'g', principal: ROLE, zones: [ZONE], names: ['*'], types: ['*'], actions: ['write'] } as const
  const denied: readonly [title: string, grants: readonly Grant[], authorizer: object | undefined][] = [
    ['nobody', [], undefined],
    ['a principal without grants', [], { iam: { userArn: session } }],
    ['one that may only write', [grant], { iam: { userArn: session } }],
    ['one of another zone', [{ ...grant, zones: [at('x')], actions: ['mirror'] }], { iam: { userArn: session } }],
    ['one whose time is over', [{ ...grant, actions: ['mirror'], expires: NOW }], { iam: { userArn: session } }],
    ['one that names itself as it likes', [], { lambda: { principal: 'local' } }],
  ]
  for (const [title, grants, authorizer] of denied) {
    for (const resource of ['reconcile', 'adopt']) {
      test(`${title}: ${resource}`, async () => {
        const { send, access, store, tasks, lines } = await mirrorApi({ context: { authorizer } as object })
        for (const one of grants) await access.addGrant(one)
        const { status, json } = await send('POST', `${ZONE_PATH}/${resource}`)
        assert.deepEqual([status, json.code], [403, 'update_denied'])
        assert.match(json.error, /^not allowed to /)
        assert.deepEqual([tasks, await store.state(HOSTED_ZONE)], [[], undefined])
        assert.deepEqual(
          lines.map(({ level, outcome }) => [level, outcome]),
          [['info', 'update_denied']],
        )
      })
    }

    test(`${title}: may look`, async () => {
      const { send } = await mirrorApi({ context: { authorizer } as object })
      assert.equal((await send('GET', ZONE_PATH)).status, 200)
    })
  }

  test('a grant to mirror the zone is enough', async () => {
    const { send, access, tasks } = await mirrorApi({ context: { authorizer: { iam: { userArn: session } } } })
    await access.addGrant({ ...grant, actions: ['mirror'], names: ['x'], types: ['A'] })
    assert.equal((await send('POST', `${ZONE_PATH}/reconcile`)).status, 202)
    assert.equal(tasks.length, 1)
  })
})

describe('one line is logged for each POST', () => {
  const who = { principal: CALLER, caller: undefined }
  const line = { message: 'mirror request', verb: 'POST', ...who, requestId: 'request-1' }
  const cases = [
    ['reconcile', '', 'OK'],
    ['adopt', '{"overwrite":true}', 'OK'],
    ['adopt', '{', 'invalid_json'],
    ['adopt', ' '.repeat(65_537), 'body_too_large'],
  ] as const
  for (const [resource, body, outcome] of cases) {
    test(`${resource}: ${outcome}`, async () => {
      const { send, lines } = await mirrorApi()
      await send('POST', `${ZONE_PATH}/${resource}`, body)
      assert.deepEqual(lines, [{ level: 'info', ...line, outcome, path: `${ZONE_PATH}/${resource}` }])
    })
  }

  test('none for what is no POST to one of its paths', async () => {
    const { send, lines } = await mirrorApi()
    await send('GET', ZONE_PATH)
    await send('GET', `${ZONE_PATH}/names/x`)
    await send('POST', ZONE_PATH)
    await send('POST', '/')
    assert.deepEqual(lines, [])
  })
})
