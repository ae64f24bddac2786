import { formatEndpoint } from './listeners/endpoint.ts'
import { type CliOptions, parseOptions, USAGE } from './options.ts'
import { startResponder } from './responder.ts'
import type { Source } from './sources/source.ts'
import { zoneFiles } from './sources/zone-files.ts'

const SIGNALS = ['SIGTERM', 'SIGINT'] as const

for (const signal of SIGNALS) process.on(signal, endAtOnce)
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {}) // a log that nobody reads any more
try {
  const options = parseOptions(process.argv.slice(2))
  if (options.help) process.stdout.write(USAGE)
  else await serve(options)
} catch (error) {
  say((error as Error).message.split('\n', 1)[0] ?? '') // parseArgs adds advice in further lines
  process.exit(1)
}

// ---------------------------------------------------------------------------

async function serve(options: CliOptions): Promise<void> {
  const source = await createSource(options)
  const responder = await startResponder({ ...options, source, log: say })
  const leave = () => void responder.stop().then(() => process.exit(0))
  for (const signal of SIGNALS) process.off(signal, endAtOnce).on(signal, leave)
  const began = Date.now()
  const progress = setInterval(() => {
    const seconds = Math.round((Date.now() - began) / 1000)
    say(`${source.status().loading ?? 'filling the workers'} (${seconds} s)`)
  }, 1000)
  const bound = await responder.ready.finally(() => clearInterval(progress))
  for (const endpoint of bound) process.stdout.write(`DNS over UDP and TCP: ${formatEndpoint(endpoint)}\n`)
  if (responder.control !== undefined) {
    process.stdout.write(`health, ready, metrics: http://${formatEndpoint(responder.control)}\n`)
  }
  process.stdout.write('ready\n')
}

async function createSource({ zones, intervalMs }: CliOptions): Promise<Source> {
  if (zones.length > 0) return zoneFiles(zones)
  const { dynamoDbChangeLog } = await import('./sources/dynamodb.ts') // the SDK takes time and memory: only where it is used
  try {
    return dynamoDbChangeLog({ intervalMs, tell: say })
  } catch (cause) {
    throw new Error(`without --zone, ${(cause as Error).message}`, { cause })
  }
}

function endAtOnce(): void {
  process.exit(0)
}

function say(line: string): void {
  process.stderr.write(`responder: ${line}\n`)
}
