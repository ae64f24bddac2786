/** A registration that renews itself, over real sockets, to an API that fails in all the ways that one can. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, before, describe, test } from 'node:test'
import { setTimeout as later } from 'node:timers/promises'
import { type ClientOptions, createClient, type Registered, type Registration } from '../../client/client.ts'
import { type Clock, realClock } from '../../client/keep.ts'
import { eventually } from '../eventually.ts'
import { type Api, type Fault, startApi } from './api.ts'

const NAME = 'web.example.org'
const RECORDS = [{ type: 'A', rdata: ['192.0.2.5'], ttl: 10 }]
const WEB: Registration = { zone: 'example.org', name: NAME, records: RECORDS, lease: 30, id: 'web-1' }

const unhandled: unknown[] = []
before(() => {
  process.on('unhandledRejection', (reason) => unhandled.push(reason))
})
after(async () => {
  await later(50)
  assert.deepEqual(unhandled, [])
})

describe('a registration', () => {
  test('is one PUT, as the contract has it, and the handle tells of it', async () => {
    const { api, kept, renewed } = await keep()
    const { until, ...rest } = await kept.first
    assert.deepEqual(rest, {
      zone: 'example.org',
      name: NAME,
      id: 'web-1',
      records: RECORDS,
      lease: 30,
      renewAfter: 10,
    })
    assert.ok(Math.abs(Date.parse(until ?? '') - Date.now() - 30_000) < 5_000)
    const [{ method, url, body, headers } = assert.fail()] = api.requests
    assert.deepEqual([method, url], ['PUT', '/v1/zones/example.org/names/web.example.org/registrations/web-1'])
    assert.deepEqual(JSON.parse(body), { records: RECORDS, lease: 30 })
    assert.deepEqual([headers['content-type'], headers.authorization], ['application/json', undefined])
    assert.equal(renewed.length, 1)
  })

  test('has the name of the host as its id, if no other', async () => {
    const { api, kept } = await keep({ id: undefined })
    await kept.first
    assert.match(kept.id, /^[A-Za-z0-9._:-]{1,64}$/)
    assert.deepEqual(Object.keys(api.registered(NAME)), [kept.id])
  })

  test('of a wildcard finds its way through the path', async () => {
    const { api, kept } = await keep({ name: '*.a/b%.example.org', id: 'a:b' })
    await kept.first
    assert.deepEqual(api.registered('*.a/b%.example.org'), { 'a:b': RECORDS })
  })

  test('is renewed after a third of the lease, and no two requests are under way at once', async () => {
    const { api, pauses } = await keep()
    await eventually(() => assert.ok(api.requests.length >= 5))
    assert.deepEqual(new Set(pauses), new Set([10_000]))
    assert.equal(api.most, 1)
  })

  test('is renewed up to a fifth earlier, by chance, so that a fleet does not come at once', async () => {
    const { api, pauses } = await keep({}, { random: () => 0 })
    await eventually(() => assert.ok(api.requests.length >= 3))
    assert.deepEqual(new Set(pauses), new Set([8_000]))
  })

  test('without a lease is made once', async () => {
    const { api, kept, pauses } = await keep({ lease: undefined })
    assert.equal((await kept.first).renewAfter, undefined)
    await later(50)
    assert.equal(api.requests.length, 1)
    assert.deepEqual(pauses, [])
    assert.deepEqual(JSON.parse(api.requests[0]?.body ?? ''), { records: RECORDS })
  })
})

describe('an API that fails', { concurrency: true }, () => {
  const rows: readonly [Fault, reason: RegExp][] = [
    [500, /^the API answered 500 code_of_fault: text of the fault$/],
    [503, /^the API answered 503/],
    [429, /^the API answered 429/],
    [403, /^the API answered 403 code_of_fault: text of the fault$/],
    [404, /^the API answered 404/],
    [409, /^the API answered 409/],
    [307, /^the API answered 307/],
    ['html', /^the API answered "<html>It works!<\/html>"$/],
    ['hang', /^the API gave no answer: not within 0.5 s$/],
    ['stall', /^the API gave no answer: not within 0.5 s$/],
    ['reset', /^the API gave no answer: /],
    ['garbage', /^the API gave no answer: /],
  ]
  for (const [fault, reason] of rows)
    test(`${fault}: the host hears of it and of nothing else, and the name is there soon after`, async () => {
      const { api, kept, errors } = await keep(
        {},
        {},
        fault === 'hang' || fault === 'stall' ? { timeoutMs: 500 } : {},
        fault,
      )
      await eventually(() => assert.ok(errors.length >= 2))
      for (const { message } of errors) assert.match(message, reason)
      api.fault = undefined
      await kept.first
      assert.deepEqual(api.registered(NAME), { 'web-1': RECORDS })
    })

  test('is asked again after half a second, and less and less often, up to a third of the lease', async () => {
    const { pauses } = await keep({}, {}, {}, 500)
    await eventually(() => assert.ok(pauses.length >= 7))
    assert.deepEqual(pauses.slice(0, 7), [500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000])
  })

  test('and refuses is asked again after a third of the lease', async () => {
    const { pauses } = await keep({}, {}, {}, 403)
    await eventually(() => assert.ok(pauses.length >= 2))
    assert.deepEqual(pauses.slice(0, 2), [10_000, 10_000])
  })

  test('for longer than the lease: the name lapses, and comes back when the API does', async () => {
    const { api, kept, errors, renewed } = await keep()
    await kept.first
    api.fault = 'reset'
    await eventually(() => assert.ok(errors.length > 0))
    api.age(31_000)
    assert.deepEqual(api.registered(NAME), {})
    api.fault = undefined
    const before = renewed.length
    await eventually(() => assert.ok(renewed.length > before))
    assert.deepEqual(api.registered(NAME), { 'web-1': RECORDS })
  })

  test('slowly has but one request at a time', async () => {
    const { api, kept } = await keep({}, {}, {}, 'slow')
    await kept.first
    await eventually(() => assert.ok(api.requests.length >= 3))
    assert.equal(api.most, 1)
  })

  test('by a hang has no more time than a third of a short lease', async () => {
    const { errors } = await keep({ lease: 5 }, {}, {}, 'hang')
    await eventually(() => assert.ok(errors.length > 0))
    assert.equal(errors[0]?.message, 'the API gave no answer: not within 1.667 s')
  })

  test('to say sensibly when to renew is not flooded, and not forgotten', async () => {
    for (const [renewAfter, pause] of [
      [0, 10_000],
      [-1, 10_000],
      ['soon', 10_000],
      [1e-9, 1_000],
      [1e12, 30_000],
    ]) {
      const fetch = async () => Response.json({ id: 'web-1', renewAfter })
      const { pauses, kept } = await keep({}, {}, { fetch })
      await eventually(() => assert.equal(pauses[0], pause))
      kept.stop()
    }
  })
})

describe('listeners', () => {
  test('that throw or reject hurt nobody', async () => {
    const api = await startApi()
    let calls = 0
    const client = createClient({ url: api.url }, fast([]))
    const kept = client.register(WEB, {
      onRenewed: () => {
        if (calls++ % 2 === 0) throw new Error('of the host')
        return Promise.reject(new Error('of the host, later'))
      },
    })
    await eventually(() => assert.ok(calls >= 4))
    kept.stop()
  })
})

describe('the end', () => {
  test('withdraws by DELETE, once however often it is called, and renews no more', async () => {
    const { api, kept } = await keep()
    await kept.first
    assert.deepEqual(await Promise.all([kept.withdraw(), kept.withdraw()]), [true, true])
    assert.equal(await kept.withdraw(), true)
    assert.deepEqual(api.registered(NAME), {})
    const { length } = api.requests
    await later(250)
    assert.equal(api.requests.length, length)
    assert.equal(api.requests.filter(({ method }) => method === 'DELETE').length, 1)
  })

  test('is well with a registration that is gone already', async () => {
    const { api, kept, errors } = await keep()
    await kept.first
    await createClient({ url: api.url }).withdraw(WEB)
    assert.equal(await kept.withdraw(), true)
    assert.deepEqual(errors, [])
  })

  test('lets a PUT that is under way end first, so that nothing stays behind', async () => {
    const { api, kept } = await keep({}, {}, {}, 'slow')
    await eventually(() => assert.equal(api.requests.length, 1))
    assert.equal(await kept.withdraw(), true)
    assert.deepEqual(
      api.requests.map(({ method }) => method),
      ['PUT', 'DELETE'],
    )
    assert.equal(api.most, 1)
    assert.deepEqual(api.registered(NAME), {})
  })

  test('tries again while there is time', async () => {
    const { api, kept } = await keep()
    await kept.first
    api.fault = 503
    const gone = kept.withdraw()
    await eventually(() => assert.ok(api.requests.filter(({ method }) => method === 'DELETE').length >= 2))
    api.fault = undefined
    assert.equal(await gone, true)
  })

  for (const fault of ['hang', 503, 'reset'] as const)
    test(`comes in time, also with ${fault}`, async () => {
      const { api, kept } = await keep()
      await kept.first
      api.fault = fault
      const began = Date.now()
      assert.equal(await kept.withdraw(400), false)
      assert.ok(Date.now() - began < 2_000)
    })

  test('gives up at once where it is refused', async () => {
    const { api, kept, errors } = await keep()
    await kept.first
    api.fault = 403
    assert.equal(await kept.withdraw(), false)
    assert.equal(errors.length, 1)
  })

  test('by stop leaves the name to its lease, and can still be followed by a withdrawal', async () => {
    const { api, kept } = await keep()
    await kept.first
    kept.stop()
    await later(250)
    const { length } = api.requests
    await later(250)
    assert.equal(api.requests.length, length)
    assert.deepEqual(api.registered(NAME), { 'web-1': RECORDS })
    assert.equal(await kept.withdraw(), true)
    assert.deepEqual(api.registered(NAME), {})
  })

  test('before the first acknowledgement is told to who waits for that', async () => {
    const { kept } = await keep({}, {}, {}, 500)
    kept.stop()
    await assert.rejects(kept.first, { message: 'it was stopped before it was registered' })
  })
})

describe('what cannot be right is said at once', () => {
  const client = createClient({ url: 'http://127.0.0.1:1' })
  const rows: readonly [title: string, wrong: Partial<Registration>][] = [
    ['no name', { name: '' }],
    ['no zone', { zone: '' }],
    ['no records', { records: [] }],
    ['a lease of 4 s', { lease: 4 }],
    ['a lease of a day and a second', { lease: 86_401 }],
    ['a lease of 7.5 s', { lease: 7.5 }],
    ['an id with a slash', { id: 'a/b' }],
    ['an id of 65 characters', { id: 'x'.repeat(65) }],
  ]
  for (const [title, wrong] of rows)
    test(title, async () => {
      assert.throws(() => client.register({ ...WEB, ...wrong }), TypeError)
      await assert.rejects(client.put({ ...WEB, ...wrong }), TypeError)
    })
  for (const url of ['', 'web', 'ftp://example.org', 'http://example.org/?a=b'])
    test(`the URL ${JSON.stringify(url)}`, () => {
      assert.throws(() => createClient({ url }), TypeError)
    })
})

test('a process that registers lives no longer for it', async () => {
  const api = await startApi()
  const client = new URL('../../client/client.ts', import.meta.url).href
  const program = `
    import { createClient } from '${client}'
    await createClient({ url: '${api.url}' }).register(${JSON.stringify(WEB)}).first`
  const began = Date.now()
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], { stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  assert.equal(code, 0)
  assert.ok(Date.now() - began < 8_000, 'it ends before it would renew')
  assert.equal(api.requests.length, 1)
})

// ---------------------------------------------------------------------------

interface Kept {
  readonly api: Api
  readonly kept: Registered
  readonly errors: Error[]
  readonly renewed: unknown[]
  /** Milliseconds that it wanted to pause. */
  readonly pauses: number[]
}

/** Registers with an API of its own, on a clock that is a hundred times as fast. */
async function keep(
  changes: Partial<Registration> = {},
  clock: Partial<Clock> = {},
  options: Partial<ClientOptions> = {},
  fault?: Fault,
): Promise<Kept> {
  const api = await startApi()
  api.fault = fault
  const [errors, renewed, pauses]: [Error[], unknown[], number[]] = [[], [], []]
  const client = createClient({ url: api.url, ...options }, { ...fast(pauses), ...clock })
  const kept = client.register(
    { ...WEB, ...changes },
    { onRenewed: (one) => renewed.push(one), onError: (error) => errors.push(error) },
  )
  after(() => kept.stop())
  return { api, kept, errors, renewed, pauses }
}

function fast(pauses: number[]): Clock {
  return {
    now: Date.now,
    random: () => 1,
    pause(ms, signal) {
      pauses.push(ms)
      return realClock.pause(ms / 100, signal)
    },
  }
}
