/** What the entries of the responder have in common: signals, what is said where, exit codes. */
import { closeSync, openSync } from 'node:fs'
import { isatty } from 'node:tty'
import type { QueryLog } from './log/buffer.ts'

/** Runs the process. What goes wrong before it serves is one line and exit code 1. */
export async function run(main: () => Promise<void>): Promise<void> {
  for (const signal of SIGNALS) process.on(signal, endAtOnce)
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {}) // a log that nobody reads any more
  try {
    await main()
  } catch (error) {
    say((error as Error).message.split('\n', 1)[0] ?? '') // parseArgs adds advice in further lines
    process.exit(1)
  }
}

/** At a signal to end, `stop` and then the end, with what was told until then written; at once at the second. */
export function endWith(stop: () => Promise<void>): void {
  const leave = () => {
    for (const signal of SIGNALS) process.off(signal, leave).on(signal, endAtOnce)
    void stop().then(() => {
      setTimeout(endAtOnce, FLUSH_MS) // a reader that does not read keeps nobody from leaving
      process.stdout.write('', endAtOnce)
    })
  }
  for (const signal of SIGNALS) process.off(signal, endAtOnce).on(signal, leave)
}

/** At SIGHUP, `look`; but if it tells that the terminal is gone which this process was started on, the end. */
export function atHangUp(look: () => void): void {
  const onTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor))
  process.on('SIGHUP', () => (onTerminal && !hasTerminal() ? process.kill(process.pid, 'SIGTERM') : look()))
}

/** What the user wants to know, and what goes wrong. */
export function say(line: string): void {
  process.stderr.write(`responder: ${line}\n`)
}

/** What other programs read. */
export function tell(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** The same for the query log, which comes as fast as it is written. */
export const writeLog: QueryLog = (lines, written) => {
  process.stdout.write(lines, () => written())
}

// ---------------------------------------------------------------------------

const SIGNALS = ['SIGTERM', 'SIGINT'] as const
const FLUSH_MS = 500

function endAtOnce(): void {
  process.exit(0)
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}
