import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { NamingError } from '../../shared/records/faults.ts'
import { newZone } from '../../shared/records/new-zone.ts'
import { a, apex, nameOf } from '../contract/records.ts'
import { A, NOW, pathOf, registrationsApi } from './api.ts'

const OTHER = 'token:fedcba9876543210'

describe('PUT', () => {
  test('registers with a lease, and says when to come again', async () => {
    const { send, names, due } = await registrationsApi()
    const { status, json } = await send('PUT', { records: [A], lease: 30 })
    assert.equal(status, 200)
    assert.deepEqual(json, {
      zone: 'example.org.',
      name: 'h.example.org.',
      id: 'web-1',
      records: [{ type: 'A', rdata: ['192.0.2.1'], ttl: 10 }],
      lease: 30,
      until: '2026-01-01T00:00:30.000Z',
      renewAfter: 10,
    })
    assert.deepEqual((await names.read(nameOf('h')))?.rrsets, a(10, '192.0.2.1'))
    assert.deepEqual(
      due.map(({ at }) => at),
      [30_000],
    )
  })

  test('again renews, without a write to the name', async () => {
    const { send, names, clock } = await registrationsApi()
    await send('PUT', { records: [A], lease: 30 })
    const before = await names.read(nameOf('h'))
    clock.now = NOW + 20_000
    const { json } = await send('PUT', { records: [A], lease: 30 })
    assert.equal(json.until, '2026-01-01T00:00:50.000Z')
    assert.deepEqual(await names.read(nameOf('h')), before)
  })

  test('without a lease it stays, and there is nothing to come again for', async () => {
    const { send, due } = await registrationsApi()
    const { json } = await send('PUT', { records: [A] })
    assert.deepEqual(Object.keys(json), ['zone', 'name', 'id', 'records'])
    assert.deepEqual(due, [])
  })

  test('records are stored in canonical form: types, data, order, nothing twice; the TTL is at most the lease', async () => {
    const { send } = await registrationsApi()
    const records = [
      { type: 'txt', rdata: ['b', '"a"', 'b'], ttl: 0 },
      { type: 'TYPE28', rdata: ['2001:DB8:0::1'], ttl: 5 },
      { type: 'TYPE65400', rdata: ['\\# 2 AB CD'] },
    ]
    const { json } = await send('PUT', { records, lease: 5 })
    assert.deepEqual(json.records, [
      { type: 'AAAA', rdata: ['2001:db8::1'], ttl: 5 },
      { type: 'TXT', rdata: ['"a"', '"b"'], ttl: 0 },
      { type: 'TYPE65400', rdata: ['\\# 2 ABCD'], ttl: 5 },
    ])
    assert.equal(json.renewAfter, 1)
  })

  test('zone and name in any letter case, with or without final dot, escaped; the zone itself, a wildcard', async () => {
    const { send, names } = await registrationsApi()
    const spellings = [
      ['H.Example.ORG.', 'EXAMPLE.org.', 'h.example.org.'],
      ['a%5C046b.example.org', 'example.org', 'a\\.b.example.org.'],
      ['*.example.org', 'example.org', '*.example.org.'],
      ['example.org', 'example.org', 'example.org.'],
    ] as const
    for (const [name, zone, canonical] of spellings) {
      const { status, json } = await send('PUT', { records: [A] }, { path: pathOf(name, 'web-1', zone) })
      assert.deepEqual([status, json.zone, json.name], [200, apex, canonical])
      assert.ok(await names.read(json.name))
    }
  })

  test('the most there may be', async () => {
    const { send } = await registrationsApi()
    const rdata = Array.from({ length: 100 }, (_, n) => `192.0.2.${n}`)
    const records = Array.from({ length: 20 }, (_, n) => ({ type: `TYPE${65_300 + n}`, rdata: ['\\# 0'] }))
    const body = { records: [{ type: 'A', rdata, ttl: 0x7fffffff }, ...records.slice(1)] }
    assert.equal((await send('PUT', body)).status, 200)
    assert.equal((await send('PUT', { records: [A], lease: 86_400 })).status, 200)
    assert.equal(
      (await send('PUT', { records: [A] }, { path: pathOf('h.example.org', 'a-B_9.:'.repeat(9)) })).status,
      200,
    )
  })
})

