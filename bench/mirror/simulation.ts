import { createMirror } from '../../functions/mirror/mirror.ts'
import { type Route53Emulator, startRoute53 } from '../../local/route53/route53.ts'
import { awsHostedZones } from '../../shared/aws/hosted-zones.ts'
import { awsRoute53 } from '../../shared/aws/route53.ts'
import { route53Client } from '../../shared/aws/route53-client.ts'
import { canonicalName } from '../../shared/dns/name.ts'
import { memoryMirrorStore, memoryPaceStore } from '../../shared/mirror/memory.ts'
import { createPace } from '../../shared/mirror/pace.ts'
import type { Route53 } from '../../shared/mirror/ports.ts'
import type { MirrorTask } from '../../shared/mirror/task.ts'
import { memoryStore } from '../../shared/records/memory.ts'
import { newZone } from '../../shared/records/new-zone.ts'

/**
 * The mirror on a clock that waits for nobody: what it would wait for is counted, and only its own work takes time. Names
 * are in memory, Route 53 is the emulator behind the real SDK.
 */
export interface Simulation {
  readonly emulator: Route53Emulator
  readonly hostedZone: string
  readonly route53: Route53
  /** Registers `n0`, `n1` and so on, one address each. */
  register(count: number, addressOf?: (i: number) => string): Promise<void>
  run(task: MirrorTask['task']): Promise<Spent>
  stop(): Promise<void>
}

export interface Spent {
  readonly changes: number
  readonly lists: number
  /** Seconds that it would have taken, waits included, and seconds of work. */
  readonly seconds: number
  readonly worked: number
}

const ZONE = canonicalName('mirror.example.org')
const LONG_MS = 24 * 3600_000

export async function startSimulation(): Promise<Simulation> {
  let skipped = 0
  const now = () => Date.now() + skipped
  const pause = async (ms: number) => {
    skipped += ms
  }
  const emulator = await startRoute53({
    endpoint: { host: '127.0.0.1', port: 0 },
    now,
    maxSets: 1_000_000,
    log: () => {},
  })
  Object.assign(process.env, environmentOf(emulator))
  const client = route53Client()
  const route53 = awsRoute53(client)
  const data = memoryStore()
  const store = memoryMirrorStore()
  const hostedZone = await awsHostedZones(client).create(ZONE)
  await data.zones.add(newZone(ZONE))
  await data.zones.link(ZONE, hostedZone)
  const pace = createPace(memoryPaceStore(), 2, now, pause)
  const mirror = createMirror({
    names: data.names,
    zones: data.zones,
    store,
    route53,
    pace,
    now,
    pause,
    report: () => {},
  })

  const run = async (task: MirrorTask['task']): Promise<Spent> => {
    const before = { ...emulator.counts.requests }
    const since = (operation: string) => (emulator.counts.requests[operation] ?? 0) - (before[operation] ?? 0)
    const [startedAt, started] = [now(), performance.now()]
    await mirror({ task }, now() + LONG_MS)
    return {
      changes: since('ChangeResourceRecordSets'),
      lists: since('ListResourceRecordSets'),
      seconds: (now() - startedAt) / 1000,
      worked: (performance.now() - started) / 1000,
    }
  }
  await run('drain') // its first look, at an empty zone
  return {
    emulator,
    hostedZone,
    route53,
    run,
    async register(count, addressOf = (i) => `198.18.${(i >> 8) & 255}.${i & 255}`) {
      const at = now()
      for (let i = 0; i < count; i++) {
        const name = canonicalName(`n${i}.${ZONE}`)
        const rrsets = { A: { ttl: 60, rdata: [addressOf(i)] } }
        await data.names.write({ name, zone: ZONE, version: at, rrsets }, 0)
        await store.mark(hostedZone, [{ name, at }])
      }
      await store.wake(hostedZone, at)
    },
    async stop() {
      client.destroy()
      await emulator.stop()
    },
  }
}

/** The name that `register` gives the ith. */
export function nameOf(i: number) {
  return canonicalName(`n${i}.${ZONE}`)
}

/** The environment in which the SDK reaches an emulator. */
export function environmentOf({ url }: Pick<Route53Emulator, 'url'>): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_ROUTE_53: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
  }
}
