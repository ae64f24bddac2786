import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { canonicalName } from '../../shared/dns/name.ts'
import {
  address,
  at,
  change,
  insync,
  type MirrorApi,
  mirrorApi,
  NOW,
  type Options,
  pathOf,
  refusal,
  text,
  ZONE,
} from './api.ts'

const OLD = address('192.0.2.1')
const WORDS = 'Tried to create it, but it already exists'

test('all that is told of a name', async () => {
  const api = await mirrorApi()
  await api.register('h', 1, { ...OLD, ...text('"x"') })
  await api.putRow('h', {
    applied: OLD,
    refused: { TXT: refusal('foreign', WORDS) },
    version: 1,
    ...change('C1', 1_500),
  })
  assert.deepEqual(await api.send('GET', pathOf('h')), {
    status: 200,
    headers: {},
    json: {
      zone: 'example.org.',
      hostedZone: 'Z1',
      name: 'h.example.org.',
      status: 'QUARANTINED',
      mirrored: { A: { ttl: 60, rdata: ['192.0.2.1'] } },
      change: { id: 'C1', acceptedAt: '2025-12-31T23:59:58.500Z', lag: 0.812, status: 'PENDING' },
      quarantined: [{ type: 'TXT', code: 'foreign', message: WORDS, since: '2025-12-31T23:59:55.000Z' }],
    },
  })
})

describe('a question to AWS', () => {
  const accepted = async (options: Options = {}): Promise<MirrorApi> => {
    const api = await mirrorApi(options)
    await api.register('h', 1, OLD)
    await api.putRow('h', { applied: OLD, version: 1, ...change('C1', 1_000) })
    return api
  }

  test('is not asked again within 5 s', async () => {
    const api = await accepted()
    for (let i = 0; i < 4; i++) {
      assert.equal((await api.send('GET', pathOf('h'))).json.status, 'PENDING')
      await api.clock.run(api.clock.pause(2_000))
    }
    assert.deepEqual(
      api.questions.map(({ id }) => id),
      ['C1', 'C1'],
    )
  })

  test('is not asked where its turn would come too late', async () => {
    const api = await accepted({ aws: insync })
    await api.pace.slowDown(501)
    assert.equal((await api.send('GET', pathOf('h'))).json.status, 'PENDING')
    assert.deepEqual(api.questions, [])
    await api.clock.run(api.clock.pause(1))
    assert.equal((await api.send('GET', pathOf('h'))).json.status, 'INSYNC')
    assert.deepEqual(api.questions, [{ id: 'C1', at: 501 }])
  })

  test('that got no answer ends after 2 s', async () => {
    const api = await accepted({ aws: () => new Promise<never>(() => {}) })
    assert.equal((await api.send('GET', pathOf('h'))).json.status, 'PENDING')
    assert.equal(api.clock.now() - NOW, 2_000)
  })
})

describe('the spelling of a name', () => {
  const spellings = [
    ['h.example.org', 'h.example.org.'],
    ['H.Example.ORG.', 'h.example.org.'],
    ['%68.example.org', 'h.example.org.'],
    ['*.example.org', '*.example.org.'],
    ['%2A.example.org', '*.example.org.'],
    ['example.org', 'example.org.'],
    ['a%5C.b.example.org', 'a\\.b.example.org.'],
    ['a\\046b.example.org', 'a\\.b.example.org.'], // decoded by the gateway
    ['a%5C047b.example.org', 'a/b.example.org.'],
    ['100%.example.org', '100%.example.org.'], // decoded by the gateway
  ] as const
  for (const [spelled, name] of spellings) {
    test(spelled, async () => {
      const api = await mirrorApi()
      await api.names.write({ name: canonicalName(name), zone: ZONE, version: 1, rrsets: OLD }, 0)
      const { status, json } = await api.send('GET', `/v1/zones/EXAMPLE.org./mirror/names/${spelled}`)
      assert.deepEqual([status, json.name, json.zone], [200, name, 'example.org.'])
    })
  }
})

describe('a name that is not there', () => {
  test('was never registered', async () => {
    const { status, json } = await (await mirrorApi()).send('GET', pathOf('h'))
    assert.deepEqual([status, json.code], [404, 'name_not_found'])
  })

  test('was deleted before the mirror knew of it', async () => {
    const api = await mirrorApi()
    await api.register('h', 2, {})
    assert.equal((await api.send('GET', pathOf('h'))).json.code, 'name_not_found')
  })

  test('belongs to a zone within the zone', async () => {
    const api = await mirrorApi()
    await api.register('h.sub', 1, OLD, at('sub'))
    assert.equal((await api.send('GET', pathOf('h.sub'))).json.code, 'name_not_found')
  })
})
