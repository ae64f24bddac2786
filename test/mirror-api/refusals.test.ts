import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { NamingError } from '../../shared/records/faults.ts'
import { mirrorApi, pathOf, ZONE_PATH } from './api.ts'

const REFUSED = [
  ['Requests', 1],
  ['Refused', 1],
]
const FAILED = [
  ['Requests', 1],
  ['Faults', 1],
]

test('a request that is answered is neither refused nor failed', async () => {
  const { send, measured } = await mirrorApi()
  await send('GET', ZONE_PATH)
  await send('POST', `${ZONE_PATH}/reconcile`)
  assert.deepEqual(measured, [
    ['Requests', 1],
    ['Requests', 1],
  ])
})

describe('refused', () => {
  const name = (label: string) => `${ZONE_PATH}/names/${label}`
  const cases: readonly (readonly [verb: string, path: string, status: number, code: string, error?: RegExp])[] = [
    ['GET', '/', 404, 'resource_not_found'],
    ['GET', '/v1/zones', 404, 'resource_not_found'],
    ['GET', '/v1/zones//mirror', 404, 'resource_not_found'],
    ['GET', `${ZONE_PATH}/`, 404, 'resource_not_found'],
    ['GET', `/x${ZONE_PATH}`, 404, 'resource_not_found'],
    ['GET', ZONE_PATH.toUpperCase(), 404, 'resource_not_found'],
    ['GET', name(''), 404, 'resource_not_found'],
    ['GET', name('a/b'), 404, 'resource_not_found'],
    ['GET', '/v1/zones/example.net/mirror', 404, 'zone_not_found'],
    ['GET', '/v1/zones/h.example.org/mirror', 404, 'zone_not_found'],
    ['GET', '/v1/zones/plain.example/mirror', 404, 'zone_not_mirrored'],
    ['GET', '/v1/zones/plain.example/mirror/names/h.plain.example', 404, 'zone_not_mirrored'],
    ['POST', '/v1/zones/plain.example/mirror/adopt', 404, 'zone_not_mirrored'],
    ['POST', '/v1/zones/example.net/mirror/reconcile', 404, 'zone_not_found'],
    ['GET', pathOf('h'), 404, 'name_not_found'],
    ['GET', '/v1/zones/a..b/mirror', 422, 'invalid_name', /empty label/],
    ['GET', name('a..example.org'), 422, 'invalid_name', /empty label/],
    ['GET', name('a%20b.example.org'), 422, 'invalid_name', /must be escaped/],
    ['GET', name('%C3%A4.example.org'), 422, 'invalid_name', /must be escaped/],
    ['GET', name(`${'x'.repeat(64)}.example.org`), 422, 'invalid_name', /64 octets/],
    ['GET', name('h.example.net'), 422, 'invalid_name', /^h\.example\.net\. is not in the zone example\.org\.$/],
    ['GET', name('hexample.org'), 422, 'invalid_name', /is not in the zone/],
    ['GET', name('@'), 422, 'invalid_name', /is not in the zone/],
    ['GET', pathOf('h', '?wait=insync&wait=insync'), 400, 'invalid_query', /wait is given twice/],
    ['GET', pathOf('h', '?wait=yes'), 400, 'invalid_query', /wait must be insync/],
    ['GET', pathOf('h', '?wait'), 400, 'invalid_query', /wait must be insync/],
    ['GET', pathOf('h', '?Wait=insync'), 400, 'invalid_query', /"Wait" is not known/],
    ['GET', pathOf('h', '?timeout=5'), 400, 'invalid_query', /needs wait=insync/],
    ['GET', pathOf('h', '?after=a'), 400, 'invalid_query', /"after" is not known/],
    ...['0', '26', '1.5', '-1', '5s', '', '1e1'].map(
      (timeout) =>
        ['GET', pathOf('h', `?wait=insync&timeout=${timeout}`), 400, 'invalid_query', /from 1 to 25/] as const,
    ),
    ['GET', `${ZONE_PATH}?wait=insync`, 400, 'invalid_query', /"wait" is not known/],
    ['GET', `${ZONE_PATH}?after=a..b`, 422, 'invalid_name', /empty label/],
    ['POST', `${ZONE_PATH}/reconcile?x`, 400, 'invalid_query', /"x" is not known/],
    ['POST', `${ZONE_PATH}/adopt?overwrite=true`, 400, 'invalid_query', /"overwrite" is not known/],
  ]
  for (const [verb, path, status, code, error = /^[ -~]+$/] of cases) {
    test(`${verb} ${path.slice(0, 80)}: ${status} ${code}`, async () => {
      const { send, tasks, measured } = await mirrorApi()
      const { json, ...response } = await send(verb, path)
      assert.deepEqual([response, json.code, tasks], [{ status, headers: {} }, code, []])
      assert.deepEqual(measured, REFUSED)
      assert.deepEqual(Object.keys(json), ['code', 'error'])
      assert.match(json.error, error)
    })
  }
})

