/** What a hostile client does to a server's sockets. Each attack comes from an address of loopback of its own. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import type { Random } from '../../random.ts'
import type { Mutator } from '../packets/mutator.ts'

export interface Attacked {
  readonly port: number
  readonly mutator: Mutator
  readonly random: Random
}

/** Resolves when all was sent; what is still open then is closed by `end`. */
export type Attack = (attacked: Attacked) => Promise<{ end(): void }>

export const attacks: Readonly<Record<string, Attack>> = {
  'damaged datagrams': async ({ port, mutator, random }) => {
    const socket = createSocket('udp4')
    socket.on('error', () => {}) // EMSGSIZE: a packet that no datagram can carry
    socket.bind(0, '127.0.1.1')
    await once(socket, 'listening')
    for (let i = 0; i < 5000; i++) {
      const packet = random(10) === 0 ? noise(random(1500), random) : mutator.next()
      socket.send(packet.subarray(0, 65_000), port, '127.0.0.1', () => {})
      if (i % 50 === 0) await turn()
    }
    return { end: () => socket.close() }
  },

  'damaged messages on one connection after another': async ({ port, mutator, random }) => {
    for (let i = 0; i < 50; i++) {
      const socket = await open(port, '127.0.1.2')
      for (let left = random(40); left > 0; left--) socket.write(framed(mutator.next()))
      await turn()
      if (random(2) === 0) socket.destroy()
      else await closed(socket.end())
    }
    return nothingOpen
  },

  'lengths that are not true': async ({ port, mutator, random }) => {
    for (let i = 0; i < 100; i++) {
      const socket = await open(port, '127.0.1.3')
      const packet = framed(mutator.next())
      packet.writeUInt16BE(random(0x10000), 0)
      socket.write(packet)
      if (random(2) === 0) socket.resetAndDestroy()
      else await closed(socket.end())
    }
    return nothingOpen
  },

  'connections that say nothing, half a length, or half a message': async ({ port, mutator }) => {
    const sockets: Socket[] = []
    for (let i = 0; i < 120; i++) {
      const socket = await open(port, '127.0.1.4')
      const packet = framed(mutator.next())
      socket.write(packet.subarray(0, [0, 1, 2, packet.length >> 1][i % 4]))
      sockets.push(socket)
    }
    return closing(sockets)
  },

  'one octet after another': async ({ port, mutator }) => {
    const sockets: Socket[] = []
    for (let i = 0; i < 40; i++) {
      const socket = await open(port, '127.0.1.5')
      socket.setNoDelay(true)
      sockets.push(socket)
    }
    const packets = sockets.map(() => framed(mutator.next()))
    for (let at = 0; at < 60; at++) {
      for (const [i, socket] of sockets.entries())
        if (!socket.destroyed) socket.write((packets[i] as Buffer).subarray(at, at + 1))
      await turn()
    }
    return closing(sockets)
  },

  'questions whose answers nobody reads': async ({ port }) => {
    const sockets: Socket[] = []
    for (let i = 0; i < 8; i++) {
      const socket = await open(port, '127.0.1.6')
      socket.pause()
      for (let left = 500; left > 0; left--) socket.write(LARGE)
      sockets.push(socket)
    }
    return closing(sockets)
  },

  'more connections than are taken': async ({ port }) => {
    const sockets = Array.from({ length: 400 }, () => connect({ port, host: '127.0.0.1', localAddress: '127.0.1.7' }))
    for (const socket of sockets) socket.on('error', () => {})
    await Promise.all(sockets.map((socket) => Promise.race([once(socket, 'connect'), once(socket, 'close')])))
    return closing(sockets)
  },
}

// ---------------------------------------------------------------------------

/** huge.example.org TXT. */
const LARGE = framed(Buffer.from('126700000001000000000000046875676507' + '6578616d706c65036f72670000100001', 'hex'))

const nothingOpen = { end: () => {} }

function closing(sockets: readonly Socket[]): { end(): void } {
  return {
    end() {
      for (const socket of sockets) socket.destroy()
    },
  }
}

async function open(port: number, localAddress: string): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress, allowHalfOpen: true })
  socket.on('error', () => {}) // the server cuts what is no DNS
  await Promise.race([once(socket, 'connect'), once(socket, 'close')])
  return socket.resume()
}

async function closed(socket: Socket): Promise<void> {
  if (!socket.destroyed) await once(socket, 'close')
}

function framed(message: Uint8Array): Buffer {
  return Buffer.concat([Uint8Array.of(message.length >> 8, message.length), message])
}

function noise(size: number, random: Random): Buffer {
  return Buffer.from(Array.from({ length: size }, () => random(256)))
}
