/** Sockets of the system, and what is asked there over others. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import { constants, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer } from '../../../responder/answer.ts'
import { SLOT_SIZE } from '../../../responder/datagrams/batch.ts'
import type { ExchangeParts, FastAnswers } from '../../../responder/datagrams/exchange.ts'
import { loadLibc } from '../../../responder/datagrams/libc.ts'
import { listenForDatagrams } from '../../../responder/datagrams/listen.ts'
import { closeSocket, type DatagramSocket, openSocket } from '../../../responder/datagrams/socket.ts'
import { Sockets } from '../../../responder/datagrams/sockets.ts'
import type { From } from '../../../responder/link.ts'
import type { Endpoint } from '../../../responder/listeners/endpoint.ts'
import type { Listener } from '../../../responder/listeners/listener.ts'
import { Counters, createCounterMemory, sumCounters } from '../../../responder/metrics/counters.ts'
import { dropped, type Family, udpErrors } from '../../../responder/metrics/families.ts'
import { eventually } from '../../eventually.ts'

const libc = await loadLibc().catch(() => undefined)
const options = { skip: libc === undefined && 'only Linux has these calls' }
const lib = libc as NonNullable<typeof libc>

let memory = createCounterMemory(1)
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
  memory = createCounterMemory(1)
})

describe('datagrams', options, () => {
  for (const host of ['127.0.0.1', '::1', '127.0.0.53']) {
    test(`are answered on ${host}, to the client that is told`, async (t) => {
      const served = serve([{ host, port: 0 }])
      if (served === undefined) return t.skip(`this machine has no ${host}`)
      const client = await connected(host, served.port)
      client.send('hello')
      assert.equal(String(await message(client)), 'hello')
      const { address, port } = client.address()
      assert.deepEqual(served.froms, [{ transport: 'udp', address, port }])
    })
  }

  test('of all sizes are taken up to 4096 octets; longer ones are dropped, and counted', async () => {
    const served = serve([{ host: '127.0.0.1', port: 0 }], { answer: (packet) => Buffer.from(`${packet.length}`) })
    const client = await connected('127.0.0.1', served?.port)
    const sizes: string[] = []
    client.on('message', (reply) => sizes.push(String(reply)))
    for (const size of [0, 1, 11, 4096, 4097, 65000, 12]) client.send(Buffer.alloc(size, 1))
    await eventually(() => assert.deepEqual(sizes, ['0', '1', '11', '4096', '12']))
    assert.equal(counted(dropped), 2)
    assert.equal(counted(udpErrors), 0)
  })

  test('get replies that are longer than they could be themselves', async () => {
    const served = serve([{ host: '127.0.0.1', port: 0 }], {
      answer: (packet) => (packet.length > 1 ? Buffer.alloc(9000, packet) : packet),
    })
    const client = await connected('127.0.0.1', served?.port)
    const replies: string[] = []
    client.on('message', (reply) => replies.push(`${reply.length} ${reply.subarray(0, 2)}`))
    for (const text of ['ab', 'cd', 'e', 'fg']) client.send(text)
    await eventually(() => assert.deepEqual(replies, ['9000 ab', '9000 cd', '1 e', '9000 fg']))
    client.send('h')
    await eventually(() => assert.equal(replies.at(-1), '1 h', 'and slots are as before'))
  })

  test('that come by the hundred are answered, each in its place', async () => {
    const served = serve([{ host: '127.0.0.1', port: 0 }], {
      answer: (packet) => (Number(Buffer.from(packet)) % 13 === 0 ? undefined : packet),
    })
    const client = await connected('127.0.0.1', served?.port)
    const replies = new Set<string>()
    client.on('message', (reply) => replies.add(String(reply)))
    const questions = Array.from({ length: 500 }, (_, i) => `${i}`)
    for (const question of questions) client.send(question)
    await eventually(() => assert.deepEqual(replies, new Set(questions.filter((one) => Number(one) % 13 !== 0))))
  })

  test('that are ordinary are answered in place', async () => {
    const answer = (octets: Uint8Array, start: number) => {
      if (octets[start] !== 0x66) return 0
      octets.set(Buffer.from('quick'), start)
      return 5
    }
    const fastPath = (octets: Uint8Array): FastAnswers => ({
      begin: () => {},
      read: () => {},
      touch: () => {},
      answer: (i) => answer(octets, i * SLOT_SIZE),
      end: () => {},
    })
    const served = serve([{ host: '127.0.0.1', port: 0 }], { fastPath })
    const client = await connected('127.0.0.1', served?.port)
    for (const [sent, expected] of [
      ['fast', 'quick'],
      ['slow', 'slow'],
    ] as const) {
      client.send(sent)
      assert.equal(String(await message(client)), expected)
    }
    assert.equal(served?.froms.length, 1)
  })

  test('from clients that are gone, or that cannot be replied to, keep nobody', async () => {
    const served = serve([{ host: '127.0.0.1', port: 0 }], {
      answer: (packet) => (packet.length > 5 ? Buffer.alloc(65_508) : packet),
    })
    const gone = await connected('127.0.0.1', served?.port)
    for (let i = 0; i < 50; i++) gone.send('x')
    await new Promise((sent) => gone.send('x', sent))
    const client = await connected('127.0.0.1', served?.port)
    for (const text of ['first', 'too long', 'too long', 'last']) client.send(text) // no datagram is as long as that reply
    assert.equal(String(await message(client)), 'first')
    assert.equal(String(await message(client)), 'last')
    assert.equal(counted(udpErrors), 2)
  })

  test('are taken at several endpoints', async (t) => {
    const served = serve(['127.0.0.1', '127.0.0.2', '::1'].map((host) => ({ host, port: 0 })))
    if (served === undefined) return t.skip('this machine has no ::1')
    for (const [i, { port }] of served.sockets.entries()) {
      const client = await connected(['127.0.0.1', '127.0.0.2', '::1'][i] ?? '', port)
      client.send(`to ${i}`)
      assert.equal(String(await message(client)), `to ${i}`)
    }
  })
})

describe('on all addresses', options, () => {
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
    .map(({ address }) => address)
  for (const host of ['0.0.0.0', '::']) {
    for (const asked of ['127.0.0.1', '127.0.0.2', '::1', ...own].filter((one) => host === '::' || !isIPv6(one))) {
      test(`${host}: who asks ${asked} hears from there`, async (t) => {
        const served = serve([{ host, port: 0 }])
        if (served === undefined) return t.skip(`this machine has no ${host}`)
        const from = isIPv6(asked) ? '::1' : '127.0.0.1'
        const client = await bound(from)
        client.send('hello', served.port, asked)
        const [reply, { address }] = (await once(client, 'message')) as [Buffer, { address: string }]
        assert.deepEqual([String(reply), address], ['hello', asked])
        assert.equal(served.froms[0]?.address, from)
        assert.equal(counted(udpErrors), 0)
      })
    }
  }
})

describe('a thread that serves them', options, () => {
  test('has its turns: timers and messages wait for moments', async () => {
    const served = serve([{ host: '127.0.0.1', port: 0 }])
    const began = performance.now()
    for (let i = 0; i < 5; i++) await sleep(1)
    assert.ok(performance.now() - began < 500, 'while nobody asks')
    const client = await connected('127.0.0.1', served?.port)
    const flood = setInterval(() => {
      for (let i = 0; i < 100; i++) client.send('x')
    }, 1)
    ends.push(() => clearInterval(flood))
    const busy = performance.now()
    for (let i = 0; i < 5; i++) await sleep(1)
    assert.ok(performance.now() - busy < 500, 'while many ask')
  })

  test('answers what waits before it ends, and ends though more comes', async () => {
    const served = serve([{ host: '127.0.0.1', port: 0 }])
    const client = await connected('127.0.0.1', served?.port)
    let replies = 0
    client.on('message', () => replies++)
    for (let i = 0; i < 300; i++) client.send('x')
    await new Promise((sent) => client.send('x', sent))
    const flood = setInterval(() => client.send('y'), 1)
    ends.push(() => clearInterval(flood))
    const began = performance.now()
    await served?.listener.close()
    assert.ok(performance.now() - began < 400)
    await eventually(() => assert.ok(replies >= 301, `${replies}`))
  })

  test('does not go round and round where receiving fails', async () => {
    let calls = 0
    const recvmmsg = () => {
      calls++
      return -1
    }
    const refusing = { ...lib, recvmmsg, errno: () => constants.errno.ENOMEM }
    const listener = listenForDatagrams(refusing, [{ descriptor: -1, port: 1, everywhere: false }], parts())
    await sleep(100)
    await listener.close()
    assert.ok(calls > 2 && calls < 200, `${calls}`)
    assert.ok(counted(udpErrors) > 2)
  })
})

test('a thread ends, and says why, where its socket is gone for good', options, () => {
  const script = `
    import { loadLibc } from './responder/datagrams/libc.ts'
    import { listenForDatagrams } from './responder/datagrams/listen.ts'
    listenForDatagrams(await loadLibc(), [{ descriptor: 1000, port: 1, everywhere: false }], {})`
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: join(import.meta.dirname, '../../..'),
    encoding: 'utf8',
  })
  assert.equal(status, 1)
  assert.match(stderr, /^Error: recvmmsg EBADF: bad file descriptor$/m)
})

describe('sockets', options, () => {
  test('of two workers share a port, and each gets some', async () => {
    const sockets = new Sockets(lib, 2)
    ends.push(() => sockets.close())
    const port = await freeUdpPort()
    sockets.open({ host: '127.0.0.1', port })
    const heard = [0, 1].map((worker) => {
      const froms: From[] = []
      listen(sockets.ofWorker(worker), parts({ froms }))
      return froms
    })
    for (let i = 0; i < 20; i++) {
      const client = await connected('127.0.0.1', port)
      client.send('x')
      await message(client)
    }
    assert.equal((heard[0]?.length ?? 0) + (heard[1]?.length ?? 0), 20)
    for (const froms of heard) assert.ok(froms.length > 0)
  })

  test('of one worker are alone on their port', async () => {
    const { port, descriptor } = openSocket(lib, { host: '127.0.0.1', port: 0 }, false)
    ends.push(() => lib.close(descriptor))
    for (const workers of [1, 2]) {
      const message = `cannot listen on 127.0.0.1:${port}: the port is taken`
      assert.throws(() => new Sockets(lib, workers).open({ host: '127.0.0.1', port }), { message })
    }
  })

  test('are had of no address of others', () => {
    const open = () => new Sockets(lib, 1).open({ host: '192.0.2.1', port: 0 })
    assert.throws(open, { message: 'cannot listen on 192.0.2.1:0: this machine does not have that address' })
    assert.throws(() => openSocket(lib, { host: '192.0.2.1', port: 0 }, false), { code: 'EADDRNOTAVAIL' })
  })

  test('tell what was dropped because nobody took it', async () => {
    const sockets = new Sockets(lib, 1)
    ends.push(() => sockets.close())
    const port = await freeUdpPort()
    sockets.open({ host: '127.0.0.1', port })
    assert.equal(sockets.drops(), 0)
    const client = await connected('127.0.0.1', port)
    const large = Buffer.alloc(60_000)
    for (let i = 0; i < 300; i++) await new Promise((sent) => client.send(large, sent))
    const drops = sockets.drops()
    assert.ok(drops > 0 && drops < 300, `${drops}`)
    sockets.close()
    assert.equal(sockets.drops(), drops, 'for good')
  })
})

// ---------------------------------------------------------------------------

interface Asked {
  readonly answer?: (packet: Uint8Array) => Uint8Array | undefined
  readonly fastPath?: ExchangeParts['fastPath']
  readonly froms?: From[]
}

/** Says what it hears, unless told otherwise. */
function parts({ answer = (packet) => packet, fastPath = () => undefined, froms = [] }: Asked = {}): ExchangeParts {
  const noting: Answer = (packet, from) => {
    froms.push(from)
    const reply = answer(packet)
    return reply && Uint8Array.from(reply)
  }
  return { answer: noting, counters: new Counters(memory, 0), report: assert.fail, fastPath }
}

