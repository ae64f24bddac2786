/** RFC 7766 and 7858: DNS over TCP and TLS, on real sockets. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, Socket } from 'node:net'
import { afterEach, before, describe, test } from 'node:test'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import type { Answer } from '../../../responder/answer.ts'
import { newTicketKeys } from '../../../responder/listeners/certificate.ts'
import type { ConnectionLimits } from '../../../responder/listeners/connections.ts'
import type { Listener } from '../../../responder/listeners/listener.ts'
import { answerMessages } from '../../../responder/listeners/messages.ts'
import { listenTcp } from '../../../responder/listeners/tcp.ts'
import { listenTls } from '../../../responder/listeners/tls.ts'
import { Counters, createCounterMemory, sumCounters } from '../../../responder/metrics/counters.ts'
import { tcpConnections, tcpRejected } from '../../../responder/metrics/families.ts'
import { encodeQuery } from '../../../shared/dns/encode-query.ts'
import { parseName } from '../../../shared/dns/name.ts'
import { makeCertificate } from '../certificate.ts'
import { answering } from '../scenario.ts'

const zone = `
$TTL 300
@ SOA ns h 1 3600 600 86400 60
@ NS ns
ns A 192.0.2.1
${Array.from({ length: 60 }, (_, i) => `big TXT "${String(i).padStart(60, '0')}"`).join('\n')}
`
const answer = answering({ 'example.org.': zone })
const memory = createCounterMemory(1)
const counters = new Counters(memory, 0)
const limits: ConnectionLimits = { connections: 100, perClient: 100, idleMs: 10_000 }

const { cert, key } = makeCertificate()
const certificate = { chain: cert, key, ticketKeys: newTicketKeys() }

let transport: 'TCP' | 'TLS' = 'TCP'
let listener: Listener
let clients: Socket[] = []
afterEach(async () => {
  for (const client of clients) client.destroy()
  clients = []
  await listener?.close()
})

for (const over of ['TCP', 'TLS'] as const) {
  describe(over, () => {
    before(() => {
      transport = over
    })

    test('RFC 7766 8: length and reply come in one write', async () => {
      const client = await open()
      client.write(framed('ns', 1, 7))
      const [chunk] = (await once(client, 'data')) as [Buffer]
      assert.equal(chunk.length, 2 + chunk.readUInt16BE(0))
      assert.equal(chunk.readUInt16BE(2), 7)
    })

    test('RFC 7766 6.2.1: many requests on one connection, one after another and pipelined', async () => {
      const client = await open()
      const replies = readReplies(client)
      client.write(framed('ns', 1, 1))
      assert.equal((await replies.next()).value, 1)
      client.write(Buffer.concat([framed('ns', 1, 2), framed('big', 16, 3), framed('nx', 1, 4)]))
      for (const id of [2, 3, 4]) assert.equal((await replies.next()).value, id)
    })

    test('RFC 7766 8: a request may come in any pieces', async () => {
      const client = await open()
      client.setNoDelay(true)
      const replies = readReplies(client)
      const octets = Buffer.concat([framed('ns', 1, 5), framed('ns', 1, 6)])
      for (const octet of octets) {
        client.write(Uint8Array.of(octet))
        await setImmediate()
      }
      for (const id of [5, 6]) assert.equal((await replies.next()).value, id)
    })

    test('a client that has closed its side gets its replies', async () => {
      const client = await open()
      const replies = readReplies(client)
      client.end(Buffer.concat(Array.from({ length: 300 }, (_, i) => framed('big', 16, i))))
      for (let i = 0; i < 300; i++) assert.equal((await replies.next()).value, i)
      assert.equal((await replies.next()).done, true)
    })

    test('a client that closes its side within a request is closed', async () => {
      const client = await open()
      client.end(framed('ns', 1, 1).subarray(0, 9))
      assert.equal((await readReplies(client).next()).done, true)
    })

    for (const [title, octets] of [
      ['one octet', Uint8Array.of(0)],
      ['half a request', framed('ns', 1, 1).subarray(0, 9)],
      ['nothing', new Uint8Array()],
    ] as const) {
      test(`a client that sends ${title} and stalls is cut`, async () => {
        const client = await open({ ...limits, idleMs: 50 })
        client.write(octets)
        await ended(client)
      })
    }

    test('a client that keeps a request going for ever is cut', async () => {
      const client = await open({ ...limits, idleMs: 100 })
      void ended(client)
      client.write(Uint8Array.of(0xff, 0xff))
      while (!client.destroyed) {
        client.write(Uint8Array.of(1))
        await sleep(5)
      }
    })

    test('a connection that is used lives longer than the idle time', async () => {
      const client = await open({ ...limits, idleMs: 300 })
      const replies = readReplies(client)
      for (let i = 0; i < 10; i++) {
        client.write(framed('ns', 1, i))
        assert.equal((await replies.next()).value, i)
        await sleep(50)
      }
    })

    test('what is not DNS ends the connection', async () => {
      const client = await open()
      client.write(Buffer.concat([Uint8Array.of(0, 40), Buffer.alloc(40, 0xff)]))
      await ended(client)
    })

    test('a client that does not read stops being answered, and gets all once it reads', async () => {
      let answered = 0
      const counting: Answer = (packet, transport) => {
        answered++
        return answer(packet, transport)
      }
      const client = await open(limits, counting)
      client.pause()
      const total = 10_000 // replies of 4 KB: far more than the buffers of the system hold
      for (let i = 0; i < total; i++) client.write(framed('big', 16, i))
      for (let before = -1; before !== answered || answered === 0; ) {
        before = answered
        await sleep(200)
      }
      assert.ok(answered < total, 'most requests wait')
      const replies = readReplies(client)
      for (let i = 0; i < total; i++) assert.equal((await replies.next()).value, i)
    })

    test('a client that resets its connection does no harm', async () => {
      const client = await open()
      for (let i = 0; i < 200; i++) client.write(framed('big', 16, i))
      await once(client, 'readable')
      underneath(client).resetAndDestroy()
      await assertAnswers(await connectTo(listener.port), 9)
    })

    test('connections of one client, and all connections, are bounded', async () => {
      for (const bounds of [
        { ...limits, perClient: 2 },
        { ...limits, connections: 2 },
      ]) {
        const rejected = sumCounters(memory)[tcpRejected.at] ?? 0
        const first = await open(bounds)
        await assertAnswers(first, 1)
        await assertAnswers(await connectTo(listener.port), 2)
        assert.equal(sumCounters(memory)[tcpConnections.at], 2)
        await ended(await connectTo(listener.port))
        assert.equal(sumCounters(memory)[tcpRejected.at], rejected + 1)

        first.destroy()
        while (sumCounters(memory)[tcpConnections.at] !== 1) await setImmediate()
        await assertAnswers(await connectTo(listener.port), 4)
        await listener.close()
      }
    })

    test('what is not DNS does not cost the replies before it', async () => {
      const client = await open()
      client.write(
        Buffer.concat([framed('ns', 1, 1), Uint8Array.of(0, 12), Buffer.alloc(12, 0xff), framed('ns', 1, 2)]),
      )
      const replies = readReplies(client)
      assert.equal((await replies.next()).value, 1)
      assert.equal((await replies.next()).done, true)
    })

    test('a listener that closes answers what it has received', async () => {
      const client = await open()
      const replies = readReplies(client)
      client.write(Buffer.concat(Array.from({ length: 500 }, (_, i) => framed('ns', 1, i))))
      assert.equal((await replies.next()).value, 0)
      const closed = listener.close()
      for (let i = 1; i < 500; i++) assert.equal((await replies.next()).value, i)
      assert.equal((await replies.next()).done, true)
      await closed
    })

    test('a listener that closes finishes the replies that are due', async () => {
      const client = await open()
      const replies = readReplies(client)
      client.write(framed('big', 16, 1))
      assert.equal((await replies.next()).value, 1)
      const closed = listener.close()
      assert.equal((await replies.next()).done, true)
      client.end()
      await closed
      await assert.rejects(connectTo(listener.port), /ECONNREFUSED/)
    })
  })
}

test('a connection whose end cannot be told to the client, who takes nothing, is closed all the same', async () => {
  const stuck = new (class extends Socket {
    override _final(): void {} // as of TLS, whose last words wait in a full buffer
  })({ readable: true, writable: true })
  answerMessages(stuck, () => undefined, 50)
  await once(stuck, 'close')
})

// ---------------------------------------------------------------------------

const under = new WeakMap<Socket, Socket>()

/** Starts the listener and connects to it. */
async function open(bounds: ConnectionLimits = limits, answers: Answer = answer): Promise<Socket> {
  const parts = { answer: answers, counters, reusePort: false }
  listener =
    transport === 'TLS'
      ? await listenTls({ host: '127.0.0.1', port: 0 }, parts, bounds, certificate)
      : await listenTcp({ host: '127.0.0.1', port: 0 }, parts, bounds)
  return connectTo(listener.port)
}

