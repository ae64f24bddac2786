import type { ChildProcess } from 'node:child_process'
import { freePort } from '../test/machine.ts'
import type { Peer } from '../test/peers/peers.ts'
import { dnsClient } from './dns-client.ts'
import { startOn, startResponderOn, stop } from './process.ts'
import { BENCH_ZONE, type BenchZone } from './zone.ts'

/** A name server that serves a benchmark zone from its file, with one worker if nothing else is said, on the CPUs it is given. */
export interface RunningServer {
  readonly pid: number
  readonly port: number
  /** From the start of the process to its first right answer. */
  readonly loadSeconds: number
  stop(): Promise<void>
}

export type StartServer = (zone: BenchZone, folder: string, cpu: number | string) => Promise<RunningServer>

export const startNamestream: StartServer = startNamestreamWith(1)

export function startNamestreamWith(workers: number): StartServer {
  return async (zone, _folder, cpu) => {
    const port = await freePort()
    const places = ['--zone', `${BENCH_ZONE}=${zone.zoneFile}`, '--dns', `127.0.0.1:${port}`]
    return untilFirstAnswer(startResponderOn(cpu, [...places, '--workers', String(workers)]), port)
  }
}

/** A server of others as Debian packages it. It writes into `folder`, too. */
export function startPeerServer(peer: Peer): StartServer {
  return async (zone, folder, cpu) => {
    const port = await freePort()
    const args = peer.configure({ port, folder, zones: [{ origin: BENCH_ZONE, file: zone.zoneFile }] })
    return untilFirstAnswer(startOn(cpu, peer.program, args), port)
  }
}

// ---------------------------------------------------------------------------

async function untilFirstAnswer(child: ChildProcess, port: number): Promise<RunningServer> {
  const started = performance.now()
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      said = (said + chunk).slice(-2000)
    })
  }
  const client = await dnsClient(port)
  try {
    while (!(await client.ask(`n0.${BENCH_ZONE}`, 20))?.length) {
      if (child.exitCode !== null) throw new Error(`the server ended before it answered:\n${said}`)
      if (performance.now() - started > 120_000) throw new Error(`no answer after two minutes:\n${said}`)
    }
  } finally {
    client.close()
  }
  const loadSeconds = (performance.now() - started) / 1000
  if (child.pid === undefined) throw new Error('the server has no process id')
  return { pid: child.pid, port, loadSeconds, stop: () => stop(child) }
}
