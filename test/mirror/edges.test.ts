/** Rare orders of events, each made to happen. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { MirrorParts } from '../../functions/mirror/parts.ts'
import { type Name, parseName } from '../../shared/dns/name.ts'

import { NO_COUNTS } from '../../shared/mirror/no-counts.ts'
import type { ListedSet, ListFrom, Route53 } from '../../shared/mirror/ports.ts'
import { Died, mortal } from './mortal.ts'
import { at, rrsets } from './text.ts'
import { changeRequests, MINUTES, newWorld, type World } from './world.ts'

const A1 = rrsets('60 A 192.0.2.1')

test('a batch that AWS carries out long after its answer was lost is ours all the same', async () => {
  const world = await newWorld()
  await world.register('h', A1)
  await world.tell()
  let late: (() => Promise<unknown>) | undefined
  const change: Route53['change'] = async (hostedZone, changes) => {
    if (late === undefined) {
      late = () => world.route53.change(hostedZone, changes)
      return { kind: 'unknown', reason: 'time out' }
    }
    await late()
    world.clock.now += 1_000
    return world.route53.change(hostedZone, changes)
  }
  await world.run(undefined, { ...world.parts, route53: { ...world.parts.route53, change } })
  assert.deepEqual(await world.sets(), ['h 60 A 192.0.2.1'])
  assert.deepEqual((await world.row('h'))?.applied, A1)
  assert.deepEqual((await world.row('h'))?.refused, {})
})

test('killed over a refusal: a foreign record set that equals the registered one stays foreign', async () => {
  for (const moment of ['before', 'after'] as const) {
    for (let nth = 1, killedOver: string | undefined = ''; killedOver !== undefined; nth++) {
      const world = await newWorld()
      await world.edit('CREATE', 'h', A1)
      await world.register('h', A1)
      await world.tell()
      killedOver = await dies(world, nth, moment)
      world.clock.now += 2 * MINUTES
      await world.run()
      // Between the request and the note of its refusal nobody can tell.
      if (killedOver === 'change' || killedOver === 'setInflight') continue
      assert.deepEqual((await world.row('h'))?.applied, {}, `${moment} call ${nth}`)
    }
  }
})

test('killed after a batch was noted: the id of its change is not forgotten', async () => {
  let seen = 0
  for (let nth = 1, killedOver: string | undefined = ''; killedOver !== undefined; nth++) {
    const world = await newWorld()
    await world.register('h', A1)
    await world.tell()
    killedOver = await dies(world, nth, 'after')
    const before = (await world.row('h'))?.change?.id
    world.clock.now += 2 * MINUTES
    await world.run()
    if (before === undefined) continue
    seen++
    assert.equal((await world.row('h'))?.change?.id, before)
  }
  assert.ok(seen > 2)
})

test('names that are marked again and again hold up no others', async () => {
  const world = await newWorld()
  const labels = Array.from({ length: 2_100 }, (_, i) => `n${String(i).padStart(4, '0')}`)
  for (const label of labels) await world.register(label, A1)
  await world.tell()
  const first = labels.slice(0, 2_000).map((label) => ({ name: at(label), at: world.clock.now }))
  const isThere = () => world.emulator.sets(world.hostedZone).some(({ name }) => name === 'n2099.example.org.')
  let waited = 0
  const marks: MirrorParts['store']['marks'] = async (...args) => {
    if (!isThere() && waited++ < 20) await world.store.mark(world.hostedZone, first)
    return world.store.marks(...args)
  }
  await world.run(undefined, { ...world.parts, store: { ...world.store, marks } })
  assert.ok(isThere() && waited <= 3, `the last name was there after ${waited} looks`)
})

test('who has lost the lease sends nothing more', async () => {
  const world = await newWorld()
  await world.register('h', A1)
  await world.tell()
  let sent = 0
  const change: Route53['change'] = async () => {
    sent++
    world.clock.now += 61_000
    const { now } = world.clock
    assert.ok(await world.store.acquire(world.hostedZone, 'another', now, now + 60_000))
    return { kind: 'throttled' }
  }
  await world.run(undefined, { ...world.parts, route53: { ...world.route53, change } })
  assert.equal(sent, 1)
  assert.equal((await world.store.state(world.hostedZone))?.lease?.holder, 'another')
})

test('a request that the names at hand do not fill waits for those that are still to be looked at', async () => {
  const world = await newWorld()
  const three = rrsets('60 A 192.0.2.1, 192.0.2.2, 192.0.2.3')
  for (let i = 0; i < 3_000; i++) await world.register(`n${i}`, three)
  const before = changeRequests(world)
  await world.sync()
  assert.equal(changeRequests(world) - before, Math.ceil(3_000 / 333))
})

test('a name that is registered while it is adopted is a conflict like any other', async () => {
  const world = await newWorld()
  await world.edit('CREATE', 'h', rrsets('5 A 203.0.113.7'))
  await world.register('h', A1)
  const names = { ...world.parts.names, readAll: async () => ({ records: new Map(), unreadable: new Set<Name>() }) } // as of a moment ago
  await world.store.note(world.hostedZone, {
    walk: { kind: 'adopt', overwrite: false, startedAt: 1, counts: NO_COUNTS },
  })
  await world.run(undefined, { ...world.parts, names })
  assert.deepEqual((await world.row('h'))?.applied ?? {}, {})
  await world.sync()
  assert.deepEqual(await world.sets(), ['h 5 A 203.0.113.7'])
  assert.equal((await world.row('h'))?.refused.A?.code, 'foreign')
})

test('a name that is marked while the zone is being given back is mirrored by whoever gives it back', async () => {
  const world = await newWorld()
  let woken = false
  const release: MirrorParts['store']['release'] = async (...args) => {
    if (!woken) {
      woken = true
      await world.register('h', A1)
      await world.tell()
    }
    return world.store.release(...args)
  }
  await world.register('other', A1)
  await world.tell()
  await world.run(
    { task: 'drain', hostedZones: [world.hostedZone] },
    { ...world.parts, store: { ...world.store, release } },
  )
  assert.deepEqual(await world.sets(), ['h 60 A 192.0.2.1', 'other 60 A 192.0.2.1'])
})

test('of two halves one that is taken tells that the other is not: that is not asked for', async () => {
  const world = await newWorld()
  for (let i = 0; i < 500; i++) await world.register(`n${String(i).padStart(3, '0')}`, A1)
  world.emulator.inject({
    effect: { kind: 'poison', offender: { name: 'n499.example.org.', type: 'A' }, message: 'Poison', named: false },
  })
  const before = changeRequests(world)
  await world.sync()
  assert.ok(changeRequests(world) - before <= 1 + 9 + 1, `${changeRequests(world) - before} requests`)
})

describe('the order of lists', () => {
  test('were escapes ordered as the octets that they stand for, nothing would be taken for missing', async () => {
    const world = await newWorld()
    const labels = ['*', 'x\\.y', '\\000', '\\255', 'a\\032b', ...Array.from({ length: 700 }, (_, i) => `n${i}`)]
    for (const label of labels) await world.register(label, A1)
    await world.sync()
    const refusals = () => world.events.filter(({ kind }) => kind === 'refused').length
    const route53 = inRawOrder(world)
    await world.run({ task: 'reconcile' }, { ...world.parts, route53 })
    const walked = world.events.findLast((event) => event.kind === 'walked')
    assert.ok(walked?.kind === 'walked')
    assert.deepEqual([walked.counts.missing, walked.counts.changed, refusals()], [0, 0, 0])
  })
})

// ---------------------------------------------------------------------------

/** The call over which the invocation was killed; undefined if it came to its end. */
async function dies(world: World, nth: number, moment: 'before' | 'after'): Promise<string | undefined> {
  try {
    await world.run(undefined, mortal(world.parts, nth, moment))
    return undefined
  } catch (error) {
    if (error instanceof Died) return error.message
    throw error
  }
}

