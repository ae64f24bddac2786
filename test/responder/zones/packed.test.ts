import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type OwnedRRset, packedSize, packRRset } from '../../../responder/zones/packed.ts'
import { Type } from '../../../shared/dns/codes.ts'
import { parseName } from '../../../shared/dns/name.ts'
import { zoneUpdates } from '../scenario.ts'
import { namesUpdate, Served } from '../served.ts'

const apex = parseName('example.org.')
const owner = parseName('www.example.org.')
const header = zoneUpdates('example.org.', '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns.example.net.')
const types = fc.nat(0xffff).filter((type) => type !== Type.NS && type !== Type.DNAME)
const rdata = fc.array(fc.uint8Array({ maxLength: 600 }), { minLength: 1, maxLength: 12 })
const rrset: fc.Arbitrary<OwnedRRset> = fc.record({ type: types, ttl: fc.nat(2 ** 31 - 1), rdata })
const rrsets = fc.uniqueArray(rrset, { selector: ({ type }) => type, minLength: 1, maxLength: 5 })

test('RRsets come out of the table as they were put in, by rising type', () => {
  fc.assert(
    fc.property(rrsets, fc.nat(0xffff), (list, type) => {
      const zone = served(list)
      const sorted = list.toSorted((a, b) => a.type - b.type).map((each) => ({ owner, ...each }))
      assert.deepEqual(zone?.rrsets(owner), sorted)
      for (const each of sorted) assert.deepEqual(zone?.rrset(owner, each.type), each)
      assert.equal(
        zone?.rrset(owner, type) !== undefined,
        list.some((each) => each.type === type),
      )
    }),
  )
})

test('RRsets of more than a page', () => {
  const rdata = Array.from({ length: 40 }, (_, i) => new Uint8Array(60_000).fill(i))
  const large = { type: Type.TXT, ttl: 5, rdata }
  assert.deepEqual(served([large])?.rrset(owner, Type.TXT), { owner, ...large })
})

test('they take the room that was foretold, which is whole words', () => {
  fc.assert(
    fc.property(rrset, (one) => {
      const size = packedSize(one)
      assert.equal(packRRset(new DataView(new ArrayBuffer(size)), 0, one), size)
      assert.equal(size % 4, 0)
    }),
  )
})

// ---------------------------------------------------------------------------

function served(rrsets: readonly OwnedRRset[]) {
  return new Served(...header, namesUpdate(apex, [[owner, rrsets]])).zones.find(owner, Type.A)
}
