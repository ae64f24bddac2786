import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Endpoint } from '../responder/listeners/endpoint.ts'
import { probe } from '../responder/listeners/listen.ts'
import { type Responder, startResponder } from '../responder/responder.ts'
import { changeLog } from '../responder/sources/change-log.ts'
import { dynamoDbChangeLogReader } from '../shared/aws/change-log.ts'
import { dynamoDbClient } from '../shared/aws/client.ts'
import { createTables } from '../shared/aws/create-tables.ts'
import { dynamoDbNameStore } from '../shared/aws/name-store.ts'
import { dynamoDbZoneStore } from '../shared/aws/zone-store.ts'
import type { Name } from '../shared/dns/name.ts'
import { newZone } from '../shared/records/new-zone.ts'
import { keepDynamoDb } from './database.ts'
import { enterEnvironment } from './environment.ts'
import { startFeed } from './feed.ts'
import { lockFolder } from './folder-lock.ts'
import { keepFunctionLog } from './function-log.ts'
import { type HttpFront, startHttpFront } from './http/front.ts'
import { findJava } from './java.ts'
import type { Options } from './options.ts'
import { probeTcp } from './ports.ts'
import type { Shutdown } from './shutdown.ts'

/** Where the parts of a running stack are. */
export interface Stack {
  readonly http: Endpoint
  readonly dns: Endpoint
  readonly health: Endpoint
  /** URL of DynamoDB Local. */
  readonly dynamoDb: string
  readonly zones: readonly Name[]
  /** File with what the functions have to say. */
  readonly functionLog: string
}

/**
 * Starts all parts, in the order in which they need each other. `tell` hears, line by line, what is being done and, as
 * long as the stack runs, what goes wrong. Rejects with an Error of one line if a part cannot be started.
 */
export async function startStack(options: Options, shutdown: Shutdown, tell: Tell): Promise<Stack> {
  const health = await freePorts(options)
  const { data } = options
  if (data !== undefined)
    await shutdown.part(
      async () => lockFolder(data),
      async (unlock) => unlock(),
    )

  const java = await findJava(PROJECT_DATA, tell)
  tell('starting DynamoDB Local ...')
  const folder = data === undefined ? {} : { data: join(data, 'dynamodb') }
  const database = await shutdown.part(
    () => keepDynamoDb({ java, ...folder }, tell),
    (part) => part.stop(),
    DYNAMODB_PATIENCE_MS,
  )
  const tables = enterEnvironment(database.endpoint)
  const client = dynamoDbClient()
  await createTables(client, tables)
  const zones = dynamoDbZoneStore(client, tables.zones)
  for (const zone of options.zones) await zones.add(newZone(zone))

  tell('starting the responder ...')
  const told = (line: string) => tell(`responder: ${line}`)
  const log = dynamoDbChangeLogReader(client, tables.changelog)
  const names = dynamoDbNameStore(client, tables.names)
  const source = changeLog({ log, names, zones, tell: told, intervalMs: POLL_MS })
  const responder = await shutdown.part(
    () => startResponder({ source, dns: [options.dns], control: health, log: told }),
    (part) => part.stop(),
  )
  const [dns = options.dns] = await whenReady(responder, () => told(source.status().loading ?? 'opening the ports'))

  // The functions read their environment when they are loaded.
  const functionLog = join(data ?? PROJECT_DATA, 'functions.log')
  keepFunctionLog(functionLog)
  const { handler: sequencer } = await import('../functions/sequencer/handler.ts')
  const { handler: dynapi } = await import('../functions/dynapi/handler.ts')
  await shutdown.part(
    () =>
      startFeed({
        table: tables.names,
        fn: { name: 'sequencer', handler: sequencer, timeoutMs: 30_000 },
        data,
        log: tell,
      }),
    (part) => part.stop(),
  )
  const front = await shutdown.part<HttpFront>(
    () =>
      startHttpFront({ endpoint: options.http, fn: { name: 'dynapi', handler: dynapi, timeoutMs: 10_000 }, log: tell }),
    (part) => part.close(),
  )
  return {
    http: front.endpoint,
    dns,
    health: responder.control ?? health,
    dynamoDb: database.endpoint,
    zones: (await zones.list()).map(({ zone }) => zone),
    functionLog,
  }
}

// ---------------------------------------------------------------------------

type Tell = (line: string) => void

/** Where a fetched Java runtime is kept, whatever the data folder. */
const PROJECT_DATA = fileURLToPath(new URL('../.namestream', import.meta.url))

const USUAL_HEALTH: Endpoint = { host: '127.0.0.1', port: 8053 }

const DYNAMODB_PATIENCE_MS = 10_000 // it may be starting, or have to be killed in the end

/** Time between two readings of the change log; a deployed responder takes 250 ms. */
const POLL_MS = 100

/** Makes sure that all ports can be had before anything slow is begun; gives the one for health. */
async function freePorts({ http, dns, health }: Options): Promise<Endpoint> {
  await about('--http', probeTcp(http))
  await about('--dns', probe(dns))
  if (health === undefined) {
    return probeTcp(USUAL_HEALTH).then(
      () => USUAL_HEALTH,
      () => ({ ...USUAL_HEALTH, port: 0 }),
    )
  }
  await about('--health', probeTcp(health))
  return health
}

async function about(option: string, probing: Promise<void>): Promise<void> {
  await probing.catch((error: Error) => {
    throw new Error(`${option}: ${error.message}`, { cause: error })
  })
}

async function whenReady(responder: Responder, progress: () => void): Promise<readonly Endpoint[]> {
  const timer = setInterval(progress, 1000)
  return responder.ready.finally(() => clearInterval(timer))
}
