import { join } from 'node:path'
import type { Endpoint } from '../responder/listeners/endpoint.ts'
import { type Responder, startResponder } from '../responder/responder.ts'
import { changeLog } from '../responder/sources/change-log.ts'
import { dynamoDbChangeLogReader } from '../shared/aws/change-log.ts'
import { dynamoDbClient } from '../shared/aws/client.ts'
import { createTables } from '../shared/aws/create-tables.ts'
import { dynamoDbNameStore } from '../shared/aws/name-store.ts'
import { dynamoDbRegistrationStore } from '../shared/aws/registration-store.ts'
import { dynamoDbZoneStore } from '../shared/aws/zone-store.ts'
import type { Name } from '../shared/dns/name.ts'
import type { HostedZoneId } from '../shared/mirror/model.ts'
import { newZone } from '../shared/records/new-zone.ts'
import { createDashboard } from './dashboard/dashboard.ts'
import { PROJECT_DATA } from './data-folder.ts'
import { keepDynamoDb } from './database.ts'
import { completeEnvironment, enterEnvironment, ownRoute53, type Route53Address, TABLES } from './environment.ts'
import { startFeed } from './feed.ts'
import { lockFolder } from './folder-lock.ts'
import { keepFunctionLog } from './function-log.ts'
import { type NamedFunctions, nameFunctions } from './functions/named.ts'
import { startHttpFront } from './http/front.ts'
import type { HttpServing } from './http/serving.ts'
import { findJava } from './java.ts'
import type { LocalFunction } from './lambda.ts'
import { startLambdaEndpoint } from './lambda-endpoint.ts'
import { feedsOf, localDeployed } from './metrics/deployed.ts'
import { Figures } from './metrics/figures.ts'
import { REPORT_MS } from './metrics/reports.ts'
import { startMirror } from './mirror.ts'
import type { Options } from './options.ts'
import { freePorts } from './ports.ts'
import { startProbe } from './probe.ts'
import { startRegistrations } from './registrations.ts'
import { startRoute53 } from './route53/route53.ts'
import type { Shutdown } from './shutdown.ts'
import { DelayQueue } from './sqs/delay-queue.ts'
import { queueUrl, startSqs } from './sqs/server.ts'
import { reachable } from './stack-file.ts'

/** Where the parts of a running stack are. */
export interface Stack {
  readonly http: Endpoint
  readonly dns: Endpoint
  readonly health: Endpoint
  /** True if callers have to show a token. */
  readonly auth: boolean
  /** URL of DynamoDB Local. */
  readonly dynamoDb: string
  /** Undefined if nothing is mirrored. */
  readonly route53: (Route53Address & { readonly hostedZones: ReadonlyMap<Name, HostedZoneId> }) | undefined
  readonly zones: readonly Name[]
  /** Undefined if there are no functions to call. */
  readonly functions: NamedFunctions | undefined
  /** File with what the functions have to say. */
  readonly functionLog: string
}

/**
 * Starts all parts, in the order in which they need each other. `tell` hears, line by line, what is being done and, as
 * long as the stack runs, what goes wrong. Rejects with an Error of one line if a part cannot be started.
 */