test('while the queue of timers is away, nothing new has a lease, and what has is renewed', async () => {
  const { send, names, queue, due } = await registrationsApi()
  const [older, newer] = [pathOf(), pathOf('g.example.org')].map((path) => ({ path }))
  await send('PUT', { records: [A], lease: 30 }, older)
  queue.isAway = true
  assert.equal((await send('PUT', { records: [A], lease: 30 }, older)).status, 200)
  assert.equal((await send('PUT', { records: [A], lease: 30 }, newer)).status, 503)
  assert.equal(await names.read(nameOf('g')), undefined)
  queue.isAway = false
  assert.equal((await send('PUT', { records: [A], lease: 30 }, newer)).status, 200)
  assert.deepEqual((await names.read(nameOf('g')))?.rrsets, a(10, '192.0.2.1'))
  assert.equal(due.length, 2, 'each has its timer')
})

describe('GET and DELETE', () => {
  test('the registration as it is, for whoever gets in; gone once it is withdrawn', async () => {
    const { send, names } = await registrationsApi()
    const { json } = await send('PUT', { records: [A], lease: 30 })
    assert.deepEqual((await send('GET', '', { caller: OTHER })).json, json)
    const { status, json: nothing, headers } = await send('DELETE')
    assert.deepEqual([status, nothing, headers], [204, undefined, { 'Cache-Control': 'no-store' }])
    assert.deepEqual((await names.read(nameOf('h')))?.rrsets, {})
    for (const verb of ['GET', 'DELETE']) {
      const { status, json } = await send(verb)
      assert.deepEqual([status, json.code], [404, 'registration_not_found'])
    }
  })

  test('what is over is not there, though nobody has taken it away yet', async () => {
    const { send, clock } = await registrationsApi()
    await send('PUT', { records: [A], lease: 5 })
    clock.now += 5_000
    assert.equal((await send('GET')).status, 404)
  })
})

describe('who may', () => {
  test('nothing without a grant; with one, what it says; an id is renewed by who has registered it', async () => {
    const { send, access, clock, names } = await registrationsApi()
    const put = (caller?: typeof OTHER, name?: string) =>
      send('PUT', { records: [A], lease: 30 }, { ...(caller && { caller }), ...(name && { path: pathOf(name) }) })
    const denied = await put(OTHER)
    assert.deepEqual([denied.status, denied.json.code], [403, 'update_denied'])
    const grant = { id: 'g', principal: OTHER, zones: [apex], names: ['h'], types: ['A'], actions: ['write'] } as const
    await access.addGrant(grant)
    clock.now += 5_000
    assert.equal((await put(OTHER)).status, 200)
    const elsewhere = await put(OTHER, 'g.example.org')
    assert.deepEqual([elsewhere.status, elsewhere.json.code], [403, 'update_denied'])
    assert.equal(await names.read(nameOf('g')), undefined)
    const taken = await put()
    assert.deepEqual([taken.status, taken.json.code], [409, 'registration_conflict'])
    assert.equal((await send('DELETE')).status, 204, 'an admin takes away what is in the way')
  })
})

