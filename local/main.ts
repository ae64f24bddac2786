import { parseOptions, USAGE } from './options.ts'
import { Shutdown } from './shutdown.ts'
import { startStack } from './stack.ts'
import { addressesOf, writeStackFile } from './stack-file.ts'
import { welcome } from './welcome.ts'

const SAME_SIGNAL_MS = 500

const shutdown = new Shutdown()
let endedAt: number | undefined

for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {}) // nobody reads any more
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
process.on('disconnect', end) // of whoever started this process, and is gone

try {
  const options = parseOptions(process.argv.slice(2))
  if (options.help) {
    process.stdout.write(USAGE)
    process.exit(0)
  }
  const stack = await startStack(options, shutdown, tell)
  const { data } = options
  if (data !== undefined)
    await shutdown.part(
      async () => writeStackFile(data, addressesOf(stack)),
      async (remove) => remove(),
    )
  process.stdout.write(welcome(stack, data))
} catch (error) {
  if (endedAt === undefined) await fail(error as Error) // else it failed because its parts are being ended
}

// ---------------------------------------------------------------------------

/** The first signal ends all parts in order, a second one ends the process. One Ctrl-C may arrive in several ways. */
function end(): void {
  const now = performance.now()
  if (endedAt === undefined) {
    endedAt = now
    void shutdown.endAll().then(() => process.exit(0))
  } else if (now - endedAt > SAME_SIGNAL_MS) {
    process.exit(0)
  }
}

async function fail(error: Error): Promise<void> {
  tell(error.message.split('\n', 1)[0] ?? '')
  await shutdown.endAll()
  process.exit(1)
}

function tell(line: string): void {
  process.stderr.write(`namestream: ${line}\n`)
}
