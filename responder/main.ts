import { formatEndpoint } from './listeners/endpoint.ts'
import { type CliOptions, parseOptions, USAGE } from './options.ts'
import { type Responder, startResponder } from './responder.ts'
import type { Source } from './sources/source.ts'
import { zoneFiles } from './sources/zone-files.ts'

const options = readOptions()
if (options.help) {
  process.stdout.write(USAGE)
  process.exit(0)
}
const source = zoneFiles(options.zones)
await run(source).catch(fail)

// ---------------------------------------------------------------------------

async function run(source: Source): Promise<void> {
  const responder = await startResponder({ ...options, source, log: say })
  const signals = ['SIGTERM', 'SIGINT'] as const
  for (const signal of signals) process.once(signal, () => void leave(responder))
  const progress = setInterval(() => say(source.status().loading ?? 'opening the listeners'), 1000)
  const bound = await responder.ready.finally(() => clearInterval(progress))
  for (const endpoint of bound) process.stdout.write(`DNS over UDP and TCP on ${formatEndpoint(endpoint)}\n`)
  if (responder.control)
    process.stdout.write(`health, ready and metrics on http://${formatEndpoint(responder.control)}\n`)
  process.stdout.write('ready\n')
}
