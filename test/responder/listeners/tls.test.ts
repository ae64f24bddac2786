/** What is about TLS itself: RFC 7858, RFC 8310, RFC 9103 7.1. What goes on inside is tested with TCP. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { after, afterEach, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { type Certificate, newTicketKeys } from '../../../responder/listeners/certificate.ts'
import { LIMITS } from '../../../responder/listeners/connections.ts'
import type { SecureListener } from '../../../responder/listeners/listener.ts'
import { listenTls } from '../../../responder/listeners/tls.ts'
import { Counters, createCounterMemory, sumCounters } from '../../../responder/metrics/counters.ts'
import { tcpConnections, tcpRejected, tlsFailed, tlsHandshakes } from '../../../responder/metrics/families.ts'
import { encodeQuery } from '../../../shared/dns/encode-query.ts'
import { parseName } from '../../../shared/dns/name.ts'
import { eventually } from '../../eventually.ts'
import { makeCertificate } from '../certificate.ts'
import { answering } from '../scenario.ts'

const answer = answering({ 'example.org.': '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\nns 300 A 192.0.2.1' })
const memory = createCounterMemory(1)
const counters = new Counters(memory, 0)
const ours = certificate()

const listeners: SecureListener[] = []
const clients: Socket[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  await Promise.all(listeners.splice(0).map((listener) => listener.close()))
})

describe('a handshake', () => {
  for (const [title, options, protocol] of [
    ['of the newest version', {}, 'TLSv1.3'],
    ['of TLS 1.2', { maxVersion: 'TLSv1.2' }, 'TLSv1.2'],
  ] as const) {
    test(title, async () => {
      const { port } = await listen()
      const client = await secured(port, { ...options, ALPNProtocols: ['dot'] })
      assert.equal(client.getProtocol(), protocol)
      assert.equal(client.alpnProtocol, 'dot')
      assert.match(client.getCipher().standardName, /^TLS_(AES|ECDHE_ECDSA_WITH)_.*(GCM|POLY1305)/)
      await assertAnswers(client)
    })
  }

  test('without ALPN, which clients of RFC 7858 need not know', async () => {
    const { port } = await listen()
    await assertAnswers(await secured(port, {}))
  })

  for (const [title, options] of [
    ['of TLS 1.1', { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' }],
    ['without forward secrecy', { maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256' }],
    ['without authenticated encryption', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA' }],
    ['for another protocol', { ALPNProtocols: ['h2'] }],
  ] as const) {
    test(`${title} is refused`, async () => {
      const { port } = await listen()
      await assertFails(() => assert.rejects(secured(port, { ...options } as ConnectionOptions), { code: /^ERR_SSL_/ }))
    })
  }

  test('takes place over IPv6', async (t) => {
    const listener = await listen('::1').catch((error: NodeJS.ErrnoException) => error)
    if (listener instanceof Error) return t.skip(`this machine has no ::1: ${listener.message}`)
    await assertAnswers(await secured(listener.port, { host: '::1' }))
  })

  test('is shortened by a ticket, whichever worker gave it', async () => {
    const [first, second] = [await listen(), await listen()]
    const client = await secured(first.port, {})
    const session = once(client, 'session')
    await assertAnswers(client)
    const again = await secured(second.port, { session: (await session)[0] as Buffer })
    assert.equal(again.isSessionReused(), true)
    await assertAnswers(again)
  })

  test('cannot be had anew within a connection', async () => {
    const { port } = await listen()
    const client = await secured(port, { maxVersion: 'TLSv1.2' })
    const refused = once(client, 'error')
    client.renegotiate({}, () => {})
    assert.match(String((await refused)[0]), /no renegotiation/i)
  })
})

describe('another certificate', () => {
  test('is shown to those who come then, and those who are there stay', async () => {
    const listener = await listen()
    const before = await secured(listener.port, {})
    const other = certificate()
    listener.show(other)
    const now = await secured(listener.port, { ca: other.chain })
    await assertAnswers(now)
    await assertAnswers(before)
    await assertFails(() =>
      assert.rejects(secured(listener.port, { ca: ours.chain }), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
    )
  })
})

describe('who is no client', () => {
  const query = encodeQuery({ id: 1, name: parseName('ns.example.org.'), type: 1 })
  for (const [title, octets] of [
    ['speaks DNS over TCP', Buffer.concat([Uint8Array.of(0, query.length), query])],
    ['speaks HTTP', Buffer.from('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n')],
    ['speaks SSL 2', Buffer.from('802e0100020015000000100100800200800300800400800500800600400700c0', 'hex')],
    ['speaks SSL 3', Buffer.from(`160300002d0100002903${'00'.repeat(33)}00000200350100`, 'hex')],
    ['sends noise', Buffer.alloc(300, 0xff)],
    ['breaks off within the handshake', Buffer.from('16030101fc010001f80303', 'hex')],
  ] as const) {
    test(`${title}: is cut and counted`, async () => {
      const { port } = await listen('127.0.0.1', { ...LIMITS, idleMs: 200 })
      await assertFails(async () => {
        const client = await plain(port)
        client.write(octets)
        await closed(client)
      })
      await assertAnswers(await secured(port, {}))
    })
  }

  test('stalls: is cut, and others get through meanwhile', async () => {
    const { port } = await listen('127.0.0.1', { ...LIMITS, connections: 4, idleMs: 3000 })
    const stalled = [await plain(port), await plain(port)]
    await eventually(() => assert.equal(sum(tcpConnections), 2))
    await assertFails(async () => closed(await plain(port))) // more handshakes than may be under way
    assert.equal(sum(tcpRejected), 0)
    stalled[0]?.destroy()
    await eventually(() => assert.equal(sum(tcpConnections), 1))
    await assertAnswers(await secured(port, {}))
    await closed(stalled[1] as Socket)
  })

  test('goes away before the listener closes: nothing is left', async () => {
    const listener = await listen()
    const client = await plain(listener.port)
    await eventually(() => assert.equal(sum(tcpConnections), 1))
    const gone = closed(client)
    await listener.close()
    await gone
    await eventually(() => assert.equal(sum(tcpConnections), 0))
  })
})

test('a client that is idle is told of the end as TLS wants it, not cut off', async () => {
  const { port } = await listen('127.0.0.1', { ...LIMITS, idleMs: 100 })
  const client = await secured(port, {})
  const reasons: unknown[] = []
  client.on('error', (error) => reasons.push(error))
  client.resume()
  await once(client, 'end')
  assert.deepEqual(reasons, [])
})

after(() => assert.equal(sum(tcpConnections), 0))

// ---------------------------------------------------------------------------

function certificate(): Certificate {
  const { cert, key } = makeCertificate()
  return { chain: cert, key, ticketKeys: newTicketKeys() }
}

async function listen(host = '127.0.0.1', limits = LIMITS): Promise<SecureListener> {
  const listener = await listenTls({ host, port: 0 }, { answer, counters, reusePort: false }, limits, ours)
  listeners.push(listener)
  return listener
}

async function plain(port: number): Promise<Socket> {
  const client = connectTcp(port, '127.0.0.1')
  clients.push(client)
  client.on('error', () => {})
  await once(client, 'connect')
  return client
}

async function secured(port: number, options: ConnectionOptions): Promise<TLSSocket> {
  const client = connect({ host: '127.0.0.1', ca: ours.chain, servername: 'localhost', ...options, port })
  clients.push(client)
  await once(client, 'secureConnect') // rejects on 'error'
  client.on('error', () => {})
  return client
}

async function assertAnswers(client: Socket): Promise<void> {
  const query = encodeQuery({ id: 7, name: parseName('ns.example.org.'), type: 1 })
  client.write(Buffer.concat([Uint8Array.of(0, query.length), query]))
  const [reply] = (await once(client, 'data')) as [Buffer]
  assert.equal(reply.readUInt16BE(2), 7)
  assert.equal(reply.readUInt16BE(8), 1)
}

/** One handshake fails meanwhile, and none succeeds. */
async function assertFails(attempt: () => Promise<unknown>): Promise<void> {
  const [failed, done] = [sum(tlsFailed), sum(tlsHandshakes)]
  await attempt()
  await eventually(() => assert.equal(sum(tlsFailed), failed + 1))
  await sleep(0)
  assert.equal(sum(tlsHandshakes), done)
}

function closed(client: Socket): Promise<unknown> {
  client.resume()
  return client.destroyed ? Promise.resolve() : new Promise((resolve) => client.once('close', resolve))
}

function sum({ at }: { readonly at: number }): number {
  return sumCounters(memory)[at] ?? Number.NaN
}
