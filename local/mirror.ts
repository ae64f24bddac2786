import { setTimeout as pause } from 'node:timers/promises'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { SEGMENTS_ONLY } from '../shared/aws/change-log.ts'
import { awsHostedZones } from '../shared/aws/hosted-zones.ts'
import { askMirrorFunction, mirrorFunction } from '../shared/aws/invoke.ts'
import { dynamoDbMirrorStore } from '../shared/aws/mirror-store.ts'
import { dynamoDbPaceStore } from '../shared/aws/pace-store.ts'
import { route53Client } from '../shared/aws/route53-client.ts'
import type { Name } from '../shared/dns/name.ts'
import type { HostedZoneId } from '../shared/mirror/model.ts'
import { createPace, requestsPerSecond } from '../shared/mirror/pace.ts'
import type { HostedZoneRegistry, MirrorStore } from '../shared/mirror/ports.ts'
import type { MirrorTask } from '../shared/mirror/task.ts'
import type { ZoneStore } from '../shared/records/ports.ts'
import { TABLES } from './environment.ts'
import { faultWatch } from './fault-watch.ts'
import { startFeed } from './feed.ts'
import { keepLinking } from './keep-linking.ts'
import { invoke, type LocalFunction } from './lambda.ts'
import { linkZones } from './linking.ts'
import type { Figures } from './metrics/figures.ts'
import { startSchedule } from './schedule.ts'
import { telling } from './telling.ts'

export interface LocalMirrorOptions {
  readonly client: DynamoDBClient
  readonly zones: ZoneStore
  /** Where the Lambda endpoint finds functions: this one adds its own. */
  readonly functions: Map<string, LocalFunction>
  /** True if the user's own Route 53 is asked: hosted zones may cost money there, so each that is created is told. */
  readonly own: boolean
  readonly data: string | undefined
  readonly figures: Figures
  readonly tell: (line: string) => void
}

export interface LocalMirror {
  readonly hostedZones: ReadonlyMap<Name, HostedZoneId>
  readonly api: LocalFunction
  stop(): Promise<void>
}

/**
 * Starts what mirrors names to Route 53: links the zones, feeds the change log to mirror-feed, invokes the mirror every so
 * often. The functions read their environment when they are loaded, so it must be complete.
 */
export async function startMirror(options: LocalMirrorOptions): Promise<LocalMirror> {
  const { client, zones, functions, own, data, figures, tell } = options
  const { handler: mirror } = await import('../functions/mirror/handler.ts')
  const { handler: feed } = await import('../functions/mirror-feed/handler.ts')
  const { handler: api } = await import('../functions/mirror-api/handler.ts')
  const mirrorFn = telling(figures.measured({ name: 'mirror', handler: mirror, timeoutMs: 300_000 }), tell)
  functions.set(mirrorFunction(), mirrorFn)

  const store = dynamoDbMirrorStore(client, TABLES.mirror)
  await forgetHolders(zones, store)
  const ask = askMirrorFunction(mirrorFunction())
  const registry = awsHostedZones(route53Client())
  const pace = createPace(dynamoDbPaceStore(client, TABLES.mirror), requestsPerSecond(process.env), Date.now, pause)
  const parts = { zones, registry: own ? tellingCreations(registry, tell) : registry, pace, now: Date.now, tell }
  const linking = await keepLinking({
    link: () => linkZones(parts),
    linked: () => void ask({ task: 'reconcile' }).catch((error: Error) => tell(`mirror: not asked: ${error.message}`)),
    tell,
  })
  const stream = await startFeed({
    table: TABLES.changelog,
    fn: figures.measured({ name: 'mirror-feed', handler: feed, timeoutMs: 30_000 }),
    filter: SEGMENTS_ONLY,
    data,
    log: tell,
    gaveUp: () => figures.gaveUp('mirror-feed'),
  })
  const look = faultWatch({ zones, store, tell: (line) => tell(`mirror: ${line}`) })
  const every = (everyMs: number, task: MirrorTask) =>
    startSchedule({ everyMs, run: () => invoke(mirrorFn, task).finally(look) })
  const schedules = [every(DRAIN_MS, { task: 'drain' }), every(RECONCILE_MS, { task: 'reconcile' })]
  return {
    hostedZones: linking.links.hostedZones,
    api: figures.measured({ name: 'mirror-api', handler: api, timeoutMs: 29_000 }),
    async stop() {
      await Promise.all([linking, stream, ...schedules].map((part) => part.stop()))
    },
  }
}

// ---------------------------------------------------------------------------

const DRAIN_MS = 10_000 // on AWS every minute
const RECONCILE_MS = 3600_000

/**
 * Nobody else works on these tables, so a lease that is still there is that of an earlier stack which did not live to give
 * it back. And what a hosted zone would not take then may have been mended by the new start.
 */
async function forgetHolders(zones: ZoneStore, store: MirrorStore): Promise<void> {
  for (const { hostedZone } of await zones.list()) {
    const state = hostedZone === undefined ? undefined : await store.state(hostedZone)
    if (hostedZone === undefined || state === undefined) continue
    if (state.lease !== undefined) await store.release(hostedZone, state.lease.holder, state.wake)
    if (state.fault !== undefined) await store.note(hostedZone, { fault: undefined })
  }
}

function tellingCreations(registry: HostedZoneRegistry, tell: (line: string) => void): HostedZoneRegistry {
  return {
    ...registry,
    async create(zone) {
      const id = await registry.create(zone)
      tell(`${zone}: created the hosted zone ${id}`)
      return id
    },
  }
}
