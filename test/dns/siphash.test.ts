/** The test vectors of the authors: key 00 01 … 0f, messages 00 01 … of each length. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sipHash, sipKey } from '../../shared/dns/siphash.ts'

const key = sipKey(counting(16))

for (const [length, expected] of [
  [0, '310e0edd47db6f72'],
  [1, 'fd67dc93c539f874'],
  [7, '37d1018bf50002ab'],
  [8, '6224939a79f5f593'],
  [15, 'e545be4961ca29a1'],
  [63, '724506eb4c328a95'],
] as const) {
  test(`${length} octets`, () => {
    const out = new Uint8Array(10)
    sipHash(key, counting(length), out, 1)
    assert.equal(Buffer.from(out).toString('hex'), `00${expected}00`)
  })
}

// ---------------------------------------------------------------------------

function counting(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i)
}
