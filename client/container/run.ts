import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { setTimeout as later } from 'node:timers/promises'
import { type Client, createClient } from '../client.ts'
import type { Environment } from '../credentials.ts'
import { findPlace } from './address.ts'
import { watchHealth } from './health.ts'
import { createPresence, type Presence } from './presence.ts'
import { readSettings, type Settings, USAGE } from './settings.ts'

/**
 * Registers this container while its command runs, or without one until a signal. A signal that ends withdraws the name
 * first, and then goes on to the command; a second one goes on at once. Gives the exit code: that of the command.
 */
export async function run(args: readonly string[], environment: Environment): Promise<number> {
  if (args[0] === '--help') return print(USAGE, 0)
  const words = args[0] === '--' ? args.slice(1) : args
  process.stderr.on('error', () => {}) // whoever reads the messages may be gone
  let settings: Settings
  let client: Client
  try {
    settings = readSettings(environment)
    client = createClient({ ...settings, environment })
  } catch (error) {
    return print(`namestream: ${(error as Error).message}; --help tells the settings\n`, 2)
  }

  const ending = new AbortController()
  const presence = createPresence({
    client,
    settings,
    findPlace: () => findPlace(settings.addresses, environment),
    say,
  })
  const begin = () => {
    if (settings.health) watchHealth(settings.health, onHealth, ending.signal)
    else presence.set(true)
  }
  const onHealth = (well: boolean) => {
    say(well ? 'the command is well' : 'the command is not well')
    presence.set(well)
  }
  const end = () => {
    ending.abort()
    return presence.end()
  }
  const [command, ...rest] = words
  if (command === undefined) return await untilSignal({ begin, end })
  return await untilExit(start(command, rest, environment), { begin, end, drainMs: settings.drainMs })
}

// ---------------------------------------------------------------------------

interface Life {
  begin(): void
  readonly end: Presence['end']
}

const ENDING = ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const
const PASSED_ON = ['SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH', 'SIGCONT'] as const

async function untilSignal({ begin, end }: Life): Promise<number> {
  const alive = setInterval(() => {}, 2 ** 30) // what renews does not keep the process
  const signalled = new Promise((resolve) => {
    for (const signal of ENDING) process.on(signal, resolve)
  })
  begin()
  await signalled
  await end()
  clearInterval(alive)
  return 0
}

async function untilExit(child: ChildProcess, { begin, end, drainMs }: Life & { drainMs: number }): Promise<number> {
  let withdrawing: AbortController | undefined
  for (const signal of PASSED_ON) process.on(signal, () => child.kill(signal))
  for (const signal of ENDING)
    process.on(signal, async () => {
      if (withdrawing) {
        withdrawing.abort()
        child.kill(signal)
        return
      }
      withdrawing = new AbortController()
      const inTime = withdrawing.signal
      await end()
      await later(drainMs, undefined, { signal: inTime }).catch(() => {})
      if (!inTime.aborted) child.kill(signal)
    })
  return new Promise((resolve) => {
    child.once('spawn', begin)
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (child.pid !== undefined) return // it runs, but a signal could not be passed on
      const code = error.code === 'ENOENT' ? 127 : 126 // as shells have it
      resolve(print(`namestream: cannot run ${child.spawnfile}: ${error.code}\n`, code))
    })
    child.once('exit', async (code, signal) => {
      withdrawing?.abort() // nobody is left to be given time
      await end()
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0))
    })
  })
}

/** The token is for this program only. */
function start(command: string, args: readonly string[], environment: Environment): ChildProcess {
  const { NAMESTREAM_TOKEN: _, ...env } = environment
  return spawn(command, args, { stdio: 'inherit', env })
}

function say(line: string): void {
  process.stderr.write(`namestream: ${line}\n`)
}

function print(text: string, code: number): number {
  process.stderr.write(text)
  return code
}
