import { hasTool, residentMb } from '../../test/machine.ts'
import { bind, knot, nsd, powerdns } from '../../test/peers/peers.ts'
import { type DnsperfRun, dnsperf } from '../dnsperf.ts'
import { type CpuTime, cpuSinceOfAll, cpuTimeOfAll, memoryMb } from '../process.ts'
import {
  type RunningServer,
  type StartServer,
  startNamestream,
  startNamestreamWith,
  startPeerServer,
} from '../servers.ts'
import { printTable } from '../table.ts'
import { type BenchZone, writeAbsentQueries, writeBenchZone } from '../zone.ts'
import { buildFloor } from './floor.ts'
import { CLIENT_CPU, CLIENTS, type HotOptions, SERVER_CPU } from './options.ts'

/** What a question costs among many names, among few, and where there is no such name; memory; the time until the first answer. */
export async function benchNames(options: HotOptions): Promise<void> {
  const { folder, names } = options
  const many = writeBenchZone(folder, names)
  const few = writeBenchZone(folder, FEW)
  const absent = writeAbsentQueries(folder, names)
  const count = names.toLocaleString('en')
  const loads: readonly Load[] = [
    {
      label: `${count} names, at random`,
      aim: '≤ 1.3 × floor, ≤ 0.65 × Knot DNS',
      zone: many,
      queries: many.queryFile,
    },
    { label: `NXDOMAIN among ${count} names`, aim: '≤ 1.4 × floor', zone: many, queries: absent, absent: true },
    { label: `${FEW} names`, aim: '≤ 1.2 × floor', zone: few, queries: few.queryFile },
  ]
  const servers = serversOf(folder)
  const costs = new Map<Load, Cost[]>(loads.map((load) => [load, []]))
  for (const zone of [many, few]) {
    for (const [label, start] of servers) {
      const server = await start(zone, folder, SERVER_CPU)
      try {
        for (const load of loads)
          if (load.zone === zone) costs.get(load)?.push({ label, ...(await measure(server, load, label, options)) })
      } finally {
        await server.stop()
      }
    }
  }
  for (const [load, measured] of costs) printCosts(load, measured)
  await benchMemory(many, options)
  await benchLoading(many, servers, options)
}

// ---------------------------------------------------------------------------

const FEW = 100
const FLOOR = 'floor'

interface Load {
  readonly label: string
  readonly aim: string
  readonly zone: BenchZone
  readonly queries: string
  /** The names asked for do not exist. */
  readonly absent?: true
}

interface Cost {
  readonly label: string
  readonly run: DnsperfRun
  /** CPU seconds of all queries together. */
  readonly cpu: CpuTime
}

type Server = readonly [label: string, start: StartServer]

function serversOf(folder: string): Server[] {
  const floor = buildFloor(folder)
  const installed = [knot, nsd, bind, powerdns].filter(({ program }) => hasTool(program))
  return [
    ...(floor === undefined ? [] : [[FLOOR, floor] as const]),
    ['Namestream', startNamestream],
    ...installed.map((peer) => [peer.name, startPeerServer(peer)] as const),
  ]
}

async function measure(server: RunningServer, load: Load, label: string, { seconds }: HotOptions) {
  const rcodes = load.absent && label !== FLOOR ? ['NXDOMAIN'] : ['NOERROR'] // the floor knows of no names
  const options = { port: server.port, queries: load.queries, clients: CLIENTS, cpu: CLIENT_CPU, rcodes }
  await dnsperf({ ...options, seconds: Math.ceil(seconds / 4) }) // warm-up: compiled code, filled caches
  const before = cpuTimeOfAll(server.pid)
  const run = await dnsperf({ ...options, seconds })
  return { run, cpu: cpuSinceOfAll(server.pid, before) }
}

function printCosts({ label, aim }: Load, costs: readonly Cost[]): void {
  const perQuery = (seconds: number, { run }: Cost) => (seconds * 1e6) / run.completed
  const sum = (cost: Cost) => perQuery(cost.cpu.user + cost.cpu.system, cost)
  const ratioTo = (name: string, cost: Cost) => {
    const other = costs.find((one) => one.label === name)
    return other === undefined ? '' : (sum(cost) / sum(other)).toFixed(2)
  }
  const rows = costs.map((cost) => [
    cost.label,
    `${perQuery(cost.cpu.user, cost).toFixed(2)} + ${perQuery(cost.cpu.system, cost).toFixed(2)}`,
    sum(cost).toFixed(2),
    ratioTo(FLOOR, cost),
    ratioTo('Knot DNS', cost),
    Math.round(cost.run.qps).toLocaleString('en'),
    `${cost.run.lost} of ${cost.run.sent.toLocaleString('en')}`,
    cost.run.averageMs.toFixed(2),
  ])
  const head = ['server', 'CPU/query µs (user + system)', 'sum', 'of floor', 'of Knot', 'queries/s', 'lost', 'mean ms']
  printTable(`${label}, one worker (aim ${aim})`, head, rows)
}

/** With two workers, before and after they have answered, as code that is compiled and heaps take memory, too. */
async function benchMemory(zone: BenchZone, { folder, seconds }: HotOptions): Promise<void> {
  const server = await startNamestreamWith(2)(zone, folder, '0,1')
  try {
    const row = (when: string) => [when, memoryMb(server.pid).toFixed(0), residentMb(server.pid).toFixed(0)]
    const rows = [row('after the first answer')]
    await dnsperf({ port: server.port, queries: zone.queryFile, clients: CLIENTS, seconds, cpu: CLIENT_CPU })
    rows.push(row(`after ${seconds} s of load`))
    const title = `Memory with ${zone.names.toLocaleString('en')} names and two workers, in MB (aim ≤ 250)`
    printTable(title, ['', 'PSS', 'RSS'], rows)
  } finally {
    await server.stop()
  }
}

async function benchLoading(zone: BenchZone, servers: readonly Server[], { folder }: HotOptions): Promise<void> {
  const rows: string[][] = []
  for (const [label, start] of servers) {
    if (label === FLOOR) continue
    const seconds: string[] = []
    for (const cpus of ['0', '0,1']) {
      const server = await start(zone, folder, cpus)
      seconds.push(server.loadSeconds.toFixed(1))
      await server.stop()
    }
    rows.push([label, ...seconds])
  }
  const title = `Seconds from the start to the first answer, ${zone.names.toLocaleString('en')} names in a zone file (aim ≤ 3)`
  printTable(title, ['server', 'on one core', 'on two'], rows)
}