describe('refused', () => {
  const many = (count: number, text = 'x') => Array.from({ length: count }, (_, n) => `${text}${n}`)
  const bodies: readonly (readonly [body: unknown, status: number, code: string, error: RegExp])[] = [
    ['', 400, 'invalid_json', /^records: it is missing$/],
    ['{', 400, 'invalid_json', /not JSON/],
    [Uint8Array.of(0x7b, 0xff), 400, 'invalid_json', /not JSON in UTF-8/],
    [[], 400, 'invalid_json', /must be an object/],
    ['{"records":[],"lease":5,"lease":6}', 400, 'invalid_json', /^the member "lease" is there twice$/],
    [
      '{"records":[{"type":"A","rdata":[],"t\\u0079pe":"B"}]}',
      400,
      'invalid_json',
      /^the member "type" is there twice$/,
    ],
    [{ records: [A], leese: 5 }, 400, 'invalid_json', /^leese: there is no such member$/],
    [{ records: [{ ...A, TTL: 5 }] }, 400, 'invalid_json', /^records\.0\.TTL: there is no such member$/],
    [{ records: [{ type: 'A' }] }, 400, 'invalid_json', /^records\.0\.rdata: it is missing$/],
    [{ records: [] }, 400, 'invalid_json', /^records: .*>=1/],
    [{ records: Array(21).fill(A) }, 400, 'invalid_json', /^records: .*<=20/],
    [{ records: [{ ...A, rdata: [] }] }, 400, 'invalid_json', /^records\.0\.rdata: .*>=1/],
    [{ records: [{ type: 'TXT', rdata: many(101) }] }, 400, 'invalid_json', /^records\.0\.rdata: .*<=100/],
    [{ records: [{ ...A, ttl: -1 }] }, 400, 'invalid_json', /^records\.0\.ttl: .*>=0/],
    [{ records: [{ ...A, ttl: 2 ** 31 }] }, 400, 'invalid_json', /^records\.0\.ttl: .*<=2147483647/],
    [{ records: [{ ...A, ttl: 1.5 }] }, 400, 'invalid_json', /^records\.0\.ttl: /],
    [{ records: [{ ...A, ttl: '5' }] }, 400, 'invalid_json', /^records\.0\.ttl: /],
    [{ records: [A], lease: 4 }, 400, 'invalid_json', /^lease: .*>=5/],
    [{ records: [A], lease: 86_401 }, 400, 'invalid_json', /^lease: .*<=86400/],
    [{ records: [A], lease: 5.5 }, 400, 'invalid_json', /^lease: /],
    [{ records: [A], lease: null }, 400, 'invalid_json', /^lease: /],
    [{ records: [{ ...A, ttl: 31 }], lease: 30 }, 422, 'invalid_record', /longer than the lease/],
    [{ records: [{ ...A, rdata: ['192.0.2.256'] }] }, 422, 'invalid_record', /^A "192\.0\.2\.256": /],
    [{ records: [A, { ...A, type: 'a' }] }, 422, 'invalid_record', /^A is there twice$/],
    [{ records: [{ type: 'CNAME', rdata: ['a.', 'b.'] }] }, 422, 'invalid_record', /one CNAME only/],
    [{ records: [{ type: 'CNAME', rdata: ['a.'] }, A] }, 422, 'invalid_record', /stands alone/],
    [{ records: [{ type: 'NO', rdata: ['x'] }] }, 422, 'unsupported_type', /^"NO" is no record type$/],
    [{ records: [{ type: '__proto__', rdata: ['x'] }] }, 422, 'unsupported_type', /is no record type$/],
    ...['ANY', 'axfr', 'OPT', 'TYPE0', 'TYPE255'].map(
      (type) =>
        [{ records: [{ type, rdata: ['x'] }] }, 422, 'unsupported_type', /^no records can have the type/] as const,
    ),
    [{ records: [{ type: 'SOA', rdata: ['a. b. 1 1 1 1 1'] }] }, 422, 'unsupported_type', /SOA/],
    [' '.repeat(65_537), 413, 'body_too_large', /65536/],
  ]
  for (const [body, status, code, error] of bodies) {
    test(`${status} ${code} for ${JSON.stringify(body).slice(0, 70)}`, async () => {
      const { send, names, measured, due } = await registrationsApi()
      const refused = await send('PUT', body)
      assert.deepEqual([refused.status, refused.json.code], [status, code])
      assert.match(refused.json.error, error)
      assert.deepEqual([await names.read(nameOf('h')), due], [undefined, []])
      assert.deepEqual(measured, ['Requests', 'Refused'])
    })
  }

  for (const type of ['NS', 'CNAME']) {
    test(`${type} of the zone itself`, async () => {
      const { send } = await registrationsApi()
      const body = { records: [{ type, rdata: ['t.example.net.'] }] }
      const { status, json } = await send('PUT', body, { path: pathOf('example.org') })
      assert.deepEqual([status, json.code], [422, 'unsupported_type'])
      assert.equal((await send('PUT', body)).status, 200, 'below it may be there')
    })

    test(`${type} of a zone in the zone that the request names`, async () => {
      const { send, zones, names } = await registrationsApi()
      await zones.add(newZone(nameOf('inner')))
      const body = { records: [{ type, rdata: ['t.example.net.'] }] }
      const { status, json } = await send('PUT', body, { path: pathOf('inner.example.org') })
      assert.deepEqual([status, json.code], [422, 'unsupported_type'])
      assert.equal(await names.read(nameOf('inner')), undefined)
    })
  }

  const places: readonly (readonly [verb: string, path: string, status: number, code: string])[] = [
    ['PUT', '/v1/zones/example.org/names/h.example.org/registrations', 404, 'resource_not_found'],
    ['PUT', `${pathOf()}/x`, 404, 'resource_not_found'],
    ['POST', pathOf(), 405, 'method_not_allowed'],
    ['PATCH', pathOf(), 405, 'method_not_allowed'],
    ['PUT', `${pathOf()}?lease=5`, 400, 'invalid_query'],
    ['PUT', pathOf('h.example.net'), 422, 'invalid_name'],
    ['GET', pathOf('a..example.org'), 422, 'invalid_name'],
    ['GET', pathOf('h.example.org', 'x y'), 422, 'invalid_name'],
    ['GET', pathOf('h.example.org', '%C3%A4'), 422, 'invalid_name'],
    ['GET', pathOf('h.example.org', 'x'.repeat(65)), 422, 'invalid_name'],
    ...['constructor', 'prototype', '__proto__', 'toString', '.', '..'].map(
      (id) => ['PUT', pathOf('h.example.org', id), 422, 'invalid_name'] as const,
    ),
    ['PUT', pathOf('h.example.net', 'web-1', 'example.net'), 404, 'zone_not_found'],
    ['PUT', pathOf('h.example.org', 'function'), 403, 'update_denied'],
    ['DELETE', pathOf(), 404, 'registration_not_found'],
  ]
  for (const [verb, path, status, code] of places) {
    test(`${verb} ${path.slice(0, 80)}: ${status} ${code}`, async () => {
      const { send, measured } = await registrationsApi()
      const { json, headers, ...refused } = await send(verb, { records: [A] }, { path })
      assert.deepEqual([refused.status, json.code, measured], [status, code, ['Requests', 'Refused']])
      assert.equal(headers.Allow, status === 405 ? 'GET, PUT, DELETE' : undefined)
    })
  }

  test('what stands in the way is told', async () => {
    const { send } = await registrationsApi()
    await send('PUT', { records: [A] })
    const alias = { records: [{ type: 'CNAME', rdata: ['t.example.net.'] }] }
    const { status, json } = await send('PUT', alias, { path: pathOf('h.example.org', 'web-2') })
    assert.deepEqual([status, json.code], [409, 'record_conflict'])
  })
})

