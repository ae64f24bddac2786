import assert from 'node:assert/strict'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import { afterEach, describe, test } from 'node:test'
import { listen } from '../../../responder/listeners/listen.ts'
import type { Listener } from '../../../responder/listeners/listener.ts'
import { listenUdp } from '../../../responder/listeners/udp.ts'
import { Counters, createCounterMemory } from '../../../responder/metrics/counters.ts'
import { encodeQuery } from '../../../shared/dns/encode-query.ts'
import { parseName } from '../../../shared/dns/name.ts'
import { answering } from '../scenario.ts'

const answer = answering({ 'example.org.': '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\nns 300 A 192.0.2.1' })
const counters = new Counters(createCounterMemory(1), 0)
const parts = { answer, counters, reusePort: false }
const limits = { connections: 10, perClient: 10, idleMs: 10_000 }
const ask = (id: number) => encodeQuery({ id, name: parseName('ns.example.org.'), type: 1 })

let listeners: Listener[] = []
let clients: Socket[] = []
afterEach(async () => {
  for (const client of clients) client.close()
  await Promise.all(listeners.map((listener) => listener.close()))
  listeners = []
  clients = []
})

describe('UDP', () => {
  for (const host of ['127.0.0.1', '::1']) {
    test(`answers on ${host}`, async (t) => {
      const listener = await listenUdp({ host, port: 0 }, parts).catch((error: NodeJS.ErrnoException) => error)
      if (listener instanceof Error) return t.skip(`this machine has no ${host}: ${listener.message}`)
      listeners.push(listener)
      const client = await connect(host, listener.port)
      client.send(ask(7))
      const [reply] = (await once(client, 'message')) as [Buffer]
      assert.equal(reply.readUInt16BE(0), 7)
      assert.equal(reply.readUInt16BE(6), 1)
    })
  }

  test('is silent where it must be and goes on', async () => {
    const listener = await listenUdp({ host: '127.0.0.1', port: 0 }, parts)
    listeners.push(listener)
    const client = await connect('127.0.0.1', listener.port)
    const response = ask(1)
    response[2] = 0x80
    const noise = [Buffer.alloc(0), Buffer.alloc(11), response, Buffer.alloc(9000, 0xff)]
    for (const packet of noise) client.send(packet)
    client.send(ask(2))
    const [reply] = (await once(client, 'message')) as [Buffer]
    assert.equal(reply.readUInt16BE(0), 2, 'the first answer is that to the only question')
  })

  test('outlives clients that are gone', async () => {
    const listener = await listenUdp({ host: '127.0.0.1', port: 0 }, parts)
    listeners.push(listener)
    const gone = createSocket('udp4')
    for (let i = 0; i < 50; i++) gone.send(ask(i), listener.port, '127.0.0.1')
    await new Promise<void>((sent) => gone.send(ask(50), listener.port, '127.0.0.1', () => sent()))
    gone.close()
    const client = await connect('127.0.0.1', listener.port)
    client.send(ask(3))
    const [reply] = (await once(client, 'message')) as [Buffer]
    assert.equal(reply.readUInt16BE(0), 3)
  })
})

describe('a port', () => {
  test('that the system chose is the same for UDP and TCP', async () => {
    const listener = await listen({ host: '127.0.0.1', port: 0 }, parts, limits)
    listeners.push(listener)
    await assert.rejects(
      listen({ host: '127.0.0.1', port: listener.port }, parts, limits),
      /^Error: cannot listen on 127\.0\.0\.1:\d+: the port is taken$/,
    )
  })

  test('is shared by workers that say so, and by nobody else', async () => {
    const shared = { ...parts, reusePort: true }
    const first = await listen({ host: '127.0.0.1', port: 0 }, shared, limits)
    listeners.push(first, await listen({ host: '127.0.0.1', port: first.port }, shared, limits))
    await assert.rejects(listen({ host: '127.0.0.1', port: first.port }, parts, limits), /the port is taken/)
  })

  test('of an address that is not ours', async () => {
    await assert.rejects(listen({ host: '192.0.2.1', port: 0 }, parts, limits), /does not have that address/)
  })
})

// ---------------------------------------------------------------------------

async function connect(host: string, port: number): Promise<Socket> {
  const client = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
  clients.push(client)
  client.connect(port, host)
  await once(client, 'connect')
  return client
}
