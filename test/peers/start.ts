import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { Rcode, Type } from '../../shared/dns/codes.ts'
import { encodeQuery } from '../../shared/dns/encode-query.ts'
import { parseName } from '../../shared/dns/name.ts'
import { freePort } from '../machine.ts'
import { type Asker, askerOf } from './ask.ts'
import type { Peer, PeerName, PeerZone } from './peers.ts'

export interface RunningPeer extends Asker {
  readonly name: PeerName
  /** What it did not load. */
  readonly refused: readonly PeerZone[]
  stop(): Promise<void>
}

/** Starts a server and waits until it answers and has read all zones. It writes into `folder` only. */
export async function startPeer(peer: Peer, folder: string, zones: readonly PeerZone[]): Promise<RunningPeer> {
  mkdirSync(folder, { recursive: true })
  const port = await freePort()
  const child = spawn(peer.program, peer.configure({ port, folder, zones }), { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said = (said + chunk).slice(-4000)
    })
  }
  const asker = await askerOf(port)
  const stop = async () => {
    asker.close()
    await stopped(child)
  }
  try {
    const ended = once(child, 'exit').then(() => {
      throw new Error(`${peer.name} ended before it answered:\n${said}`)
    })
    const refused = await Promise.race([ended, refusedBy(asker, zones)])
    ended.catch(() => {})
    return { ...asker, name: peer.name, refused, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

// ---------------------------------------------------------------------------

async function refusedBy(asker: Asker, zones: readonly PeerZone[]): Promise<PeerZone[]> {
  const rcodes = await Promise.all(
    zones.map(async ({ origin }) => {
      const reply = await asker.udp(encodeQuery({ id: 0, name: parseName(origin), type: Type.SOA }))
      const isServed = (reply.readUInt16BE(2) & 0x0400) !== 0 // AA
      return isServed ? Rcode.NOERROR : reply.readUInt16BE(2) & 15
    }),
  )
  return zones.filter((_, i) => rcodes[i] !== Rcode.NOERROR)
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
