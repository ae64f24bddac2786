import assert from 'node:assert/strict'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { connect as connectTcp, isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterEach, describe, test } from 'node:test'
import type { From } from '../../../responder/link.ts'
import { listen, probe, type Served, type Spoken } from '../../../responder/listeners/listen.ts'
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

describe('all addresses', () => {
  const [own] = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)

  for (const host of ['0.0.0.0', '::']) {
    test(`the reply comes from the address that was asked, on ${host}`, async (t) => {
      if (own === undefined) return t.skip('this machine has no address but loopback')
      const listener = await listen({ host, port: 0 }, parts, limits).catch((error: Error) => error)
      if (listener instanceof Error) return t.skip(listener.message)
      listeners.push(listener)
      // To a client on loopback the route leads from 127.0.0.1: a socket on all addresses would send from there.
      const client = await bound('127.0.0.1')
      client.send(ask(8), listener.port, own.address)
      const [reply, from] = (await once(client, 'message')) as [Buffer, { address: string }]
      assert.deepEqual([reply.readUInt16BE(0), from.address], [8, own.address])
    })

    test(`workers share them, on ${host}`, async (t) => {
      const shared = { ...parts, reusePort: true }
      const first = await listen({ host, port: 0 }, shared, limits).catch((error: Error) => error)
      if (first instanceof Error) return t.skip(first.message)
      listeners.push(first, await listen({ host, port: first.port }, shared, limits))
      for (let id = 0; id < 20; id++) {
        const client = await connect('127.0.0.1', first.port)
        client.send(ask(id))
        const [reply] = (await once(client, 'message')) as [Buffer]
        assert.equal(reply.readUInt16BE(0), id)
      }
    })
  }

  test('a client that came over IPv4 is known by its IPv4 address, over UDP and TCP', async (t) => {
    const froms: unknown[] = []
    const noting = {
      ...parts,
      answer: (packet: Uint8Array, from: From) => {
        froms.push(`${from.transport} ${from.address}`)
        return answer(packet, from)
      },
    }
    const listener = await listen({ host: '::', port: 0 }, noting, limits).catch((error: Error) => error)
    if (listener instanceof Error) return t.skip(listener.message)
    listeners.push(listener)
    // 127.0.0.2 is on no interface, so the socket on all addresses gets it.
    for (const host of ['127.0.0.1', '127.0.0.2']) {
      const client = await bound('127.0.0.1')
      client.send(ask(1), listener.port, host)
      await once(client, 'message')
    }
    const stream = connectTcp(listener.port, '127.0.0.1')
    stream.end(Buffer.concat([Uint8Array.of(0, ask(1).length), ask(1)]))
    await once(stream, 'data')
    assert.deepEqual(froms, ['udp 127.0.0.1', 'udp 127.0.0.1', 'tcp 127.0.0.1'])
  })
})

describe('ports', () => {
  test('that are the same, or on all addresses and on one, are found out before', async () => {
    const { port } = await listen({ host: '127.0.0.1', port: 0 }, parts, limits).then(async (listener) => {
      await listener.close()
      return listener
    })
    const at = (host: string, speaks: Spoken): Served => ({ host, port, speaks })
    await probe(at('127.0.0.1', 'dns'), at('127.0.0.2', 'dns'), at('127.0.0.3', 'tls'))
    for (const two of [
      [at('127.0.0.1', 'dns'), at('127.0.0.1', 'dns')],
      [at('127.0.0.1', 'dns'), at('127.0.0.1', 'tls')],
      [at('127.0.0.1', 'tls'), at('127.0.0.1', 'https')],
      [at('0.0.0.0', 'dns'), at('127.0.0.1', 'dns')],
    ]) {
      await assert.rejects(probe(...two), { message: `cannot listen on 127.0.0.1:${port}: the port is taken` })
    }
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

async function bound(host: string): Promise<Socket> {
  const client = createSocket('udp4')
  clients.push(client)
  client.bind(0, host)
  await once(client, 'listening')
  return client
}

async function connect(host: string, port: number): Promise<Socket> {
  const client = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
  clients.push(client)
  client.connect(port, host)
  await once(client, 'connect')
  return client
}
