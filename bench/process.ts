import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const TICKS_PER_SECOND = 100 // USER_HZ, fixed at 100 for /proc on Linux

/** CPU seconds that a process has used so far, all its threads together, from /proc/PID/stat. */
export interface CpuTime {
  readonly user: number
  readonly system: number
}

export function cpuTime(pid: number): CpuTime {
  return timeIn(`/proc/${pid}/stat`)
}

export function cpuSince(pid: number, before: CpuTime): CpuTime {
  return less(cpuTime(pid), before)
}

/** The same of a process and all below it. */
export function cpuTimeOfAll(pid: number): CpuTime {
  const times = withDescendants(pid).map(cpuTime)
  return times.reduce((sum, { user, system }) => ({ user: sum.user + user, system: sum.system + system }))
}

export function cpuSinceOfAll(pid: number, before: CpuTime): CpuTime {
  return less(cpuTimeOfAll(pid), before)
}

/** The same of the threads of one process, by their names. */
export function cpuTimeOfThreads(pid: number): ReadonlyMap<string, CpuTime> {
  const times = new Map<string, CpuTime>()
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const folder = `/proc/${pid}/task/${thread}`
    const name = readFileSync(`${folder}/comm`, 'latin1').trim()
    const { user, system } = times.get(name) ?? { user: 0, system: 0 }
    const more = timeIn(`${folder}/stat`)
    times.set(name, { user: user + more.user, system: system + more.system })
  }
  return times
}

/** Memory of a process and all below it in MB (10^6 octets); what they share is counted once (PSS). */
export function memoryMb(pid: number): number {
  const kib = withDescendants(pid).map((one) => {
    const [, pss] = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${one}/smaps_rollup`, 'latin1')) ?? []
    return Number(pss)
  })
  return (kib.reduce((sum, one) => sum + one, 0) * 1024) / 1e6
}

export function withDescendants(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim()
  return [pid, ...(children === '' ? [] : children.split(' ').flatMap((child) => withDescendants(Number(child))))]
}

/** Starts a command on one CPU, so that server and client do not share a core, or on those of a list as `0,1`. */
export function startOn(cpu: number | string, command: string, args: readonly string[]): ChildProcess {
  return spawn('taskset', ['-c', String(cpu), command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
}

/** The responder, as `npm run responder` and its image start it, on these CPUs. */
export function startResponderOn(cpus: number | string, args: readonly string[]): ChildProcess {
  const main = join(import.meta.dirname, '../responder/main.ts')
  return startOn(cpus, 'env', [...SETTINGS, process.execPath, main, ...args])
}

const SETTINGS = ['MALLOC_ARENA_MAX=2', 'NODE_OPTIONS=--max-semi-space-size=1']

/** The same of a responder that is told things by messages. What it complains of is shown. */
export function startTold(cpus: string, program: string, args: readonly string[], flags: readonly string[] = []) {
  const command = ['-c', cpus, 'env', ...SETTINGS, process.execPath, ...flags, program, ...args]
  return spawn('taskset', command, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
}

/** Resolves at the line `ready` on standard output; rejects with what the process said if it ends before. */
export async function ready(child: ChildProcess): Promise<void> {
  let said = ''
  child.stderr?.on('data', (chunk) => {
    said = (said + chunk).slice(-2000)
  })
  if (!child.stdout) throw new Error('the child has no standard output')
  const lines = createInterface({ input: child.stdout })
  for await (const line of lines) if (line === 'ready') return
  throw new Error(`the process ended before it was ready:\n${said}`)
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

// ---------------------------------------------------------------------------

function timeIn(file: string): CpuTime {
  const stat = readFileSync(file, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ') // the command name may hold blanks
  return { user: Number(fields[11]) / TICKS_PER_SECOND, system: Number(fields[12]) / TICKS_PER_SECOND }
}

function less(now: CpuTime, before: CpuTime): CpuTime {
  return { user: now.user - before.user, system: now.system - before.system }
}
