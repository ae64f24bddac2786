import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hasTool } from '../../test/machine.ts'
import { knot } from '../../test/peers/peers.ts'
import { type DnsperfRun, dnsperf, dnsperfLatencies } from '../dnsperf.ts'
import { type RunningServer, type StartServer, startNamestream, startPeerServer } from '../servers.ts'
import { percentile, printTable } from '../table.ts'
import { BENCH_ZONE, type BenchZone, writeBenchZone } from '../zone.ts'
import { buildFloor } from './floor.ts'
import { CLIENT_CPU, CLIENTS, type HotOptions, SERVER_CPU } from './options.ts'

/** Ever more clients at once, each of which waits for its answer; then how long they wait at half the load that is possible. */
export async function benchTalk(options: HotOptions): Promise<void> {
  const { folder } = options
  const zone = writeBenchZone(folder, NAMES)
  const queries = writeQueries(folder)
  const floor = buildFloor(folder)
  const starts: (readonly [string, StartServer])[] = []
  if (floor !== undefined) starts.push([FLOOR, floor])
  starts.push(['Namestream', startNamestream])
  if (hasTool(knot.program)) starts.push([knot.name, startPeerServer(knot)])
  const shares: string[][] = []
  const runs = new Map<string, DnsperfRun[]>()
  for (const [label, start] of starts) {
    const server = await start(zone, folder, SERVER_CPU)
    try {
      await load(server, zone, options)
      if (label === FLOOR) runs.set(label, await askConcurrently(server, queries, options.seconds))
      if (label === 'Namestream') runs.set(label, await askConcurrently(server, queries, LONGEST_S))
      shares.push([label, ...(await latencies(server, zone, options))])
    } finally {
      await server.stop()
    }
  }
  printRuns(runs)
  const head = [
    'server',
    'peak queries/s',
    'asked/s',
    'lost',
    'within 0.5 ms',
    'p50 ms',
    'p99 ms',
    'p99.9 ms',
    'max ms',
  ]
  printTable('Latency at half of the peak (aim: ≥ 99 % within 0.5 ms)', head, shares)
}

// ---------------------------------------------------------------------------

const FLOOR = 'floor'
const NAMES = 100
const QUERIES = 2_001_674
const CONCURRENT = [10, 50, 100, 200, 500]
const LONGEST_S = 600
const SOON_MS = 0.5

/** All questions of one run, so that it has exactly so many. */
function writeQueries(folder: string): string {
  const file = join(folder, 'talk.queries')
  writeFileSync(file, Array.from({ length: QUERIES }, (_, i) => `n${(i * 37) % NAMES}.${BENCH_ZONE} A\n`).join(''))
  return file
}

/** As many as can be, which warms up, too. */
function load({ port }: RunningServer, { queryFile }: BenchZone, { seconds }: HotOptions) {
  return dnsperf({ port, queries: queryFile, clients: CLIENTS, seconds, cpu: CLIENT_CPU })
}

async function askConcurrently({ port }: RunningServer, queries: string, seconds: number): Promise<DnsperfRun[]> {
  const runs: DnsperfRun[] = []
  for (const clients of CONCURRENT)
    runs.push(await dnsperf({ port, queries, clients, seconds, passes: 1, outstanding: clients, cpu: CLIENT_CPU }))
  return runs
}

/** With few questions under way, dnsperf rests between them: what comes then is its own rate, as the floor shows. */
function printRuns(runs: ReadonlyMap<string, readonly DnsperfRun[]>): void {
  const count = (number: number | undefined) => (number === undefined ? '' : Math.round(number).toLocaleString('en'))
  const floor = runs.get(FLOOR) ?? []
  const rows = (runs.get('Namestream') ?? []).map(({ sent, qps, lost, averageMs, maximumMs }, i) => [
    CONCURRENT[i] ?? '',
    count(sent),
    count(qps),
    lost,
    averageMs.toFixed(3),
    maximumMs.toFixed(1),
    count(floor[i]?.qps),
    floor[i]?.averageMs.toFixed(3) ?? '',
  ])
  const head = ['clients', 'queries', 'queries/s', 'lost', 'mean ms', 'max ms', 'floor: queries/s', 'mean ms']
  printTable(`Clients that ask one question at a time, ${NAMES} names, one worker (aim: none lost)`, head, rows)
}

async function latencies(server: RunningServer, zone: BenchZone, options: HotOptions): Promise<string[]> {
  const peak = (await load(server, zone, options)).qps
  const rate = Math.round(peak / 2)
  const asked = { port: server.port, queries: zone.queryFile, clients: CLIENTS, seconds: options.seconds, rate }
  const run = await dnsperfLatencies({ ...asked, cpu: CLIENT_CPU }, join(options.folder, 'latencies'))
  const { latencies: sorted } = run
  const later = sorted.findIndex((ms) => ms > SOON_MS)
  const soon = (later < 0 ? sorted.length : later) / run.sent // what is lost came too late
  return [
    Math.round(peak).toLocaleString('en'),
    Math.round(run.qps).toLocaleString('en'),
    String(run.lost),
    `${(100 * soon).toFixed(2)} %`,
    ...[0.5, 0.99, 0.999, 1].map((share) => percentile(sorted, share).toFixed(3)),
  ]
}
