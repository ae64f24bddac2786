/** `npm run restore`: brings names back from another table. */
import { setTimeout as pause } from 'node:timers/promises'
import { dynamoDbClient } from '../shared/aws/client.ts'
import { dynamoDbNameStore } from '../shared/aws/name-store.ts'
import { dynamoDbZoneStore } from '../shared/aws/zone-store.ts'
import type { RRsets } from '../shared/records/model.ts'
import { reasonOf } from './reason.ts'
import { carryOut } from './restore/carry-out.ts'
import { parseRestoreOptions, type RestoreOptions, USAGE } from './restore/options.ts'
import { type Change, planRestore } from './restore/plan.ts'
import { findTables } from './which-tables.ts'

try {
  const options = parseRestoreOptions(process.argv.slice(2))
  if (options === undefined) process.stdout.write(USAGE)
  else process.exitCode = await run(options)
} catch (error) {
  tell(reasonOf(error as Error))
  process.exitCode = 1
}

// ---------------------------------------------------------------------------

/** Prints the plan and, if that is asked for, carries it out; gives the exit code. */
async function run({ from, scope, apply, ...whereabouts }: RestoreOptions): Promise<number> {
  const since = Date.now()
  const tables = findTables(whereabouts, ['names', 'zones'])
  if (from === tables.names) throw new Error(`--from: ${from} is what is registered now`)
  const client = dynamoDbClient()
  const target = dynamoDbNameStore(client, tables.names)
  const zones = (await dynamoDbZoneStore(client, tables.zones).list()).map(({ zone }) => zone)
  const unserved = scope.zones?.find((zone) => !zones.includes(zone))
  if (unserved !== undefined) throw new Error(`--zone: ${unserved} is not served`)
  const { changes, same, remarks } = await planRestore(
    { source: dynamoDbNameStore(client, from), target, zones, since },
    scope,
  )
  for (const change of changes) process.stdout.write(described(change))
  for (const remark of remarks) tell(remark)
  tell(`${names(changes.length)} to change, ${names(same)} as they are to be`)
  if (changes.length === 0) return 0
  if (!apply) {
    tell('nothing was written; --apply does it')
    return 0
  }
  const progress = (done: number) => {
    if (done % 1000 === 0 && done > 0) tell(`${names(done)} written ...`)
  }
  const { written, left } = await carryOut(changes, { target, now: Date.now, pause, progress })
  for (const line of left) tell(line)
  tell(`${names(written)} written`)
  return left.length === 0 ? 0 : 1
}

/** The records that go and those that come, as `diff` marks them. */
function described({ name, before, after }: Change): string {
  const gone = linesOf(before)
  const come = linesOf(after)
  const lines = [
    ...gone.filter((line) => !come.includes(line)).map((line) => `- ${name} ${line}\n`),
    ...come.filter((line) => !gone.includes(line)).map((line) => `+ ${name} ${line}\n`),
  ]
  return lines.join('')
}

function linesOf(rrsets: RRsets): string[] {
  return Object.entries(rrsets).flatMap(([type, { ttl, rdata }]) => rdata.map((one) => `${ttl} ${type} ${one}`))
}

function names(count: number): string {
  return `${count} name${count === 1 ? '' : 's'}`
}

function tell(line: string): void {
  process.stderr.write(`restore: ${line}\n`)
}