describe('a method that a path does not take', () => {
  const cases = [
    ['POST', ZONE_PATH, 'GET'],
    ['HEAD', ZONE_PATH, 'GET'],
    ['PUT', pathOf('h'), 'GET'],
    ['GET', `${ZONE_PATH}/reconcile`, 'POST'],
    ['DELETE', `${ZONE_PATH}/adopt`, 'POST'],
  ] as const
  for (const [verb, path, Allow] of cases) {
    test(`${verb} ${path}`, async () => {
      const { json, ...response } = await (await mirrorApi()).send(verb, path)
      assert.deepEqual([response, json.code], [{ status: 405, headers: { Allow } }, 'method_not_allowed'])
    })
  }
})

describe('a body', () => {
  const cases = [
    ['adopt', '{', 400, 'invalid_json', /not JSON/],
    ['adopt', Uint8Array.of(0x22, 0xff, 0x22), 400, 'invalid_json', /not JSON in UTF-8/],
    ['adopt', 'null', 400, 'invalid_json', /Object/],
    ['adopt', '[]', 400, 'invalid_json', /an object/],
    ['adopt', '{"overwrite":"true"}', 400, 'invalid_json', /^overwrite: .*boolean/],
    ['adopt', '{"overwrite":null}', 400, 'invalid_json', /^overwrite: .*boolean/],
    ['adopt', '{"Overwrite":true}', 400, 'invalid_json', /^Overwrite: /],
    ['adopt', ' '.repeat(65_537), 413, 'body_too_large', /65536/],
    ['reconcile', '{"overwrite":true}', 400, 'invalid_json', /^overwrite: /],
    ['reconcile', ' '.repeat(65_537), 413, 'body_too_large', /65536/],
  ] as const
  for (const [resource, body, status, code, error] of cases) {
    test(`${resource} ${body.toString().slice(0, 24)}`, async () => {
      const { send, store, tasks } = await mirrorApi()
      const response = await send('POST', `${ZONE_PATH}/${resource}`, body)
      assert.deepEqual([response.status, response.json.code], [status, code])
      assert.match(response.json.error, error)
      assert.deepEqual([await store.state('Z1'), tasks], [undefined, []])
    })
  }
})

describe('the stage', () => {
  const cases = [
    ['$default', ZONE_PATH, 200],
    ['prod', `/prod${ZONE_PATH}`, 200],
    ['prod', ZONE_PATH, 200], // by a custom domain name
    ['prod', `/test${ZONE_PATH}`, 404],
  ] as const
  for (const [stage, path, status] of cases) {
    test(`${path} on stage ${stage}`, async () => {
      assert.equal((await (await mirrorApi({ context: { stage } })).send('GET', path)).status, status)
    })
  }
})

describe('where something fails', () => {
  const secret = 'AKIAIOSFODNN7EXAMPLE'

  test('the store is away: try again', async () => {
    const list = () => Promise.reject(new NamingError('unavailable', undefined, { cause: new Error(secret) }))
    const { send, lines, measured } = await mirrorApi({ parts: { zones: { list } } })
    const { status, headers, json } = await send('GET', ZONE_PATH)
    assert.deepEqual([status, headers, json.code], [503, { 'Retry-After': '1' }, 'unavailable'])
    assert.ok(!json.error.includes(secret))
    assert.deepEqual(
      lines.map(({ level, outcome, path }) => [level, outcome, path]),
      [['error', 'unavailable', ZONE_PATH]],
    )
    assert.deepEqual(measured, FAILED)
  })

  test('an error that is no refusal is told to the log, once, and to nobody else', async () => {
    const error = new Error(secret)
    const { send, lines, measured } = await mirrorApi({ parts: { zones: { list: () => Promise.reject(error) } } })
    assert.deepEqual(await send('POST', `${ZONE_PATH}/adopt`), {
      status: 500,
      headers: {},
      json: { code: 'internal_error', error: 'internal error' },
    })
    assert.deepEqual(
      lines.map((line) => [line.level, line.outcome, line.error]),
      [['error', 'internal_error', error]],
    )
    assert.deepEqual(measured, FAILED)
  })

  test('a store that does not answer is given up before Lambda ends the function', async () => {
    const list = () => new Promise<never>(() => {})
    const { send, measured } = await mirrorApi({ parts: { zones: { list } }, remaining: 501 })
    const { status, json } = await send('GET', ZONE_PATH)
    assert.deepEqual([status, json.code, measured], [503, 'unavailable', FAILED])
  })

  test('the mirror cannot be asked: try again, and what was noted stays', async () => {
    const { send, store, lines } = await mirrorApi({ parts: { ask: () => Promise.reject(new Error(secret)) } })
    for (const resource of ['reconcile', 'adopt']) {
      const { status, json } = await send('POST', `${ZONE_PATH}/${resource}`)
      assert.deepEqual([status, json.code, json.error.includes(secret)], [503, 'unavailable', false])
    }
    assert.equal((await store.state('Z1'))?.walk?.kind, 'adopt')
    assert.deepEqual(await store.restless(['Z1']), ['Z1'])
    assert.equal(lines.length, 2)
  })
})
