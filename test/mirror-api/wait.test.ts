import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  address,
  change,
  insync,
  type MirrorApi,
  mirrorApi,
  NOW,
  type Options,
  pathOf,
  pending,
  refusal,
} from './api.ts'

const A = address('192.0.2.1')
const accepted = { applied: A, version: 1, ...change('C1', 0) }

/** A name that is registered, and what happens to its row after some time. */
async function registered(options: Options = {}, later?: [ms: number, act: (api: MirrorApi) => Promise<void>]) {
  const api = await mirrorApi(options)
  await api.register('h', 1, A)
  if (later) void api.clock.pause(later[0]).then(() => later[1](api))
  return { ...api, passed: () => api.clock.now() - NOW }
}

describe('wait=insync', () => {
  test('is answered at once where nothing is to be waited for', async () => {
    const { send, putRow, passed } = await registered({ aws: insync })
    await putRow('h', accepted)
    const { status, json } = await send('GET', pathOf('h', '?wait=insync'))
    assert.deepEqual([status, json.status, passed()], [200, 'INSYNC', 0])
  })

  test('sees that the mirror takes up the name, and that AWS is done with it', async () => {
    const aws = (_id: string, ms: number) => (ms < 6_000 ? pending() : insync())
    const { send, passed, questions } = await registered({ aws }, [900, ({ putRow }) => putRow('h', accepted)])
    const { status, json } = await send('GET', pathOf('h', '?wait=insync'))
    assert.deepEqual([status, json.status, json.change.id], [200, 'INSYNC', 'C1'])
    assert.deepEqual(questions, [
      { id: 'C1', at: 1_000 },
      { id: 'C1', at: 6_000 },
    ])
    assert.equal(passed(), 6_000)
  })

  test('ends where the name is quarantined', async () => {
    const row = { refused: { A: refusal('foreign', 'taken') }, version: 1 }
    const { send, passed } = await registered({}, [700, ({ putRow }) => putRow('h', row)])
    const { status, json } = await send('GET', pathOf('h', '?wait=insync&timeout=5'))
    assert.deepEqual([status, json.status, json.quarantined[0].message, passed()], [200, 'QUARANTINED', 'taken', 750])
  })

  test('ends where the name is taken away before it was mirrored', async () => {
    const { send } = await registered({}, [700, ({ register }) => register('h', 2, {})])
    const { status, json } = await send('GET', pathOf('h', '?wait=insync'))
    assert.deepEqual([status, json.code], [404, 'name_not_found'])
  })

  const ends = [
    ['', 29_000, 20_000],
    ['&timeout=1', 30_000, 1_000],
    ['&timeout=25', 29_000, 25_000],
    ['&timeout=25', 15_000, 11_000], // Lambda leaves no more
    ['', 3_000, 0],
  ] as const
  for (const [query, remaining, ms] of ends) {
    test(`ends after ${ms} ms with ${query || 'no timeout'} and ${remaining} ms left`, async () => {
      const { send, passed } = await registered({ remaining })
      const { status, json } = await send('GET', pathOf('h', `?wait=insync${query}`))
      assert.deepEqual([status, json.status, passed()], [202, 'PENDING', ms])
    })
  }

  test('takes few of the requests that AWS allows, and no longer than said where it is silent', async () => {
    const { send, putRow, passed, questions } = await registered({ aws: () => new Promise<never>(() => {}) })
    await putRow('h', accepted)
    const { status } = await send('GET', pathOf('h', '?wait=insync&timeout=25'))
    assert.equal(status, 202)
    assert.ok(questions.length <= 6, `${questions.length} questions`)
    assert.ok(passed() <= 25_000 + 2_500, `${passed()} ms`)
  })
})
