import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { EMPTY, hasType, type OwnedRRset, packRRsets, unpackAll, unpackRRset } from '../../../responder/zones/packed.ts'
import { parseName } from '../../../shared/dns/name.ts'

const owner = parseName('www.example.org.')
const rdata = fc.array(fc.uint8Array({ maxLength: 600 }), { minLength: 1, maxLength: 12 })
const rrset: fc.Arbitrary<OwnedRRset> = fc.record({ type: fc.nat(0xffff), ttl: fc.nat(2 ** 31 - 1), rdata })
const rrsets = fc.uniqueArray(rrset, { selector: ({ type }) => type, maxLength: 5 })

test('RRsets come out as they were packed, by rising type', () => {
  fc.assert(
    fc.property(rrsets, (list) => {
      const packed = packRRsets(list)
      const sorted = list.toSorted((a, b) => a.type - b.type).map((each) => ({ owner, ...each }))
      assert.deepEqual(unpackAll(packed, owner), sorted)
      for (const each of sorted) assert.deepEqual(unpackRRset(packed, each.type, owner), each)
    }),
  )
})

test('a type that is not there', () => {
  fc.assert(
    fc.property(rrsets, fc.nat(0xffff), (list, type) => {
      const packed = packRRsets(list)
      const there = list.some((each) => each.type === type)
      assert.equal(hasType(packed, type), there)
      assert.equal(unpackRRset(packed, type, owner) !== undefined, there)
    }),
  )
})

test('rdata beyond the room that is kept at hand', () => {
  const large = { type: 16, ttl: 5, rdata: [new Uint8Array(60_000).fill(7), Uint8Array.of(1)] }
  assert.deepEqual(unpackAll(packRRsets([large]), owner), [{ owner, ...large }])
})

test('no RRsets are the empty string', () => {
  assert.equal(packRRsets([]), EMPTY)
  assert.deepEqual(unpackAll(EMPTY, owner), [])
})
