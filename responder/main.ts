/** What `npm run responder` does. */
import { parseOptions, USAGE } from './options.ts'
import { run, say } from './process.ts'
import { serve } from './serve.ts'
import type { Settings } from './settings.ts'
import type { Source } from './sources/source.ts'

await run(async () => {
  const { help, settings } = parseOptions(process.argv.slice(2))
  if (help) process.stdout.write(USAGE)
  else await serve({ read: settings, followTables })
})

// ---------------------------------------------------------------------------

async function followTables({ intervalMs }: Settings): Promise<Source> {
  const { dynamoDbChangeLog } = await import('./sources/dynamodb.ts') // the SDK takes time and memory: only where it is used
  try {
    return dynamoDbChangeLog({ intervalMs, tell: say })
  } catch (cause) {
    throw new Error(`without --zone, ${(cause as Error).message}`, { cause })
  }
}