export async function startStack(options: Options, shutdown: Shutdown, tell: Tell): Promise<Stack> {
  const { data } = options
  const figures = new Figures(feedsOf(options))
  const own = options.mirror ? ownRoute53() : undefined
  const ports = await freePorts(options, options.mirror && own === undefined)
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
  const functions = new Map<string, LocalFunction>()
  const lambda = await shutdown.part(
    () => startLambdaEndpoint({ functions, log: (line) => tell(`lambda: ${line}`) }),
    (part) => part.stop(),
  )
  const timers = new DelayQueue({ name: 'leases', gaveUp: () => figures.gaveUp('leases') })
  const sqs = await shutdown.part(
    () => startSqs({ queues: [timers], log: (line) => tell(`sqs: ${line}`) }),
    (part) => part.stop(),
  )
  const route53 =
    own ?? (ports.route53 && (await emulateRoute53(ports.route53, options.route53 !== undefined, data, shutdown, tell)))
  enterEnvironment({
    dynamoDb: database.endpoint,
    lambda: lambda.url,
    sqs: { url: sqs.url, leases: queueUrl(sqs.url, timers.name) },
    route53,
    auth: options.auth,
  })
  if (own !== undefined) await completeEnvironment(tell)
  const client = dynamoDbClient()
  await createTables(client, TABLES)
  const zones = dynamoDbZoneStore(client, TABLES.zones)
  for (const zone of options.zones) await zones.add(newZone(zone))

  const dashboard = createDashboard(figures, tell)
  tell('starting the responder ...')
  const told = (line: string) => tell(`responder: ${line}`)
  const log = dynamoDbChangeLogReader(client, TABLES.changelog)
  const names = dynamoDbNameStore(client, TABLES.names)
  const source = changeLog({ log, names, zones, tell: told, intervalMs: POLL_MS })
  const responder = await shutdown.part(
    () =>
      startResponder({
        source,
        dns: [options.dns],
        control: ports.health,
        further: dashboard,
        reports: { intervalMs: REPORT_MS, write: (line) => figures.report(line) },
        log: told,
      }),
    (part) => part.stop(),
  )
  const [dns = options.dns] = await whenReady(responder, () => told(source.status().loading ?? 'opening the ports'))

  // The functions read their environment when they are loaded.
  const functionLog = join(data ?? PROJECT_DATA, 'functions.log')
  keepFunctionLog(functionLog, (line) => figures.printed(line))
  const { handler: sequencer } = await import('../functions/sequencer/handler.ts')
  const { handler: dynapi } = await import('../functions/dynapi/handler.ts')
  const { handler: authorizer } = await import('../functions/authorizer/handler.ts')
  if (route53) tell('starting the mirror ...')
  const mirror =
    route53 &&
    (await shutdown.part(
      () => startMirror({ client, zones, functions, own: route53.own, data, figures, tell }),
      (part) => part.stop(),
    ))
  await shutdown.part(
    () =>
      startFeed({
        table: TABLES.names,
        fn: figures.measured({ name: 'sequencer', handler: sequencer, timeoutMs: 30_000 }),
        data,
        log: tell,
        gaveUp: () => figures.gaveUp('sequencer'),
      }),
    (part) => part.stop(),
  )
  const registrations = await shutdown.part(
    () => startRegistrations({ timers, figures, tell }),
    (part) => part.stop(),
  )
  const front = await shutdown.part<HttpServing>(
    () =>
      startHttpFront({
        endpoint: options.http,
        fn: figures.measured({ name: 'dynapi', handler: dynapi, timeoutMs: 10_000 }),
        authorizer: options.auth
          ? figures.measured({ name: 'authorizer', handler: authorizer, timeoutMs: 5_000 })
          : undefined,
        routes: [registrations.route, ...(mirror === undefined ? [] : [{ path: MIRROR_PATH, fn: mirror.api }])],
        log: tell,
        answered: figures.answered,
      }),
    (part) => part.close(),
  )
  const [zone] = options.zones
  const stores = { registrations: dynamoDbRegistrationStore(client, TABLES.registrations), names }
  const given = { functions: options.functions, gateway: ports.gateway, isChosen: options.gateway !== undefined }
  const named =
    zone &&
    (await nameFunctions({ ...given, zone, stores, lambda: lambda.url, known: functions, figures, shutdown, tell }))
  if (options.probe && zone !== undefined) {
    const hostedZone = mirror?.hostedZones.get(zone)
    const probed = { zone, http: front.endpoint, dns: reachable(dns), hostedZone, functions, figures, tell }
    await shutdown.part(
      () => startProbe(probed),
      (part) => part.stop(),
    )
  }
  const served = (await zones.list()).map(({ zone }) => zone)
  await shutdown.part(
    async () =>
      dashboard.start(
        localDeployed({
          auth: options.auth,
          mirror: mirror !== undefined,
          zones: served,
          probe: options.probe,
          functions: named !== undefined,
        }),
      ),
    async () => dashboard.stop(),
  )
  return {
    http: front.endpoint,
    auth: options.auth,
    dns,
    health: responder.control ?? ports.health,
    dynamoDb: database.endpoint,
    route53: route53 && mirror && { ...route53, hostedZones: mirror.hostedZones },
    zones: served,
    functions: named,
    functionLog,
  }
}

// ---------------------------------------------------------------------------

type Tell = (line: string) => void

const DYNAMODB_PATIENCE_MS = 10_000 // it may be starting, or have to be killed in the end

/** Time between two readings of the change log; a deployed responder takes 250 ms. */
const POLL_MS = 100

const MIRROR_PATH = /^\/v1\/zones\/[^/]+\/mirror(\/|$)/

async function emulateRoute53(
  endpoint: Endpoint,
  isChosen: boolean,
  data: string | undefined,
  shutdown: Shutdown,
  tell: Tell,
): Promise<Route53Address> {
  const file = data === undefined ? {} : { file: join(data, 'route53.jsonl') }
  const start = (at: Endpoint) => startRoute53({ endpoint: at, ...file, log: tell })
  const { url } = await shutdown.part(
    // Where it was not asked for, the port may have been taken since it was looked at.
    () => (isChosen ? start(endpoint) : start(endpoint).catch(() => start({ ...endpoint, port: 0 }))),
    (part) => part.stop(),
  )
  return { url, own: false }
}

async function whenReady(responder: Responder, progress: () => void): Promise<readonly Endpoint[]> {
  const timer = setInterval(progress, 1000)
  return responder.ready.finally(() => clearInterval(timer))
}
