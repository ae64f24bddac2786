/** Each request is counted once, by what was answered, and a write that the store decided is timed. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { NamingError } from '../../shared/records/faults.ts'
import type { HttpRequest } from './expect.ts'
import { failing, naming } from './naming.ts'
import { bodyB } from './rows/row.ts'

const NOBODY = { authorizer: { lambda: { principal: 'token:fedcba9876543210' } } }
const A = { A: { ttl: 60, rdata: ['192.0.2.1'] } }
const CNAME = { CNAME: { ttl: 60, rdata: ['other.example.org.'] } }

/** Requests about the name `h`, of which is stored what the third column says. */
const rows: readonly [what: string, request: HttpRequest, stored: object, metric: string, timed?: 'timed'][] = [
  ['POST', write('POST'), {}, 'Registered', 'timed'],
  ['PUT', write('PUT'), {}, 'Registered', 'timed'],
  ['PUT of what is there', write('PUT'), A, 'Registered', 'timed'],
  ['PATCH', write('PATCH'), A, 'Registered', 'timed'],
  ['DELETE', write('DELETE'), A, 'Withdrawn', 'timed'],
  ['POST of what is there', write('POST'), A, 'Conflicts', 'timed'],
  ['PATCH of what is not there', write('PATCH'), {}, 'Conflicts', 'timed'],
  ['DELETE of what is not there', write('DELETE'), {}, 'Conflicts', 'timed'],
  ['PUT beside a CNAME', write('PUT'), CNAME, 'Conflicts', 'timed'],
  ['PATCH of what no record can be', write('PATCH', { name: 'x y' }), {}, 'Conflicts'],
  ['another type', write('PUT', { type: 'MX' }), {}, 'Invalid'],
  ['a bad address', write('PUT', { address: '192.0.2.256' }), {}, 'Invalid'],
  ['another zone', write('PUT', { zone: 'other.example.' }), {}, 'Invalid'],
  ['no JSON', { ...write('PUT'), body: '{' }, {}, 'Invalid'],
  ['a large body', { ...write('PUT'), body: ' '.repeat(65537) }, {}, 'Invalid'],
  ['another method', write('GET'), {}, 'Invalid'],
  ['another path', { ...write('PUT'), path: '/' }, {}, 'Invalid'],
]
for (const [what, request, stored, metric, timed] of rows) {
  test(`${what}: ${metric}`, async () => {
    const { send, hold, measured } = naming()
    await hold('h.example.org', stored as typeof A)
    await send(request)
    assert.deepEqual(measured, [[metric, 1], ...(timed ? [['WriteTime', 5]] : [])])
  })
}

test('who may not write: Denied', async () => {
  const { send, measured } = naming({ context: NOBODY })
  await send(write('PUT'))
  assert.deepEqual(measured, [['Denied', 1]])
})

describe('where the store fails: Faults', () => {
  const ends = [
    new NamingError('busy'),
    new NamingError('unavailable'),
    new Error('a defect'),
    new Promise<never>(() => {}),
  ]
  for (const end of ends) {
    test(end instanceof Promise ? 'no answer' : end.message, async () => {
      const { send, measured } = naming({ writable: failing(end), remaining: 501 })
      await send(write('PUT'))
      assert.deepEqual(measured, [['Faults', 1]])
    })
  }
})

test('a write that ends after the request was answered is not counted again', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const { send, measured, lines } = naming({ writable: failing(promise as Promise<never>), remaining: 501 })
  await send(write('PUT'))
  resolve()
  await new Promise((resume) => setImmediate(resume))
  assert.deepEqual([measured, lines.map(({ outcome }) => outcome)], [[['Faults', 1]], ['BUSY']])
})

// ---------------------------------------------------------------------------

function write(verb: string, edit: object = {}): HttpRequest {
  return { verb, path: '/dynapi', headers: {}, body: JSON.stringify({ ...bodyB('h'), ...edit }) }
}
