import { setTimeout as pause } from 'node:timers/promises'
import { dynamoDbClient } from '../shared/aws/client.ts'
import { dynamoDbMirrorStore } from '../shared/aws/mirror-store.ts'
import { dynamoDbNameStore } from '../shared/aws/name-store.ts'
import { dynamoDbPaceStore } from '../shared/aws/pace-store.ts'
import { awsRoute53 } from '../shared/aws/route53.ts'
import { route53Client } from '../shared/aws/route53-client.ts'
import { dynamoDbZoneStore } from '../shared/aws/zone-store.ts'
import { createPace, requestsPerSecond } from '../shared/mirror/pace.ts'
import { NamingError } from '../shared/records/faults.ts'
import { completeEnvironment, enterEnvironment, TABLES } from './environment.ts'
import { openDnsClient } from './verify/dns-client.ts'
import { parseVerifyOptions, USAGE, type VerifyOptions } from './verify/options.ts'
import { type Verdict, verify } from './verify/verify.ts'

const LOOKS = 5
const LOOK_MS = 2000

try {
  const options = parseVerifyOptions(process.argv.slice(2))
  if (options === undefined) process.stdout.write(USAGE)
  else process.exitCode = await run(options)
} catch (error) {
  process.stderr.write(`verify-mirror: ${(error as Error).message.split('\n', 1)[0]}\n`)
  process.exitCode = 1
}

// ---------------------------------------------------------------------------

/** Prints what is found; gives the exit code. While names are on their way to Route 53, it looks again for a while. */
async function run({ dns: server, dynamoDb, route53 }: VerifyOptions): Promise<number> {
  enterEnvironment({ dynamoDb, route53 })
  if (route53.own) await completeEnvironment((line) => process.stderr.write(`verify-mirror: ${line}\n`))
  const client = dynamoDbClient()
  const dns = await openDnsClient(server)
  const parts = {
    names: dynamoDbNameStore(client, TABLES.names),
    zones: dynamoDbZoneStore(client, TABLES.zones),
    store: dynamoDbMirrorStore(client, TABLES.mirror),
    route53: awsRoute53(route53Client()),
    pace: createPace(dynamoDbPaceStore(client, TABLES.mirror), requestsPerSecond(process.env), Date.now, pause),
    dns,
  }
  try {
    let verdict = await verify(parts)
    for (let looks = 1; verdict.differences.length > 0 && verdict.waiting > 0 && looks < LOOKS; looks++) {
      await pause(LOOK_MS)
      verdict = await verify(parts)
    }
    process.stdout.write(described(verdict))
    return verdict.differences.length === 0 ? 0 : 1
  } catch (error) {
    if (!isOfDynamoDb(error)) throw error
    throw new Error(`DynamoDB at ${dynamoDb} does not answer as it should: does the stack run there?`, { cause: error })
  } finally {
    dns.close()
  }
}

/** Out of reach, without our tables, or no DynamoDB at all; what Route 53 answers is told by who asks it. */
function isOfDynamoDb(error: unknown): boolean {
  return (
    error instanceof NamingError || error instanceof SyntaxError || (error instanceof Error && '$metadata' in error)
  )
}

function described({ names, rrsets, foreign, waiting, quarantined, differences }: Verdict): string {
  const agree = differences.length === 0
  const verdict = agree ? 'agree' : `differ in ${plural(differences.length, 'point')}`
  const set = quarantined.length
  return [
    ...differences,
    ...quarantined,
    ...(foreign > 0 ? [`foreign: ${plural(foreign, 'record set')} of somebody else in Route 53, left alone`] : []),
    ...(waiting > 0 && !agree ? [`${plural(waiting, 'name')} on the way to Route 53: ask again in a moment`] : []),
    `${plural(names, 'name')}, ${plural(rrsets, 'RRset')}: the responder and Route 53 ${verdict}${set > 0 ? `, but for ${set} in quarantine` : ''}`,
    '',
  ].join('\n')
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
