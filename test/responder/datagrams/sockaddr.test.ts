import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { wordsOf } from '../../../responder/clients.ts'
import { clientIn, clientWordsIn, portIn, writeSockaddr } from '../../../responder/datagrams/sockaddr.ts'

const links = (name: string) => (name === 'eth0' ? 3 : 0)
const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex')

describe('an address for the kernel', () => {
  for (const [host, written, client] of [
    ['192.0.2.1', '02000035c00002010000000000000000', '192.0.2.1'],
    ['0.0.0.0', '02000035000000000000000000000000', '0.0.0.0'],
    ['2001:db8::1', `0a00003500000000${'20010db8000000000000000000000001'}00000000`, '2001:db8::1'],
    ['::', `0a00003500000000${'00'.repeat(16)}00000000`, '::'],
    ['::ffff:192.0.2.1', `0a00003500000000${'00'.repeat(10)}ffffc000020100000000`, '192.0.2.1'],
    ['fe80::1%eth0', `0a00003500000000${'fe800000000000000000000000000001'}03000000`, 'fe80::1'],
  ] as const) {
    test(host, () => {
      const octets = writeSockaddr({ host, port: 53 }, links)
      assert.equal(hex(octets), written)
      const within = Uint8Array.of(1, 2, 3, ...octets)
      assert.equal(clientIn(within, 3), client)
      assert.deepEqual(clientWordsIn(within, 3), wordsOf(client))
      assert.equal(portIn(within, 3), 53)
    })
  }
})