describe('the log', () => {
  test('has who withdrew what, and who was refused; a renewal is not told', async () => {
    const { send, lines, measured } = await registrationsApi()
    for (const _ of ['first', 'again']) await send('PUT', { records: [A], lease: 30 })
    assert.deepEqual([lines, measured], [[], ['Requests', 'Requests']])
    await send('PUT', {})
    await send('DELETE')
    await send('GET')
    assert.deepEqual(
      lines.map(({ level, message, verb, outcome, path }) => [level, message, verb, outcome, path]),
      [
        ['info', 'registration', 'PUT', 'invalid_json', pathOf()],
        ['info', 'registration', 'DELETE', 'OK', pathOf()],
      ],
    )
  })

  test('an error that is no refusal is told to the log, and to nobody else; a store that is away: try again', async () => {
    const secret = new Error('AKIAIOSFODNN7EXAMPLE')
    const broken = await registrationsApi({ register: () => Promise.reject(secret) })
    const { status, json } = await broken.send('PUT', { records: [A] })
    assert.deepEqual([status, json], [500, { code: 'internal_error', error: 'internal error' }])
    assert.deepEqual(
      broken.lines.map(({ level, error }) => [level, error]),
      [['error', secret]],
    )
    const away = await registrationsApi({ register: () => Promise.reject(new NamingError('unavailable')) })
    const answer = await away.send('PUT', { records: [A] })
    assert.deepEqual([answer.status, answer.headers['Retry-After']], [503, '1'])
    assert.deepEqual(away.measured, ['Requests', 'Faults'])
    const hung = await registrationsApi({ register: () => new Promise(() => {}) })
    assert.equal((await hung.send('PUT', { records: [A] }, { remaining: 501 })).status, 503)
  })
})