interface Serving {
  readonly listener: Listener
  readonly port: number
  readonly sockets: readonly DatagramSocket[]
  readonly froms: readonly From[]
}

/** Serves what it opens; undefined if this machine does not have such an address. */
function serve(endpoints: readonly Endpoint[], asked: Asked = {}): Serving | undefined {
  const froms: From[] = []
  const sockets: DatagramSocket[] = []
  for (const endpoint of endpoints) {
    try {
      const socket = openSocket(lib, endpoint, false)
      sockets.push(socket)
      ends.push(() => closeSocket(lib, socket))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'EADDRNOTAVAIL' && code !== 'EAFNOSUPPORT') throw error
      return undefined
    }
  }
  const listener = listen(sockets, parts({ froms, ...asked }))
  return { listener, port: listener.port, sockets, froms }
}

function listen(sockets: readonly DatagramSocket[], served: ExchangeParts): Listener {
  const listener = listenForDatagrams(lib, sockets, served)
  let closed: Promise<void> | undefined
  const close = () => (closed ??= listener.close())
  ends.push(close)
  return { port: listener.port, close }
}

function counted({ at }: Family): number {
  return sumCounters(memory)[at] ?? 0
}

async function connected(host: string, port = 0): Promise<Socket> {
  const client = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', recvBufferSize: 4 << 20 })
  ends.push(() => client.close())
  client.connect(port, host)
  await once(client, 'connect')
  return client
}

async function bound(host: string): Promise<Socket> {
  const client = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', recvBufferSize: 4 << 20 })
  ends.push(() => client.close())
  client.bind(0, host)
  await once(client, 'listening')
  return client
}

async function message(client: Socket): Promise<Buffer> {
  const [reply] = (await once(client, 'message')) as [Buffer]
  return reply
}

async function freeUdpPort(): Promise<number> {
  const { port, descriptor } = openSocket(lib, { host: '127.0.0.1', port: 0 }, false)
  lib.close(descriptor)
  return port
}
