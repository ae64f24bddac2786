import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientAddress } from '../../../responder/listeners/client.ts'

for (const [address, told] of [
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8::1', '2001:db8::1'],
  ['::1', '::1'],
  ['fe80::1', 'fe80::1'],
  ['fe80::1%eth0', 'fe80::1'],
] as const) {
  test(`${address} is ${told}`, () => assert.equal(clientAddress(address), told))
}
