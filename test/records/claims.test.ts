import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { claim, claimsOn, inPlaceOfUnclaimed, unclaim, unclaimed } from '../../shared/records/claims.ts'
import type { NameState } from '../../shared/records/edits.ts'
import { a, nameOf } from '../contract/records.ts'

const owner = nameOf('h')
const EMPTY: NameState = { rrsets: {}, claims: {} }
const held = claim('x', { nonce: '5', rrsets: a(10, '192.0.2.1') })(EMPTY, owner)

describe('edits that come late', () => {
  test('an earlier claim leaves a later one alone', () => {
    assert.equal(claim('x', { nonce: '4', rrsets: a(10, '192.0.2.4') })(held, owner), held)
    assert.deepEqual(claim('x', { nonce: '6', rrsets: a(10, '192.0.2.6') })(held, owner).rrsets, a(10, '192.0.2.6'))
  })

  test('the end of an earlier registration leaves a later one alone', () => {
    assert.equal(unclaim('x', '4')(held, owner), held)
    for (const nonce of ['5', '6']) assert.deepEqual(unclaim('x', nonce)(held, owner), EMPTY)
  })
})

test('an RRset has one TTL: that of the last claim', () => {
  const both = claim('y', { nonce: '1', rrsets: a(7, '192.0.2.2') })(held, owner)
  assert.deepEqual(both.rrsets, a(7, '192.0.2.1', '192.0.2.2'))
})

test('of a claim what is removed by others is claimed no more', () => {
  const text = { TXT: { ttl: 10, rdata: ['"x"'] } }
  const { claims } = claim('x', { nonce: '1', rrsets: { ...a(10, '192.0.2.1', '192.0.2.2'), ...text } })(EMPTY, owner)
  assert.deepEqual(claimsOn({ ...a(60, '192.0.2.2'), ...text }, claims).x?.rrsets, { ...a(10, '192.0.2.2'), ...text })
  assert.deepEqual(claimsOn(a(60, '192.0.2.9'), claims), {})
})

test('what is restored takes the place of what nobody has registered under an id', () => {
  const mixed = { rrsets: a(10, '192.0.2.1', '192.0.2.8'), claims: held.claims }
  assert.deepEqual(unclaimed(mixed), a(10, '192.0.2.8'))
  assert.deepEqual(inPlaceOfUnclaimed(a(60, '192.0.2.9'))(mixed, owner).rrsets, a(10, '192.0.2.1', '192.0.2.9'))
  const alias = { CNAME: { ttl: 60, rdata: ['t.example.org.'] } }
  assert.throws(() => inPlaceOfUnclaimed(alias)(mixed, owner), { code: 'record_conflict' })
})
