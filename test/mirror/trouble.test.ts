/** Zones that are full, or that cannot be listed or read: what of the work is done all the same, theirs and that of others. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ZoneFault } from '../../shared/mirror/model.ts'
import type { MirrorStore, Route53 } from '../../shared/mirror/ports.ts'
import { at, rrsets } from './text.ts'
import { MINUTES, newWorld, type World } from './world.ts'

const A1 = rrsets('60 A 192.0.2.1')
const A2 = rrsets('60 A 192.0.2.2')

describe('a full hosted zone', () => {
  test('takes what alters and what goes from behind 2,000 new names, and of these what there is room for', async () => {
    const world = await newWorld({ maxSets: 6 })
    for (const label of ['zaltered', 'zgone1', 'zgone2', 'zgone3']) await world.register(label, A1)
    await world.sync()
    for (let i = 0; i < 2_000; i++) await world.register(`n${i}`, A1)
    await world.register('zaltered', A2)
    for (const label of ['zgone1', 'zgone2', 'zgone3']) await world.register(label, {})
    await world.sync()
    const sets = await world.sets()
    assert.deepEqual(
      sets.filter((set) => set.startsWith('z')),
      ['zaltered 60 A 192.0.2.2'],
    )
    assert.equal(sets.length, 4)
  })

  test('takes what alters at once, also when it has been full for long', async () => {
    const world = await newWorld({ maxSets: 6 })
    await world.register('altered', A1)
    await world.sync()
    for (let i = 0; i < 10; i++) await world.register(`n${i}`, A1)
    await world.tell()
    await runEachMinute(world, 20)
    for (const state of [A2, A1, A2]) {
      await world.register('altered', state)
      await world.sync()
      assert.deepEqual((await world.row('altered'))?.applied, state)
      world.clock.now += MINUTES
    }
    assert.equal((await world.store.state(world.hostedZone))?.fault?.code, 'HostedZoneFull')
  })
})

describe('a walk', () => {
  test('over a hosted zone that cannot be listed is tried less and less often, and holds up no changes', async () => {
    const world = await newWorld()
    const list: Route53['list'] = async (...args) =>
      args[2] > 1 ? { kind: 'fault', code: 'NameError', message: 'not a name' } : world.route53.list(...args)
    const parts = { ...world.parts, route53: { ...world.route53, list } }
    await world.run({ task: 'reconcile' }, parts)
    for (let minute = 0; minute < 30; minute++) {
      const state = minute % 2 === 0 ? A1 : A2
      await world.register('h', state)
      await world.tell()
      await world.run(undefined, parts)
      assert.deepEqual((await world.row('h'))?.applied, state, `minute ${minute}`)
      world.clock.now += MINUTES
    }
    assert.ok(faults(world).length <= 8, `${faults(world).length} faults in half an hour`)
    world.clock.now += 15 * MINUTES
    await world.run()
    assert.equal(world.events.filter(({ kind }) => kind === 'walked').length, 1)
  })

  test('over a hosted zone that is gone is one trouble, told less and less often', async () => {
    const world = await newWorld()
    world.emulator.inject({ effect: { kind: 'error', code: 'NoSuchHostedZone' } })
    await world.run({ task: 'reconcile' })
    await runEachMinute(world, 60)
    assert.ok(faults(world).length <= 10, `${faults(world).length} faults in an hour`)
    assert.equal(new Set(faults(world).map(({ since }) => since)).size, 1)
  })
})

test('how long a change has waited counts from its own time on, whatever reconciles find it again', async () => {
  const world = await newWorld()
  world.emulator.inject({ effect: { kind: 'error', code: 'AccessDenied' } })
  await world.register('h', A1)
  await world.tell()
  const from = world.clock.now
  for (let hour = 0; hour < 3; hour++) {
    await world.run({ task: 'reconcile' })
    world.clock.now += 60 * MINUTES
    await world.run()
  }
  const backlog = world.events.findLast((event) => event.kind === 'backlog')
  assert.ok(backlog?.kind === 'backlog')
  assert.ok(backlog.ms >= 180 * MINUTES && backlog.ms <= world.clock.now - from)
})

describe('what cannot be read of one zone', () => {
  test('its state: the others are mirrored, and the error is told', async () => {
    const world = await newWorld()
    const other = await world.linkAnother('example.net')
    await world.run()
    await other.register('h', A1)
    await world.tell()
    const state: MirrorStore['state'] = async (hostedZone) => {
      if (hostedZone === world.hostedZone) throw new Error('not a state')
      return world.store.state(hostedZone)
    }
    const run = world.run(undefined, { ...world.parts, store: { ...world.store, state } })
    await assert.rejects(run, { message: 'not a state' })
    assert.deepEqual(await other.sets(), ['h 60 A 192.0.2.1'])
  })

  test('one of its rows: the others are reconciled, and the error is told', async () => {
    const world = await newWorld()
    const other = await world.linkAnother('example.net')
    await world.run()
    await world.register('spoiled', A1)
    await other.register('h', A1)
    await world.sync()
    await other.edit('DELETE', 'h', A1)
    const rows: MirrorStore['rows'] = async (hostedZone, names) => {
      if (hostedZone === world.hostedZone && names.includes(at('spoiled'))) throw new Error('not a row')
      return world.store.rows(hostedZone, names)
    }
    const run = world.run({ task: 'reconcile' }, { ...world.parts, store: { ...world.store, rows } })
    await assert.rejects(run, { message: 'not a row' })
    assert.deepEqual(await other.sets(), ['h 60 A 192.0.2.1'])
  })
})

// ---------------------------------------------------------------------------

async function runEachMinute(world: World, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    await world.run()
    world.clock.now += MINUTES
  }
}

function faults({ events }: World): readonly ZoneFault[] {
  return events.flatMap((event) => (event.kind === 'fault' ? [event.fault] : []))
}

test('a list that is none of the hosted zone says nothing of what it lacks', async () => {
  const world = await newWorld()
  await world.register('h', rrsets('60 A 192.0.2.1'))
  await world.sync()
  const list = async () => ({ kind: 'listed', sets: [], next: undefined }) as const
  await world.run({ task: 'reconcile' }, { ...world.parts, route53: { ...world.route53, list } })
  assert.deepEqual((await world.row('h'))?.applied, rrsets('60 A 192.0.2.1'))
  assert.ok(world.events.some((event) => event.kind === 'fault' && event.fault.code === 'NotRoute53'))
})
