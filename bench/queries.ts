import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasTool } from '../test/machine.ts'
import { bind, knot, nsd, powerdns } from '../test/peers/peers.ts'
import { type DnsperfMode, dnsperf } from './dnsperf.ts'
import { cpuSinceOfAll, cpuTimeOfAll, memoryMb } from './process.ts'
import { type RunningServer, type StartServer, startNamestream, startPeerServer } from './servers.ts'
import { printTable } from './table.ts'
import { type BenchZone, writeBenchZone } from './zone.ts'

/** Answers from a zone file: CPU per query, throughput, losses, memory and load time. */
export function benchQueries(): Promise<void> {
  return measure([['Namestream', startNamestream]])
}

/** The same, and the same of each other name server that is installed: NSD, Knot DNS, BIND, PowerDNS. */
export function benchPeers(): Promise<void> {
  const installed = [nsd, knot, bind, powerdns].filter(({ program }) => hasTool(program))
  return measure([
    ['Namestream', startNamestream],
    ...installed.map((peer) => [peer.name, startPeerServer(peer)] as const),
  ])
}

// ---------------------------------------------------------------------------

const SERVER_CPU = 0
const CLIENT_CPU = 1
const CLIENTS = 20
const SECONDS = 8
const LOADS = [
  { names: 100, transport: 'udp' },
  { names: 1_000_000, transport: 'udp' },
  { names: 100, transport: 'tcp' },
] as const

async function measure(servers: readonly (readonly [label: string, start: StartServer])[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'namestream-bench-'))
  const rows: string[][] = []
  try {
    for (const { names, transport } of LOADS) {
      const zone = writeBenchZone(folder, names)
      for (const [label, start] of servers) {
        const server = await start(zone, folder, SERVER_CPU)
        try {
          const row = await measureOne(server, zone, transport)
          rows.push([names.toLocaleString('en'), transport.toUpperCase(), label, ...row])
        } finally {
          await server.stop()
        }
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const head = [
    'names',
    'over',
    'server',
    'CPU/query µs (user + system)',
    'queries/s',
    'lost',
    'mean ms',
    'MB',
    'load s',
  ]
  printTable(`Queries: one worker on one core, dnsperf with ${CLIENTS} clients on the other`, head, rows)
}

async function measureOne(server: RunningServer, zone: BenchZone, mode: DnsperfMode): Promise<string[]> {
  const load = { port: server.port, mode, queries: zone.queryFile, clients: CLIENTS, cpu: CLIENT_CPU }
  await dnsperf({ ...load, seconds: 2 }) // warm-up: compiled code, filled caches
  const before = cpuTimeOfAll(server.pid)
  const run = await dnsperf({ ...load, seconds: SECONDS })
  const cpu = cpuSinceOfAll(server.pid, before)
  const perQuery = (seconds: number) => ((seconds * 1e6) / run.completed).toFixed(1)
  return [
    `${perQuery(cpu.user)} + ${perQuery(cpu.system)}`,
    Math.round(run.qps).toLocaleString('en'),
    `${run.lost} of ${run.sent.toLocaleString('en')}`,
    run.averageMs.toFixed(2),
    memoryMb(server.pid).toFixed(0),
    server.loadSeconds.toFixed(1),
  ]
}
