import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import { startRoute53 } from '../../../local/route53/route53.ts'
import { bench } from './emulator.ts'
import { SIGNED, send } from './raw.ts'

const { emulator, zone, refusal } = await bench()
const id = await zone('example.org')
const { port } = emulator.endpoint
const PATH = `/2013-04-01/hostedzone/${id}/rrset`

test('bodies of 4 MB are read, larger ones get 413', async () => {
  const filled = (octets: number) => `<a>${' '.repeat(octets - 7)}</a>`
  assert.equal((await send(emulator.url + PATH, 'POST', filled(4 * 1024 * 1024))).status, 400)
  const got = await send(emulator.url + PATH, 'POST', filled(4 * 1024 * 1024 + 1))
  assert.equal(got.status, 413)
  assert.match(got.body, /<Code>RequestEntityTooLarge</)
})

describe('what is no HTTP', () => {
  const rows: [title: string, sent: string | Buffer][] = [
    ['garbage', Buffer.from([0, 1, 2, 255, 254, 13, 10, 13, 10])],
    ['a TLS hello', Buffer.from('160301020001000', 'hex')],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
    ['a chunk without length', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ['a large header', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
  ]
  for (const [title, sent] of rows) {
    test(title, async () => {
      const socket = connect(port, '127.0.0.1').on('error', () => {})
      socket.write(sent)
      const [answer] = await Promise.race([once(socket, 'data'), once(socket, 'close')])
      assert.match(String(answer), /^HTTP\/1\.1 4\d\d |^(true|false)$/)
      socket.destroy()
    })
  }

  test('a client that leaves in the middle of its body does no harm', async () => {
    const socket = connect(port, '127.0.0.1').on('error', () => {})
    socket.write(`POST ${PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: ${SIGNED}\r\nContent-Length: 100\r\n\r\n<Change`)
    await once(socket, 'connect')
    socket.destroy()
    assert.equal((await send(emulator.url + PATH, 'GET')).status, 200)
  })
})

test('it listens on loopback only, and tells why it cannot', async () => {
  const start = (host: string, at = 0) => startRoute53({ endpoint: { host, port: at }, log: () => {} })
  for (const host of ['0.0.0.0', '192.0.2.1', '::', 'localhost']) {
    await assert.rejects(start(host), { message: `Route 53 is emulated on loopback only, not on ${host}` })
  }
  await assert.rejects(start('127.0.0.1', port), { message: `cannot listen on 127.0.0.1:${port}: the port is taken` })
})

test('it stops although a client keeps its connection', async () => {
  const other = await bench()
  await other.zone('example.org')
  await Promise.all([other.emulator.stop(), other.emulator.stop()])
  await assert.rejects(other.zone('example.net'))
})

test('nothing that came was carried out', async () => {
  assert.match(await refusal(id, 'DELETE n.example.org A 1 192.0.2.1'), /was not found/)
})
