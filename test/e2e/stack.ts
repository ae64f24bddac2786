import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Endpoint, parseEndpoint } from '../../responder/listeners/endpoint.ts'
import { eventually } from '../eventually.ts'

/** A stack that runs as a user starts it: `run.mjs` below this process, on ports that the system chose. */
export interface RunningStack {
  readonly child: ChildProcess
  /** Where requests go, without path. */
  readonly http: string
  readonly dns: Endpoint
  readonly health: string
  readonly dynamoDb: string
  readonly route53: string
  readonly stdout: () => string
  readonly stderr: () => string
  /** Sends the signal to `run.mjs` alone and waits for its end; gives the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export const ANY_PORTS = ['--http', '--dns', '--health', '--route53'].flatMap((option) => [option, '127.0.0.1:0'])

/** Starts a stack and waits for its line `ready`; it ends with the test file at the latest. */
export function startStack(...args: string[]): Promise<RunningStack> {
  return startStackIn(process.env, ...args)
}

/** The same in an environment of one's own. */
export async function startStackIn(env: NodeJS.ProcessEnv, ...args: string[]): Promise<RunningStack> {
  const stack = launch([...ANY_PORTS, ...args], { env })
  await stack.says('stdout', /^ready$/m)
  const printed = (label: string) => new RegExp(`^ +${label} +([^\\s,]+)`, 'm').exec(stack.stdout())?.[1] ?? ''
  return {
    ...stack,
    http: new URL(printed('registration')).origin,
    dns: parseEndpoint(printed('DNS')),
    health: new URL(printed('health')).origin,
    dynamoDb: printed('DynamoDB'),
    route53: printed('Route 53'),
  }
}

/** Runs a stack that ends by itself. */
export async function runStack(args: readonly string[], options: Launch = {}): Promise<Ended> {
  const { child, stdout, stderr } = launch(args, options)
  const [code] = await once(child, 'close')
  return { code, stdout: stdout(), stderr: stderr() }
}

export interface Launch {
  /** Instead of this Node and `run.mjs local/main.ts`. */
  readonly command?: readonly [string, ...string[]]
  readonly env?: NodeJS.ProcessEnv
}

/** Starts a stack; it ends with the test file at the latest. */
export function launch(args: readonly string[], { command = COMMAND, env: chosen = process.env }: Launch = {}) {
  const { NODE_TEST_CONTEXT: _, ...env } = chosen
  const [program, ...first] = command
  const child = spawn(program, [...first, ...args], { env, cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text) => {
      said[name] += text
    })
  }
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null) {
      const closed = once(child, 'close')
      child.kill(signal)
      await closed
    }
    return child.exitCode
  }
  after(() => stop())
  /** Resolves once the output matches; rejects if the process ends before. */
  const says = (name: 'stdout' | 'stderr', pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => pattern.test(said[name]) && resolve()
      child[name].on('data', look)
      child.once('close', (code) => reject(new Error(`it ended with ${code}:\n${said.stderr}`)))
      look()
    })
  return { child, stdout: () => said.stdout, stderr: () => said.stderr, stop, says }
}

/** Runs `npm run verify-mirror`. */
export function verifyMirror(...args: string[]): Promise<Ended> {
  return runStack(args, { command: [process.execPath, `${ROOT}run.mjs`, 'local/verify-mirror.ts'] })
}

/** Runs `npm run access`. */
export function runAccess(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Ended> {
  return runStack(args, { command: [process.execPath, `${ROOT}run.mjs`, 'local/access.ts'], env })
}

/** Runs `npm run functions`. */
export function runFunctions(...args: string[]): Promise<Ended> {
  return runStack(args, { command: [process.execPath, `${ROOT}run.mjs`, 'local/functions.ts'] })
}

/** The processes below one, all generations. */
export function descendants(pid: number | undefined): number[] {
  const parents = new Map<number, number[]>()
  for (const entry of readdirSync('/proc')) {
    const parent = /^\d+$/.test(entry) ? parentOf(entry) : undefined
    if (parent !== undefined) parents.set(parent, [...(parents.get(parent) ?? []), Number(entry)])
  }
  const below = (one: number): number[] => (parents.get(one) ?? []).flatMap((child) => [child, ...below(child)])
  return below(pid ?? -1)
}

/** Waits until none of the processes is left; fails if some stay. */
export async function gone(pids: readonly number[]): Promise<void> {
  assert.ok(pids.length > 0, 'there were processes')
  await eventually(() =>
    assert.deepEqual(
      pids.map(commandOf).filter((command) => command !== ''),
      [],
    ),
  )
}

/** Sends a record to the stack's dynapi as curl does; gives the status and the body. */
export async function put(stack: RunningStack, record: Readonly<Record<string, unknown>>): Promise<string> {
  const response = await fetch(`${stack.http}/dynapi`, { method: 'PUT', body: JSON.stringify(record) })
  return `${response.status} ${await response.text()}`
}

// ---------------------------------------------------------------------------

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const COMMAND = [process.execPath, `${ROOT}run.mjs`, 'local/main.ts'] as const

function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return undefined // it has ended meanwhile
  }
}

/** Empty for a process that has ended, whether its parent has heard of that or not. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}
