import { type ChildProcess, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type DnsperfMode, dnsperf } from './dnsperf.ts'
import { cpuSince, cpuTime, startOn, startResponderOn, stop } from './process.ts'
import { printTable } from './table.ts'
import { BENCH_ZONE, type BenchZone, writeBenchZone } from './zone.ts'

const SERVER_CPU = 0
const CLIENT_CPU = 1
const SECONDS = 8

/** What an answer costs over each transport, beside UDP in the same run: one worker, one client that does not wait. */
export async function benchTransports(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'namestream-bench-'))
  try {
    const zone = writeBenchZone(folder, 1000)
    const { child, ports } = await startServer(zone, folder)
    try {
      const rows: Row[] = []
      for (const [label, mode] of MODES) rows.push(await measure(label, mode, ports[mode], zone, child.pid as number))
      printRows(rows)
    } finally {
      await stop(child)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

// ---------------------------------------------------------------------------

type Mode = DnsperfMode | 'doh'

const MODES: readonly (readonly [label: string, mode: Mode])[] = [
  ['UDP', 'udp'],
  ['TCP', 'tcp'],
  ['TLS', 'dot'],
  ['HTTPS (HTTP/2, GET)', 'doh'],
]

interface Row {
  readonly label: string
  readonly user: number
  readonly system: number
  readonly qps: number
  readonly lost: number
}

async function startServer(zone: BenchZone, folder: string) {
  const [certificate, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=localhost']
  execFileSync('openssl', ['req', '-x509', ...made, '-keyout', key, '-out', certificate], { stdio: 'ignore' })
  const places = ['--dns', '127.0.0.1:0', '--tls', '127.0.0.1:0', '--https', '127.0.0.1:0']
  const files = ['--zone', `${BENCH_ZONE}=${zone.zoneFile}`, '--certificate', certificate, '--key', key]
  const child = startResponderOn(SERVER_CPU, [...files, ...places])
  const ports = await portsOf(child)
  return { child, ports }
}

/** The ports that the server tells, the line `ready` being the last. */
async function portsOf(child: ChildProcess): Promise<Record<Mode, number>> {
  const told: Record<string, number> = {}
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    const [, what = '', port] = /^DNS over (\S+).*?:(\d+)(?:\/.*)?$/.exec(line) ?? []
    told[what] = Number(port)
    if (line === 'ready')
      return { udp: told.UDP ?? 0, tcp: told.UDP ?? 0, dot: told['TLS:'] ?? 0, doh: told['HTTPS:'] ?? 0 }
  }
  throw new Error('the server ended before it was ready')
}

async function measure(label: string, mode: Mode, port: number, zone: BenchZone, pid: number): Promise<Row> {
  await load(mode, port, zone, 2) // warm-up: compiled code, filled caches
  const before = cpuTime(pid)
  const { completed, qps, lost } = await load(mode, port, zone, SECONDS)
  const { user, system } = cpuSince(pid, before)
  const perQuery = (seconds: number) => (seconds * 1e6) / completed
  return { label, user: perQuery(user), system: perQuery(system), qps, lost }
}

async function load(mode: Mode, port: number, zone: BenchZone, seconds: number) {
  if (mode !== 'doh') return dnsperf({ port, mode, queries: zone.queryFile, clients: 1, seconds, cpu: CLIENT_CPU })
  const program = join(import.meta.dirname, 'doh-load.ts')
  const child = startOn(CLIENT_CPU, process.execPath, [program, String(port), zone.queryFile, String(seconds)])
  let said = ''
  for await (const chunk of child.stdout ?? []) said += chunk
  const completed = Number(said)
  if (!(completed > 0)) throw new Error('no question was answered over HTTPS')
  return { completed, qps: completed / seconds, lost: 0 }
}

function printRows(rows: readonly Row[]): void {
  const [udp] = rows
  const cost = ({ user, system }: Row) => user + system
  const cells = rows.map((row) => [
    row.label,
    `${row.user.toFixed(1)} + ${row.system.toFixed(1)}`,
    udp === undefined ? '' : (cost(row) / cost(udp)).toFixed(2),
    Math.round(row.qps).toLocaleString('en'),
    udp === undefined ? '' : (row.qps / udp.qps).toFixed(2),
    row.lost,
  ])
  const head = ['over', 'CPU/query µs (user + system)', 'of UDP', 'queries/s', 'of UDP', 'lost']
  printTable('Transports: one worker on one core, one client on the other, pipelined', head, cells)
}
