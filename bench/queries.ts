import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasTool, residentMb } from '../test/machine.ts'
import { dnsperf } from './dnsperf.ts'
import { cpuSince, cpuTime } from './process.ts'
import { type StartServer, startKnot, startNamestream } from './servers.ts'
import { printTable } from './table.ts'
import { writeBenchZone } from './zone.ts'

const SERVER_CPU = 0
const CLIENT_CPU = 1
const SECONDS = 8

/** Answers from a zone file: CPU per query, throughput, losses, memory and load time, beside Knot DNS where it is installed. */
export async function benchQueries(): Promise<void> {
  const servers: [string, StartServer][] = [['namestream', startNamestream]]
  if (hasTool('knotd')) servers.push(['Knot DNS', startKnot])
  const folder = mkdtempSync(join(tmpdir(), 'namestream-bench-'))
  const rows: string[][] = []
  try {
    for (const names of [100, 1_000_000]) {
      const zone = writeBenchZone(folder, names)
      for (const [label, start] of servers) {
        const server = await start(zone, folder, SERVER_CPU)
        try {
          const load = { port: server.port, queries: zone.queryFile, clients: 20, cpu: CLIENT_CPU }
          await dnsperf({ ...load, seconds: 2 }) // warm-up: compiled code, filled caches
          const before = cpuTime(server.pid)
          const run = await dnsperf({ ...load, seconds: SECONDS })
          const cpu = cpuSince(server.pid, before)
          const perQuery = (seconds: number) => ((seconds * 1e6) / run.completed).toFixed(1)
          rows.push([
            names.toLocaleString('en'),
            label,
            `${perQuery(cpu.user)} + ${perQuery(cpu.system)}`,
            Math.round(run.qps).toLocaleString('en'),
            `${run.lost} of ${run.sent.toLocaleString('en')}`,
            run.averageMs.toFixed(2),
            residentMb(server.pid).toFixed(0),
            server.loadSeconds.toFixed(1),
          ])
        } finally {
          await server.stop()
        }
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const head = ['names', 'server', 'CPU/query µs (user + system)', 'queries/s', 'lost', 'mean ms', 'RSS MB', 'load s']
  printTable('Queries: one worker on one core, dnsperf with 20 clients on the other', head, rows)
}