async function connectTo(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  clients.push(socket)
  socket.on('error', () => {})
  await once(socket, 'connect')
  if (transport === 'TCP') return socket
  const client = connectTls({ socket, ca: cert, servername: 'localhost' })
  under.set(client, socket)
  client.on('error', () => {})
  await new Promise<void>((resolve) => client.once('secureConnect', resolve).once('close', () => resolve()))
  return client
}

/** The TCP connection of a client. */
function underneath(client: Socket): Socket {
  return under.get(client) ?? client
}

async function assertAnswers(client: Socket, id: number): Promise<void> {
  client.write(framed('ns', 1, id))
  assert.equal((await readReplies(client).next()).value, id)
}

/** Resolves when the connection is gone, whether it was closed or reset. */
function ended(client: Socket): Promise<void> {
  client.resume()
  return new Promise((resolve) => {
    if (client.destroyed) resolve()
    else client.once('close', () => resolve())
  })
}

function framed(label: string, type: number, id: number): Buffer {
  const query = encodeQuery({ id, name: parseName(`${label}.example.org.`), type })
  return Buffer.concat([Uint8Array.of(query.length >> 8, query.length), query])
}

/** The ids of the replies as they come; done when the server closes. */
async function* readReplies(client: Socket): AsyncGenerator<number, void> {
  let unread = Buffer.alloc(0)
  for await (const chunk of client as AsyncIterable<Buffer>) {
    unread = Buffer.concat([unread, chunk])
    while (unread.length >= 2 && unread.length >= 2 + unread.readUInt16BE(0)) {
      yield unread.readUInt16BE(2)
      unread = unread.subarray(2 + unread.readUInt16BE(0))
    }
  }
}
