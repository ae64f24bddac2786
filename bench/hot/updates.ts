import { join } from 'node:path'
import type { NameChange } from '../../shared/records/model.ts'
import { EMPTY_LOG } from '../../shared/records/ports.ts'
import { freePort } from '../../test/machine.ts'
import { dnsperf } from '../dnsperf.ts'
import { cpuTimeOfThreads, ready, startTold, stop } from '../process.ts'
import { printTable } from '../table.ts'
import type { FromServer, ToServer } from '../told-server.ts'
import { addressOf, BENCH_APEX, benchName, writeBenchZone } from '../zone.ts'
import { CLIENT_CPU, CLIENTS, type HotOptions, SERVER_CPU } from './options.ts'

/** What questions cost while names change, beside what they cost while none does, in one process and in turns. */
export async function benchUpdates({ folder, names, seconds }: HotOptions): Promise<void> {
  const zone = writeBenchZone(folder, names)
  const port = await freePort()
  const args = [String(names), '--dns', `127.0.0.1:${port}`]
  const child = startTold(String(SERVER_CPU), join(import.meta.dirname, '../told-server.ts'), args)
  let head: number = EMPTY_LOG
  let served: number = EMPTY_LOG
  child.on('message', (message: FromServer) => {
    served = message.served
  })
  let changed = 0
  const load = { port, queries: zone.queryFile, clients: CLIENTS, cpu: CLIENT_CPU }
  try {
    await ready(child)
    await dnsperf({ ...load, seconds })
    const rows: Measured[] = []
    for (const rate of [0, RATE, 0, RATE]) rows.push(await measure(rate))
    if (head - served > RATE / AT_ONCE) throw new Error(`${head - served} segments of changes are not served`)
    printRows(rows, names)
  } finally {
    await stop(child)
  }

  async function measure(rate: number): Promise<Measured> {
    const timer = rate > 0 ? setInterval(change, 1000 / (rate / AT_ONCE)) : undefined
    const before = cpuTimeOfThreads(child.pid as number)
    const sent = head
    const run = await dnsperf({ ...load, seconds })
    clearInterval(timer)
    const cpu = new Map<string, number>()
    for (const [thread, { user, system }] of cpuTimeOfThreads(child.pid as number)) {
      const was = before.get(thread)
      cpu.set(thread, ((user + system - (was ? was.user + was.system : 0)) * 1e6) / run.completed)
    }
    return { changes: ((head - sent) * AT_ONCE * run.qps) / run.completed, qps: run.qps, lost: run.lost, cpu }
  }

  function change(): void {
    const changes = Array.from({ length: AT_ONCE }, () => changeOf(changed++, names))
    child.send({ segments: [{ seq: ++head, at: Date.now(), changes }] } satisfies ToServer)
  }
}

// ---------------------------------------------------------------------------

const RATE = 1000
/** Names of one segment. */
const AT_ONCE = 50
/** As Node names them: the threads that answer, the one that takes changes, and V8's, which collect garbage and compile. */
const [ANSWERING, MAIN, HELPING] = ['WorkerThread', 'MainThread', 'V8Worker']

interface Measured {
  /** Names changed a second. */
  readonly changes: number
  readonly qps: number
  readonly lost: number
  /** Microseconds of CPU a query, by threads. */
  readonly cpu: ReadonlyMap<string, number>
}

/** Each name in its turn, far from the one before. */
function changeOf(changed: number, names: number): NameChange {
  const i = (changed * 7919) % names
  const version = 2 + Math.floor(changed / names)
  const rrsets = (at: number) => ({ A: { ttl: 300, rdata: [addressOf(i + at)] } })
  const versions = { from: version - 1, first: version, version }
  return { name: benchName(`n${i}`), zone: BENCH_APEX, ...versions, old: rrsets(version - 1), new: rrsets(version) }
}

function printRows(rows: readonly Measured[], names: number): void {
  const [quiet] = rows
  const cells = rows.map(({ changes, cpu, qps, lost }) => {
    const of = (thread: string) => cpu.get(thread) ?? 0
    return [
      changes.toFixed(0),
      of(ANSWERING).toFixed(2),
      (of(ANSWERING) / (quiet?.cpu.get(ANSWERING) ?? Number.NaN)).toFixed(2),
      of(MAIN).toFixed(2),
      of(HELPING).toFixed(2),
      Math.round(qps).toLocaleString('en'),
      lost,
    ]
  })
  const head = ['names changed/s', 'CPU/query µs, answering', 'of none', 'main thread', 'V8', 'queries/s', 'lost']
  printTable(`Changes among ${names.toLocaleString('en')} names, one worker (aim: within 10 % of none)`, head, cells)
}
