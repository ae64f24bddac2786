/** What the entries of the responder have in common: signals, what is said where, exit codes. */
import { formatEndpoint } from './listeners/endpoint.ts'
import type { QueryLog } from './log/buffer.ts'
import { type ResponderOptions, startResponder } from './responder.ts'

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

/** Serves until a signal: then it says that it is not ready, answers for the lameduck time, and ends; at once at the second. */
export async function serve(options: Omit<ResponderOptions, 'log' | 'queryLog'>): Promise<void> {
  const { source } = options
  const queryLog: QueryLog = (lines, written) => process.stdout.write(lines, () => written())
  const responder = await startResponder({ ...options, log: say, queryLog })
  const leave = () => {
    for (const signal of SIGNALS) process.off(signal, leave).on(signal, endAtOnce)
    void responder.stop().then(() => {
      setTimeout(endAtOnce, FLUSH_MS) // a reader that does not read keeps nobody from leaving
      process.stdout.write('', endAtOnce)
    })
  }
  for (const signal of SIGNALS) process.off(signal, endAtOnce).on(signal, leave)
  const began = Date.now()
  const progress = setInterval(() => {
    const seconds = Math.round((Date.now() - began) / 1000)
    const rarely = seconds % 60 === 0 || Number.isInteger(Math.log2(seconds)) // it may take hours, where the store is away
    if (rarely) say(`${source.status().loading ?? 'filling the workers'} (${seconds} s)`)
  }, 1000)
  const bound = await responder.ready.finally(() => clearInterval(progress))
  for (const endpoint of bound) tell(`DNS over UDP and TCP: ${formatEndpoint(endpoint)}`)
  if (responder.control !== undefined) tell(`health, ready, metrics: http://${formatEndpoint(responder.control)}`)
  tell('ready')
}

/** What the user wants to know, and what goes wrong. */
export function say(line: string): void {
  process.stderr.write(`responder: ${line}\n`)
}

/** What other programs read. */
export function tell(line: string): void {
  process.stdout.write(`${line}\n`)
}

// ---------------------------------------------------------------------------

const SIGNALS = ['SIGTERM', 'SIGINT'] as const
const FLUSH_MS = 500

function endAtOnce(): void {
  process.exit(0)
}
