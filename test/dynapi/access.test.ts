/** Who may write what, through the whole handler. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Grant, Principal } from '../../shared/access/model.ts'
import { canonicalName } from '../../shared/dns/name.ts'
import { NamingError } from '../../shared/records/faults.ts'
import { cases } from './cases.ts'
import {
  assertResponse,
  BADJSON,
  BUSY,
  DENIED,
  type Expected,
  type HttpRequest,
  METHOD,
  NOPATH,
  NOZONE,
  OK,
} from './expect.ts'
import { naming } from './naming.ts'
import { bodyB, ZONE } from './rows/row.ts'

const TOKEN: Principal = 'token:fedcba9876543210'
const as = (principal: string) => ({ context: { authorizer: { lambda: { principal } } } })
const grant: Grant = {
  id: 'g',
  principal: TOKEN,
  zones: [canonicalName(ZONE)],
  names: ['*.app'],
  types: ['A'],
  actions: ['write'],
}
const put = (edit: object, verb = 'PUT') => ({
  verb,
  path: '/dynapi',
  headers: {},
  body: JSON.stringify({ ...bodyB('h.app'), ...edit }),
})

describe('every case of the contract, sent by who may write nothing: 403, and nothing stored', () => {
  for (const [index, { title, owner, before, request, response }] of cases.entries()) {
    test(`${index}. ${title}`, async () => {
      const { hold, send, held, versions } = naming(as(TOKEN))
      await hold(owner, before)
      const stored = await versions()
      const unrouted = response === METHOD || response === NOPATH
      assertResponse(await send(request), unrouted ? response : DENIED)
      assert.deepEqual([await versions(), Object.keys(await held())], [stored, Object.keys(stored)])
    })
  }
})

describe('who may write something', () => {
  const sent: readonly (readonly [title: string, request: HttpRequest, response: Expected])[] = [
    ['a name below', put({}), OK],
    ['in capitals', put({ name: 'H.APP' }), OK],
    ['a wildcard below', put({ name: '*.app' }), OK],
    ['what is not there', put({}, 'DELETE'), { ...NOZONE, body: 'Record does not exist' }],
    ['another type', put({ type: 'AAAA', address: '2001:db8::1' }), DENIED],
    ['the name itself', put({ name: 'app' }), DENIED],
    ['a name that only ends so', put({ name: 'h.xapp' }), DENIED],
    ['a label with a dot in it', put({ name: 'h\\.app' }), DENIED],
    ['the zone itself', put({ name: '@' }), DENIED],
    ...['POST', 'PATCH', 'DELETE'].map((verb) => [verb, put({ name: 'x' }, verb), DENIED] as const),
    ['a zone that is not served', put({ zone: 'example.net.' }), NOZONE],
    ['no JSON', { ...put({}), body: '{' }, BADJSON()],
  ]
  for (const [title, request, response] of sent) {
    test(`${title}: ${response.status}`, async () => {
      const { send, access, held } = naming(as(TOKEN))
      await access.addGrant(grant)
      assertResponse(await send(request), response)
      if (response !== OK) assert.deepEqual(await held(), {})
    })
  }

  test('is told which RRset it may not write, and so is the log', async () => {
    const { send, access, lines } = naming(as(TOKEN))
    await access.addGrant(grant)
    const { body } = await send(put({ name: 'X' }))
    assert.equal(body, 'not allowed to write x.example.org. A\n')
    assert.deepEqual(
      lines.map(({ level, outcome, owner, principal }) => [level, outcome, owner, principal]),
      [['info', 'DENIED', 'x.example.org.', TOKEN]],
    )
  })

  test('an A cannot take away an AAAA that is not granted', async () => {
    const { send, access, hold, held } = naming(as(TOKEN))
    await access.addGrant(grant)
    const six = { AAAA: { ttl: 60, rdata: ['2001:db8::1'] } }
    await hold('h.app.example.org', six)
    for (const verb of ['PUT', 'PATCH']) assertResponse(await send(put({}, verb)), DENIED)
    assert.deepEqual(await held(), { 'h.app.example.org.': six })
  })
})

describe('who asks is the word of API Gateway', () => {
  const strangers: readonly [title: string, authorizer: object | undefined][] = [
    ['no authorizer', undefined],
    ['an empty one', {}],
    ['a context without principal', { lambda: {} }],
    ['a principal that is no text', { lambda: { principal: [TOKEN] } }],
    ['an id that is none', { lambda: { principal: 'token:*' } }],
    ['an ARN out of the context', { lambda: { principal: 'iam:arn:aws:iam::000000000000:root' } }],
    ['local, where it is not an admin', { lambda: { principal: 'local' } }],
    ['an ARN of another kind', { iam: { userArn: 'arn:aws:lambda:eu-west-1:000000000000:function:x' } }],
    ['IAM and a context', { iam: { userArn: 'arn:aws:iam::000000000000:user/x' }, lambda: { principal: TOKEN } }],
  ]
  for (const [title, authorizer] of strangers) {
    test(`${title}: denied`, async () => {
      const { send, access, held } = naming({ context: { authorizer } as object })
      await access.addGrant({ ...grant, names: ['*'] })
      assertResponse(await send(put({})), DENIED)
      assert.deepEqual(await held(), {})
    })
  }

  test('headers and body do not matter', async () => {
    const { send } = naming({ context: { authorizer: undefined } as object })
    const headers = { Authorization: `Bearer ${TOKEN}`, principal: TOKEN }
    assertResponse(await send({ ...put({ principal: TOKEN }), headers }), DENIED)
  })

  test('a session counts as its role', async () => {
    const userArn = 'arn:aws:sts::000000000000:assumed-role/Deployer/build-7'
    const { send, access } = naming({ context: { authorizer: { iam: { userArn } } } })
    await access.addGrant({ ...grant, principal: 'iam:arn:aws:iam::000000000000:role/Deployer' })
    assertResponse(await send(put({})), OK)
  })
})

test('where the grants cannot be read nothing is written', async () => {
  const { send, access, held, lines } = naming(as(TOKEN))
  access.grantsOf = async () => {
    throw new NamingError('unavailable')
  }
  assertResponse(await send(put({})), BUSY)
  assert.deepEqual([await held(), lines.length], [{}, 1])
})
