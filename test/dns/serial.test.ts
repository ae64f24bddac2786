import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from '../../shared/dns/codes.ts'
import { parseName } from '../../shared/dns/name.ts'
import { parseRdata } from '../../shared/dns/rdata.ts'
import { isLater, serialOf } from '../../shared/dns/serial.ts'

test('the serial of a SOA', () => {
  for (const serial of [0, 2024, 2 ** 32 - 1]) {
    const rdata = [parseRdata(Type.SOA, `ns.example.org. h.example.org. ${serial} 3600 600 86400 60`)]
    assert.equal(serialOf({ owner: parseName('example.org.'), type: Type.SOA, ttl: 1, rdata }), serial)
  }
})

for (const [serial, than, expected] of [
  [2, 1, true],
  [1, 1, false],
  [1, 2, false],
  [0, 2 ** 32 - 1, true],
  [2 ** 31 - 1, 0, true],
  [2 ** 31, 0, false], // half of the circle apart: neither is later
  [0, 2 ** 31, false],
  [2 ** 32 - 1, 0, false],
] as const) {
  test(`RFC 1982 3.2: ${serial} is ${expected ? '' : 'not '}later than ${than}`, () => {
    assert.equal(isLater(serial, than), expected)
  })
}
