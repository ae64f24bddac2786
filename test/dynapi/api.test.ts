import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { canonicalName } from '../../shared/dns/name.ts'
import { NamingError } from '../../shared/records/faults.ts'
import {
  ABSENT,
  assertResponse,
  BADDATA,
  BUSY,
  EXISTS,
  INTERNAL,
  METHOD,
  NOPATH,
  NOZONE,
  OK,
  TOOLARGE,
} from './expect.ts'
import { CALLER, failing, naming } from './naming.ts'
import { bodyB } from './rows/row.ts'

const write = (verb: string, edit: object = {}) => ({
  verb,
  path: '/dynapi',
  headers: {},
  body: JSON.stringify({ ...bodyB('h'), ...edit }),
})

test('the sofa-mesh RPC controller registers, repeats, moves and withdraws an interface', async () => {
  // Its wire: no Content-Type, `ttl` in lower case, and a DELETE with the last address.
  const sent = (verb: string, address: string) => ({
    verb,
    path: '/dynapi',
    headers: {},
    body: `{"zone":"example.org.","name":"com.alipay.userservice.interface1","type":"A","address":"${address}","ttl":3600}`,
  })
  const owner = 'com.alipay.userservice.interface1.example.org.'
  const { send, held, versions } = naming()
  assertResponse(await send(sent('PUT', '192.0.2.5')), OK)
  assert.deepEqual(await held(), { [owner]: { A: { ttl: 3600, rdata: ['192.0.2.5'] } } })
  const first = await versions()
  for (let i = 0; i < 3; i++) assertResponse(await send(sent('PUT', '192.0.2.5')), OK)
  assert.deepEqual(await versions(), first, 'an identical PUT writes nothing')
  assertResponse(await send(sent('PUT', '192.0.2.6')), OK)
  assert.deepEqual(await held(), { [owner]: { A: { ttl: 3600, rdata: ['192.0.2.6'] } } })
  assertResponse(await send(sent('DELETE', '192.0.2.5')), ABSENT)
  assertResponse(await send(sent('DELETE', '192.0.2.6')), OK)
  assert.deepEqual(await held(), {})
})

describe('B12: check and write are one step', () => {
  const addresses = Array.from({ length: 20 }, (_, i) => `192.0.2.${i}`)

  test('of concurrent POSTs one creates, the others find the record', async () => {
    const { send, held } = naming()
    const responses = await Promise.all(addresses.map((address) => send(write('POST', { address }))))
    const created = addresses.filter((_, i) => responses[i]?.status === 200)
    assert.equal(created.length, 1)
    for (const response of responses) assertResponse(response, response.status === 200 ? OK : EXISTS)
    assert.deepEqual(await held(), { 'h.example.org.': { A: { ttl: 60, rdata: created } } })
  })

  test('of concurrent DELETEs one removes, the others find nothing', async () => {
    const { send, held } = naming()
    assertResponse(await send(write('PUT')), OK)
    const responses = await Promise.all(addresses.map(() => send(write('DELETE'))))
    assert.equal(responses.filter(({ status }) => status === 200).length, 1)
    for (const response of responses) assertResponse(response, response.status === 200 ? OK : ABSENT)
    assert.deepEqual(await held(), {})
  })
})

