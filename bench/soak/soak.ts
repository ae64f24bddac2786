import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { freePort, residentMb } from '../../test/machine.ts'
import { randomNumbers } from '../../test/random.ts'
import { type DnsperfRun, dnsperf } from '../dnsperf.ts'
import { memoryMb, ready, startTold } from '../process.ts'
import { printTable } from '../table.ts'
import type { FromServer, ToServer } from '../told-server.ts'
import { BENCH_ZONE } from '../zone.ts'
import { AT_ONCE, Changes } from './changes.ts'
import { type Checked, checkAnswers } from './checker.ts'

/**
 * A responder with two workers under full load while names come and go and all its threads collect garbage, and clients
 * that know what may be said. Rejects where an answer is wrong, too many are lost, memory goes on growing, or what
 * changes is not served soon.
 *
 *     npm run bench -- soak [--queries N] [--seed N]
 */
export async function soak(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { queries: { type: 'string', default: '2000000' }, seed: { type: 'string' } },
  })
  const queries = Number(values.queries)
  if (!(queries >= TENTHS)) throw new Error(`--queries: "${values.queries}" is not a number from ${TENTHS} on`)
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
  process.stdout.write(`seed ${seed}\n`)
  const folder = mkdtempSync(join(tmpdir(), 'namestream-soak-'))
  const [dns, health] = [await freePort(), await freePort()]
  const child = start(dns, health)
  try {
    await ready(child)
    const faults = await run({ child, dns, folder, seed }, Math.ceil(queries / TENTHS))
    for (const metric of MUST_BE_NONE) faults.push(...(await faultOf(health, metric)))
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    const [code] = await ended
    if (code !== 0) faults.push(`the responder ended with exit code ${code}`)
    if (faults.length > 0) throw new Error(`the soak has failed:\n${faults.join('\n')}`)
  } finally {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

// ---------------------------------------------------------------------------

const STABLE = 20_000
const CHANGING = 40_000
/** Names changed a second. */
const RATE = 6000
const TICK_MS = 50
const CHECKERS = 4
const TENTHS = 10
const CLIENT_CPU = 1
const CLIENTS = 20
const LONGEST_S = 3600
const WAVES_BEFORE = 2
const MAX_LINES = 200_000
const MAX_LOST = 10
const MAX_GROWTH = 1.05
const MAX_LAG_MS = 10_000
const MUST_BE_NONE = ['coredns_panics_total', 'namestream_worker_deaths_total']

interface Soaked {
  readonly child: ChildProcess
  readonly dns: number
  readonly folder: string
  readonly seed: number
}

function start(dns: number, health: number): ChildProcess {
  const places = ['--dns', `127.0.0.1:${dns}`, '--health', `127.0.0.1:${health}`]
  const args = [String(STABLE), ...places, '--workers', '2', '--interval', '0.05']
  const collect = pathToFileURL(join(import.meta.dirname, 'collect.ts')).href
  const flags = ['--expose-gc', '--compact-on-every-full-gc', '--import', collect]
  return startTold('0,1', join(import.meta.dirname, '../told-server.ts'), args, flags)
}

/** Runs ten times so many questions; gives what was not as it ought to be. */
async function run({ child, dns, folder, seed }: Soaked, queries: number): Promise<string[]> {
  const changes = new Changes(CHANGING, seed)
  const lag = keepChanging(child, changes)
  const checked: Checked = { asked: 0, lost: 0, wrong: [] }
  let over = false
  const checkers = Array.from({ length: CHECKERS }, () => checkAnswers(dns, STABLE, changes, checked, () => over))
  const lines = Math.min(queries, MAX_LINES)
  const file = writeQueries(folder, changes, lines, seed)
  const load = { port: dns, queries: file, clients: CLIENTS, seconds: LONGEST_S, cpu: CLIENT_CPU, rcodes: RCODES }
  const rows: Row[] = []
  let peak = 0
  const watch = setInterval(() => {
    peak = Math.max(peak, residentMb(child.pid as number))
  }, 100)
  try {
    while (changes.waves < WAVES_BEFORE) await dnsperf({ ...load, passes: 1 }) // until all that grows has grown
    for (let tenth = 0; tenth < TENTHS; tenth++) {
      peak = residentMb(child.pid as number)
      const ran = await dnsperf({ ...load, passes: Math.ceil(queries / lines) })
      rows.push({ run: ran, peak, pss: memoryMb(child.pid as number), asked: checked.asked, changed: changes.changed })
      process.stderr.write(`soak: ${tenth + 1} of ${TENTHS}, ${peak.toFixed(0)} MB, ${checked.wrong.length} wrong\n`)
    }
  } finally {
    over = true
    lag.end()
    clearInterval(watch)
    await Promise.all(checkers)
  }
  printRows(rows, checked, changes, lag.longestMs)
  return faultsOf(rows, checked, lag.longestMs)
}

const RCODES = ['NOERROR', 'NXDOMAIN']

interface Row {
  readonly run: DnsperfRun
  /** Resident memory at its most, in MB, and at the end what is not shared with others. */
  readonly peak: number
  readonly pss: number
  /** Answers checked, and names changed, so far. */
  readonly asked: number
  readonly changed: number
}

/** Sends changes at an even rate, and takes the time until each is known to be served. */
function keepChanging(child: ChildProcess, changes: Changes) {
  const under: { readonly head: number; readonly at: number }[] = []
  const started = performance.now()
  let longestMs = 0
  child.on('message', ({ served }: FromServer) => {
    changes.served = served
    while (under[0] !== undefined && under[0].head <= served) longestMs = Math.max(longestMs, age(under.shift()))
  })
  const timer = setInterval(() => {
    const due = ((performance.now() - started) * RATE) / 1000 - changes.changed
    const segments = Array.from({ length: Math.floor(due / AT_ONCE) }, () => changes.next())
    if (segments.length === 0) return
    under.push({ head: changes.head, at: performance.now() })
    child.send({ segments } satisfies ToServer)
  }, TICK_MS)
  return {
    get longestMs() {
      return Math.max(longestMs, age(under[0]))
    },
    end: () => clearInterval(timer),
  }

  function age(sent: { readonly at: number } | undefined): number {
    return sent === undefined ? 0 : performance.now() - sent.at
  }
}

/** Of names that stay, of those that change, and of some that never were. */
function writeQueries(folder: string, changes: Changes, lines: number, seed: number): string {
  const random = randomNumbers(seed)
  const file = join(folder, 'queries')
  const label = () => {
    const kind = random(10)
    if (kind === 0) return `absent${random(1e6)}`
    return kind < 6 ? `n${random(STABLE)}` : changes.nameOf(random(CHANGING))
  }
  writeFileSync(file, Array.from({ length: lines }, () => `${label()}.${BENCH_ZONE} A\n`).join(''))
  return file
}

function printRows(rows: readonly Row[], checked: Checked, changes: Changes, longestMs: number): void {
  const cells = rows.map(({ run: { sent, qps, lost }, peak, pss, asked, changed }, tenth) => [
    tenth + 1,
    sent.toLocaleString('en'),
    Math.round(qps).toLocaleString('en'),
    lost,
    peak.toFixed(0),
    pss.toFixed(0),
    asked.toLocaleString('en'),
    changed.toLocaleString('en'),
  ])
  const head = ['tenth', 'queries', 'queries/s', 'lost', 'RSS MB, most', 'PSS MB', 'checked so far', 'changed so far']
  printTable('Soak: two workers, names that come and go, garbage collected all the time', head, cells)
  const sums = `${checked.wrong.length} answers wrong and ${checked.lost} lost of ${checked.asked.toLocaleString('en')} checked`
  process.stdout.write(`\n${sums}; ${changes.waves} waves; changes were served within ${longestMs.toFixed(0)} ms\n`)
}

function faultsOf(rows: readonly Row[], { lost, wrong }: Checked, longestMs: number): string[] {
  const faults = [...wrong]
  const allLost = rows.reduce((sum, { run }) => sum + run.lost, lost)
  if (allLost > MAX_LOST) faults.push(`${allLost} answers were lost`)
  const most = (some: readonly Row[]) => Math.max(...some.map(({ peak }) => peak))
  const [before, after] = [most(rows.slice(0, TENTHS / 5)), most(rows.slice(TENTHS / 5))]
  if (after > MAX_GROWTH * before) faults.push(`memory has grown from ${before.toFixed(0)} to ${after.toFixed(0)} MB`)
  if (longestMs > MAX_LAG_MS) faults.push(`a change was not served for ${longestMs.toFixed(0)} ms`)
  return faults
}

/** Says so where a metric is not 0 over all its labels. */
async function faultOf(health: number, metric: string): Promise<string[]> {
  const text = await (await fetch(`http://127.0.0.1:${health}/metrics`)).text()
  const values = [...text.matchAll(new RegExp(`^${metric}(?:\\{.*\\})? (\\S+)$`, 'gm'))].map(([, value]) =>
    Number(value),
  )
  const sum = values.reduce((all, value) => all + value, 0)
  return sum === 0 && values.length > 0 ? [] : [`${metric} is ${values.length > 0 ? sum : 'not told'}`]
}
