import { type CliOptions, parseOptions, USAGE } from './options.ts'
import { run, say, serve } from './process.ts'
import type { Source } from './sources/source.ts'
import { zoneFiles } from './sources/zone-files.ts'

await run(async () => {
  const options = parseOptions(process.argv.slice(2))
  if (options.help) process.stdout.write(USAGE)
  else await serve({ ...options, source: await createSource(options) })
})

// ---------------------------------------------------------------------------

async function createSource({ zones, intervalMs }: CliOptions): Promise<Source> {
  if (zones.length > 0) return zoneFiles(zones)
  const { dynamoDbChangeLog } = await import('./sources/dynamodb.ts') // the SDK takes time and memory: only where it is used
  try {
    return dynamoDbChangeLog({ intervalMs, tell: say })
  } catch (cause) {
    throw new Error(`without --zone, ${(cause as Error).message}`, { cause })
  }
}