describe('where the store fails', () => {
  const secret = 'AKIAIOSFODNN7EXAMPLE'
  for (const code of ['unavailable', 'busy'] as const) {
    test(`${code}: try again`, async () => {
      const { send, lines } = naming({
        writable: failing(new NamingError(code, undefined, { cause: new Error(secret) })),
      })
      const response = await send(write('PUT'))
      assertResponse(response, BUSY)
      assert.ok(!response.body.includes(secret))
      assert.deepEqual(
        lines.map(({ level, outcome }) => [level, outcome]),
        [['error', 'BUSY']],
      )
    })
  }

  test('a zone that went away meanwhile is no longer found', async () => {
    const { send } = naming({ writable: failing(new NamingError('zone_not_found')) })
    assertResponse(await send(write('PUT')), NOZONE)
  })

  test('a name that is full is told why', async () => {
    const { send } = naming({ writable: failing(new NamingError('name_too_large', 'the reason')) })
    assertResponse(await send(write('PUT')), BADDATA('the reason'))
  })

  test('an error that is no refusal is told to the log, once, and to nobody else', async () => {
    const error = new Error(secret)
    const { send, lines } = naming({ writable: failing(error) })
    assertResponse(await send(write('PUT')), INTERNAL)
    assert.equal(lines.length, 1)
    assert.deepEqual([lines[0]?.level, lines[0]?.requestId, lines[0]?.error], ['error', 'request-1', error])
  })

  test('a store that does not answer is given up before Lambda ends the function', async () => {
    const { send, lines } = naming({ writable: failing(new Promise<never>(() => {})), remaining: 501 })
    assertResponse(await send(write('PUT')), BUSY)
    assert.deepEqual(
      lines.map(({ level, outcome }) => [level, outcome]),
      [['error', 'BUSY']],
    )
  })
})

describe('the path', () => {
  const paths = [
    ['$default', '/dynapi', OK],
    ['prod', '/prod/dynapi', OK],
    ['prod', '/dynapi', OK], // by a custom domain name
    ['dynapi', '/dynapi/dynapi', OK],
    ['prod', '/prod/dynapi/', NOPATH],
    ['prod', '/prod/', NOPATH],
    ['prod', '/test/dynapi', NOPATH],
    ['$default', '/$default/dynapi', NOPATH],
    ['$default', '/DYNAPI', NOPATH],
    ['$default', '/dynapi/x', NOPATH],
    ['$default', '//dynapi', NOPATH],
  ] as const
  for (const [stage, path, response] of paths) {
    test(`${path} on stage ${stage}`, async () => {
      assertResponse(await naming({ context: { stage } }).send({ ...write('PUT'), path }), response)
    })
  }
})

describe('one line is logged for each write', () => {
  const caller = 'arn:aws:sts::000000000000:assumed-role/Deployer/build-7'
  const principal = 'iam:arn:aws:iam::000000000000:role/Deployer'

  test('with outcome, verb, zone, owner, caller and request, but nothing else of the request', async () => {
    const { send, access, lines } = naming({ context: { authorizer: { iam: { userArn: caller } } } })
    const zones = [canonicalName('example.org')]
    await access.addGrant({ id: 'g', principal, zones, names: ['h'], types: ['A'], actions: ['write'] })
    await send({ ...write('PUT'), headers: { Authorization: 'AWS4-HMAC-SHA256 Credential=secret' } })
    assert.deepEqual(lines, [
      {
        level: 'info',
        message: 'write',
        outcome: 'OK',
        verb: 'PUT',
        zone: 'example.org.',
        owner: 'h.example.org.',
        principal,
        caller,
        requestId: 'request-1',
      },
    ])
  })

  const refused = [
    [write('POST', { zone: 'other.example.' }), NOZONE, 'NOZONE', undefined, undefined],
    [write('PATCH'), ABSENT, 'ABSENT', 'example.org.', 'h.example.org.'],
    [write('PUT', { name: 'x y' }), undefined, 'BADDATA', 'example.org.', undefined],
    [{ ...write('PUT'), body: '{' }, undefined, 'BADJSON', undefined, undefined],
    [{ ...write('PUT'), body: ' '.repeat(65537) }, TOOLARGE, 'TOOLARGE', undefined, undefined],
  ] as const
  for (const [request, response, outcome, zone, owner] of refused) {
    test(`refused: ${outcome}`, async () => {
      const { send, lines } = naming()
      const got = await send(request)
      if (response !== undefined) assertResponse(got, response)
      assert.deepEqual(lines, [
        {
          level: 'info',
          message: 'write',
          outcome,
          verb: request.verb,
          zone,
          owner,
          principal: CALLER,
          caller: undefined,
          requestId: 'request-1',
        },
      ])
    })
  }

  test('none for what is no write', async () => {
    const { send, lines } = naming()
    assertResponse(await send(write('GET')), METHOD)
    assertResponse(await send({ ...write('PUT'), path: '/' }), NOPATH)
    assert.deepEqual(lines, [])
  })
})
