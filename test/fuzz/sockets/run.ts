/** A responder of its own process, attacked on its sockets round after round. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Endpoint, parseEndpoint } from '../../../responder/listeners/endpoint.ts'
import { eventually } from '../../eventually.ts'
import { residentMb } from '../../machine.ts'
import { randomNumbers } from '../../random.ts'
import { addresses, askTcp, askUdp } from '../../responder/client.ts'
import { readCorpus } from '../packets/corpus.ts'
import { Mutator } from '../packets/mutator.ts'
import { names, zones } from '../packets/zones.ts'
import { attacks } from './attacks.ts'

export interface SocketReport {
  readonly rounds: number
  /** Resident memory of the responder in MB (10^6 octets) after each round. */
  readonly rss: readonly number[]
}

/** Throws where the responder ends, does not answer right between the attacks, leaves a connection open, or had a fault. */
export async function attackSockets(seed: number, more: (round: number) => boolean): Promise<SocketReport> {
  const folder = mkdtempSync(join(tmpdir(), 'namestream-fuzz-'))
  const child = start(folder)
  try {
    const { dns, health } = await untilReady(child)
    const random = randomNumbers(seed)
    const attacked = { port: dns.port, mutator: new Mutator(readCorpus(), names, random), random }
    const rss: number[] = []
    for (let round = 0; more(round); round++) {
      for (const [name, attack] of Object.entries(attacks)) {
        const under = await attack(attacked)
        await answersRight(dns, name)
        under.end()
      }
      await eventually(async () => expect(await metric(health, 'namestream_tcp_connections'), 0, 'open connections'))
      rss.push(residentMb(child.pid as number))
    }
    expect(await metric(health, 'coredns_panics_total'), 0, 'faults')
    const exit = once(child, 'exit')
    child.kill('SIGTERM')
    expect(JSON.stringify(await exit), '[0,null]', 'exit code and signal')
    return { rounds: rss.length, rss }
  } finally {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true })
  }
}

// ---------------------------------------------------------------------------

/** With room for little garbage, so that what is never freed shows in the resident memory, or ends the process. */
const SMALL_HEAP = ['--max-old-space-size=48', '--max-semi-space-size=1']

function start(folder: string): ChildProcess {
  const main = join(import.meta.dirname, '../../../responder/main.ts')
  const files = Object.entries(zones).flatMap(([origin, text], i) => {
    const file = join(folder, `${i}.zone`)
    writeFileSync(file, text)
    return ['--zone', `${origin}=${file}`]
  })
  const args = [...SMALL_HEAP, main, ...files, '--dns', '127.0.0.1:0', '--health', '127.0.0.1:0', '--workers', '2']
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
}

async function untilReady({ stdout }: ChildProcess): Promise<{ dns: Endpoint; health: string }> {
  const lines: string[] = []
  for await (const line of createInterface({ input: stdout as NodeJS.ReadableStream })) {
    if (line === 'ready') {
      const [, dns = ''] = /^DNS over UDP and TCP: (.*)$/m.exec(lines.join('\n')) ?? []
      const [, health = ''] = /^health, ready, metrics: (.*)$/m.exec(lines.join('\n')) ?? []
      return { dns: parseEndpoint(dns), health }
    }
    lines.push(line)
  }
  throw new Error('the responder ended before it was ready')
}

async function answersRight(dns: Endpoint, after: string): Promise<void> {
  expect(addresses(await askUdp(dns, 'mail.example.org. A')).join(), '192.0.2.3', `the answer over UDP after ${after}`)
  expect(addresses(await askTcp(dns, 'mail.example.org. A')).join(), '192.0.2.3', `the answer over TCP after ${after}`)
}

/** The sum over all label sets. */
async function metric(health: string, name: string): Promise<number> {
  const text = await (await fetch(`${health}/metrics`)).text()
  const values = [...text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))].map(([, value]) => Number(value))
  return values.reduce((sum, value) => sum + value, 0)
}

function expect<T>(got: T, wanted: T, what: string): void {
  if (got !== wanted) throw new Error(`${what}: ${got} instead of ${wanted}`)
}
