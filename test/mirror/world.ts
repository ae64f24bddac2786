/**
 * The whole mirror in one process, with a clock that tests move: names and the mirror's memory in memory, Route 53 as the
 * emulator behind the real SDK.
 */
import { after } from 'node:test'
import { ChangeResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53'
import { createMirror } from '../../functions/mirror/mirror.ts'
import type { MirrorEvent, MirrorParts } from '../../functions/mirror/parts.ts'
import { createFeed } from '../../functions/mirror-feed/feed.ts'
import { type Route53Emulator, type Route53EmulatorOptions, startRoute53 } from '../../local/route53/route53.ts'
import { awsHostedZones } from '../../shared/aws/hosted-zones.ts'
import { awsRoute53 } from '../../shared/aws/route53.ts'
import { canonicalName, type Name } from '../../shared/dns/name.ts'
import { memoryMirrorStore, memoryPaceStore } from '../../shared/mirror/memory.ts'
import type { Change, MirrorRow } from '../../shared/mirror/model.ts'
import { createPace } from '../../shared/mirror/pace.ts'
import type { ListedSet, ListFrom, MirrorStore, Route53 } from '../../shared/mirror/ports.ts'
import type { MirrorTask } from '../../shared/mirror/task.ts'
import { memoryStore } from '../../shared/records/memory.ts'
import type { NameChange, RRsets } from '../../shared/records/model.ts'
import { newZone } from '../../shared/records/new-zone.ts'
import { image } from '../sequencer/stream.ts'
import { at, shownName, shownRRset, zone } from './text.ts'

export interface World extends ZoneView {
  readonly emulator: Route53Emulator
  readonly store: MirrorStore
  readonly route53: Route53
  readonly parts: MirrorParts
  readonly events: MirrorEvent[]
  readonly clock: { now: number }
  /** What the change log has not told yet. */
  readonly untold: NameChange[]
  /** Tells the mirror of changes, as one segment each. */
  tell(changes?: readonly NameChange[]): Promise<void>
  /** An invocation of five minutes. */
  run(task?: MirrorTask, parts?: MirrorParts): Promise<void>
  runFor(ms: number, task: MirrorTask): Promise<void>
  /** `tell` all that is untold, and `run`. */
  sync(): Promise<void>
  linkAnother(zone: string): Promise<ZoneView>
}

/** A zone and its hosted zone. */
export interface ZoneView {
  readonly hostedZone: string
  /** Registers the RRsets of a label as its new state; what the change log tells of it waits in `untold`. */
  register(label: string, rrsets: RRsets): Promise<void>
  /** Record sets as lines of text, but for the hosted zone's own. */
  sets(): Promise<readonly string[]>
  row(label: string): Promise<MirrorRow | undefined>
  /** What somebody else does in the hosted zone. */
  edit(action: Change['action'], label: string, rrsets: RRsets): Promise<void>
  plantAlias(label: string): Promise<void>
  /** The rdata of the hosted zone's SOA record. */
  soa(): Promise<string | undefined>
}

export const MINUTES = 60_000
const HOSTED_ZONE_OWN = ['SOA', 'NS']

/** A world of its own, after the mirror's first look at it; it ends with the test file. */
export async function newWorld(options: Partial<Route53EmulatorOptions> = {}): Promise<World> {
  const world = await newUnseenWorld(options)
  await world.run()
  world.events.length = 0
  return world
}

/** A world with a hosted zone that the mirror has not looked at yet. */
export async function newUnseenWorld(options: Partial<Route53EmulatorOptions> = {}): Promise<World> {
  const clock = { now: 1_800_000_000_000 }
  const now = () => clock.now
  const pause = async (ms: number) => {
    clock.now += Math.max(1, Math.ceil(ms))
  }
  const emulator = await startRoute53({
    endpoint: { host: '127.0.0.1', port: 0 },
    now,
    log: () => {},
    busyMs: 50,
    ...options,
  })
  after(() => emulator.stop())
  const { client, route53, hostedZones } = clientOf(emulator)
  const data = memoryStore()
  const store = memoryMirrorStore()
  const events: MirrorEvent[] = []
  const parts: MirrorParts = {
    names: data.names,
    zones: data.zones,
    store,
    route53,
    pace: createPace(memoryPaceStore(), 2, now, pause),
    now,
    pause,
    report: (event) => events.push(event),
  }
  const asked: MirrorTask[] = []
  const feed = createFeed({
    zones: data.zones,
    store,
    ask: async (task) => void asked.push(task),
    now,
    measure() {},
    report: (error) => {
      throw error
    },
  })
  const untold: NameChange[] = []
  let seq = 1
  const world: World = {
    ...(await link(zone)),
    emulator,
    store,
    route53,
    parts,
    events,
    clock,
    untold,
    linkAnother: (text) => link(canonicalName(text)),

    async tell(changes = untold.splice(0)) {
      for (const change of changes) {
        const NewImage = image({ pk: 'log', sk: ++seq, at: now(), changes: [change] })
        await feed({ Records: [{ eventName: 'INSERT', dynamodb: { NewImage, SequenceNumber: String(seq) } }] })
      }
    },
    run: (task = { task: 'drain' }, chosen = parts) => createMirror(chosen)(task, clock.now + 5 * MINUTES),
    runFor: (ms, task) => createMirror(parts)(task, clock.now + ms),
    async sync() {
      await world.tell()
      await world.run()
    },
  }
  return world

  async function link(apex: Name): Promise<ZoneView> {
    clock.now += 10_000
    const hostedZone = await hostedZones.create(apex)
    await data.zones.add(newZone(apex))
    await data.zones.link(apex, hostedZone)
    return {
      hostedZone,

      async register(label, rrsets) {
        const name = at(label, apex)
        const before = await data.names.read(name)
        const from = before?.version ?? 0
        const version = (before?.version ?? now()) + 1
        await data.names.write({ name, zone: apex, version, rrsets }, from)
        untold.push({ name, zone: apex, from, first: version, version, old: before?.rrsets ?? {}, new: rrsets })
      },

      async sets() {
        const all = (await listAll(hostedZone)).filter(
          ({ name, type }) => name !== apex || !HOSTED_ZONE_OWN.includes(type),
        )
        return all.map(
          ({ name, type, rrset }) => `${shownName(name, apex)} ${rrset ? shownRRset(type, rrset) : `${type} alias`}`,
        )
      },

      async plantAlias(label) {
        const AliasTarget = { HostedZoneId: 'Z2FDTNDATAQYW2', DNSName: 'd1.example.net', EvaluateTargetHealth: false }
        const ResourceRecordSet = { Name: at(label, apex), Type: 'A' as const, AliasTarget }
        const Changes = [{ Action: 'CREATE' as const, ResourceRecordSet }]
        clock.now += 10_000
        await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: hostedZone, ChangeBatch: { Changes } }))
      },

      async soa() {
        const sets = await listAll(hostedZone)
        return sets.find(({ type }) => type === 'SOA')?.rrset?.rdata[0]
      },

      row: async (label) => (await store.rows(hostedZone, [at(label, apex)])).get(at(label, apex)),

      async edit(action, label, rrsets) {
        clock.now += 10_000
        const changes = Object.entries(rrsets).map(([type, rrset]) => ({ action, name: at(label, apex), type, rrset }))
        const outcome = await route53.change(hostedZone, changes)
        if (outcome.kind !== 'accepted') throw new Error(`not edited: ${JSON.stringify(outcome)}`)
        clock.now += 10_000
      },
    }
  }

  /** Reads at a pace of its own: the clock moves on in between. */
  async function listAll(hostedZone: string): Promise<readonly ListedSet[]> {
    const sets: ListedSet[] = []
    for (let start: ListFrom | undefined; ; ) {
      clock.now += 1_000
      const page = await route53.list(hostedZone, start, 300)
      if (page.kind !== 'listed') throw new Error(`not listed: ${JSON.stringify(page)}`)
      sets.push(...page.sets)
      if (page.next === undefined) return sets
      start = page.next
    }
  }
}

/** Change batches that were sent so far. */
export function changeRequests({ emulator }: World): number {
  return emulator.counts.requests.ChangeResourceRecordSets ?? 0
}

// ---------------------------------------------------------------------------

/** The ports over the real SDK, which tries once. */
function clientOf({ url }: Pick<Route53Emulator, 'url'>) {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const client = new Route53Client({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 })
  after(() => client.destroy())
  return { client, route53: awsRoute53(client), hostedZones: awsHostedZones(client) }
}