/** A Route 53 that lists by the octets of names, labels reversed, instead of by their escaped form. */
function inRawOrder(world: World): Route53 {
  const key = ({ name, type }: Pick<ListedSet, 'name' | 'type'>) => {
    const labels: string[] = []
    for (let wire = parseName(name) as string; wire.charCodeAt(0) !== 0; wire = wire.slice(1 + wire.charCodeAt(0))) {
      labels.push(wire.slice(1, 1 + wire.charCodeAt(0)))
    }
    return `${labels.reverse().join('.')}.\0${type}`
  }
  return {
    ...world.parts.route53,
    async list(hostedZone, from, limit) {
      const all: ListedSet[] = []
      for (let start: ListFrom | undefined; ; ) {
        const page = await world.route53.list(hostedZone, start, 300)
        world.clock.now += 1_000
        assert.ok(page.kind === 'listed')
        all.push(...page.sets)
        if (page.next === undefined) break
        start = page.next
      }
      const ordered = all.map((set) => ({ set, key: key(set) })).sort((a, b) => (a.key < b.key ? -1 : 1))
      const first = from === undefined ? '' : key({ name: from.name, type: from.type ?? '' })
      const rest = ordered.filter((one) => one.key >= first).map(({ set }) => set)
      const next = rest[limit]
      return { kind: 'listed', sets: rest.slice(0, limit), next: next && { name: next.name, type: next.type } }
    },
  }
}
