/** Reconcile and adoption: what the mirror makes of a hosted zone that others write to as well. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { WalkCounts } from '../../shared/mirror/model.ts'
import { NO_COUNTS } from '../../shared/mirror/no-counts.ts'
import { sameRRsets } from '../../shared/records/segments.ts'
import { at, rrsets } from './text.ts'
import { MINUTES, newUnseenWorld, newWorld, type World } from './world.ts'

const A1 = rrsets('60 A 192.0.2.1')
const A2 = rrsets('60 A 192.0.2.2')
const STRAY = rrsets('5 A 203.0.113.7')

describe('reconcile', () => {
  test('finds drift in both directions, repairs it, and reports it', async () => {
    const world = await newWorld()
    for (const label of ['a', 'b', 'c', 'd', '*', 'x\\.y']) await world.register(label, A1)
    await world.sync()
    const right = await world.sets()
    await world.edit('DELETE', 'a', A1)
    await world.edit('UPSERT', 'b', STRAY)
    await world.edit('DELETE', '*', A1)
    await world.edit('CREATE', 'foreign', STRAY)
    await world.run({ task: 'reconcile' })
    assert.deepEqual((await world.sets()).toSorted(), [...right, 'foreign 5 A 203.0.113.7'].sort())
    const counts = walked(world)
    assert.deepEqual(
      { missing: counts.missing, changed: counts.changed, foreign: counts.foreign, sets: counts.sets },
      { missing: 2, changed: 1, foreign: 1, sets: 7 },
    )
    assert.equal((await world.store.state(world.hostedZone))?.reconciled?.missing, 2)
  })

  test('a second one finds nothing and changes nothing', async () => {
    const world = await newWorld()
    await world.register('a', A1)
    await world.sync()
    await world.edit('DELETE', 'a', A1)
    await world.run({ task: 'reconcile' })
    const sent = world.emulator.counts.accepted
    await world.run({ task: 'reconcile' })
    assert.equal(world.emulator.counts.accepted, sent)
    assert.equal(walked(world).missing, 0)
  })

  test('a record set of ours that became an alias belongs to whoever made it one', async () => {
    const world = await newWorld()
    await world.register('a', A1)
    await world.sync()
    await world.edit('DELETE', 'a', A1)
    await world.plantAlias('a')
    await world.run({ task: 'reconcile' })
    assert.deepEqual(await world.sets(), ['a A alias'])
    assert.equal((await world.row('a'))?.refused.A?.code, 'foreign')
  })

  test('2,000 record sets in pages, one request a second at most, while new names go on being mirrored', async () => {
    const world = await newWorld({ requestsPerSecond: 5 })
    for (let i = 0; i < 2_000; i++) await world.register(`n${i}`, A1)
    await world.sync()
    await world.edit('DELETE', 'n1999', A1)
    const pages: number[] = []
    world.emulator.inject({
      when: ({ operation }) => operation === 'ListResourceRecordSets' && pages.push(world.clock.now) < 0,
      effect: { kind: 'dropBefore' },
    })
    const walking = world.run({ task: 'reconcile' })
    while (pages.length < 3) await new Promise((later) => setImmediate(later))
    await world.register('meanwhile', A2)
    await world.tell()
    await walking
    assert.ok(pages.length >= 7)
    for (const [i, page] of pages.slice(1).entries()) assert.ok(page - (pages[i] ?? 0) >= 1_000)
    const sets = await world.sets()
    assert.equal(sets.length, 2_001)
    assert.ok(sets.includes('meanwhile 60 A 192.0.2.2'))
    assert.equal(walked(world).missing, 1)
  })

  test('goes on where an invocation ended', async () => {
    const world = await newWorld()
    for (let i = 0; i < 1_000; i++) await world.register(`n${i}`, A1)
    await world.sync()
    await world.edit('DELETE', 'n999', A1)
    for (let tries = 0; tries < 10 && walks(world).length === 0; tries++) {
      await world.runFor(28_000, { task: tries === 0 ? 'reconcile' : 'drain' })
    }
    assert.equal(walks(world).length, 1)
    assert.equal(walked(world).sets, 1_001)
    await world.run()
    assert.equal((await world.sets()).length, 1_000)
  })

  test('lifts a refusal whose record was withdrawn, though nobody told', async () => {
    const world = await newWorld()
    await world.edit('CREATE', 'a', STRAY)
    await world.register('a', A1)
    await world.sync()
    assert.equal((await world.row('a'))?.refused.A?.code, 'foreign')
    await world.register('a', {})
    world.untold.splice(0)
    await world.run({ task: 'reconcile' })
    assert.deepEqual((await world.row('a'))?.refused, {})
    assert.deepEqual(await world.sets(), ['a 5 A 203.0.113.7'])
  })

  test('names of more record sets than a page are compared as a whole', async () => {
    const world = await newWorld()
    for (let i = 0; i < 297; i++) await world.register(`a${String(i).padStart(3, '0')}`, A1)
    const many = rrsets('60 A 192.0.2.1', '60 AAAA 2001:db8::1', '60 TXT "x"', '60 MX 0 .')
    await world.register('b', many)
    await world.sync()
    await world.run({ task: 'reconcile' })
    const { missing, changed, foreign, owned } = walked(world)
    assert.deepEqual({ missing, changed, foreign, owned }, { missing: 0, changed: 0, foreign: 0, owned: 303 })
  })
})

test('a zone that is linked when it has names already is mirrored at the first look', async () => {
  const world = await newUnseenWorld()
  await world.register('h', A1)
  world.untold.splice(0)
  await world.run()
  assert.deepEqual(await world.sets(), ['h 60 A 192.0.2.1'])
  const { ListResourceRecordSets } = world.emulator.counts.requests
  await world.run()
  assert.equal(world.emulator.counts.requests.ListResourceRecordSets, ListResourceRecordSets)
})

describe('adoption', () => {
  test('imports what is there, so that it is registered and the mirror may change it', async () => {
    const world = await newWorld()
    const there = {
      www: rrsets('300 A 203.0.113.1, 203.0.113.2', '300 TXT "a" "b"'),
      '*': rrsets('60 CNAME www.example.org.'),
      '@': rrsets('60 MX 0 .'),
    }
    for (const [label, sets] of Object.entries(there)) await world.edit('CREATE', label, sets)
    const before = await world.sets()
    await adopt(world, false)
    assert.deepEqual(await world.sets(), before, 'nothing changes in Route 53')
    for (const [label, sets] of Object.entries(there)) {
      assert.ok(sameRRsets((await world.parts.names.read(at(label)))?.rrsets ?? {}, sets), label)
      assert.deepEqual((await world.row(label))?.applied, sets)
      assert.equal((await world.parts.names.read(at(label)))?.by?.principal, 'mirror adoption')
    }
    assert.equal((await world.store.state(world.hostedZone))?.adopted?.imported, 4)
    await world.register('www', A1)
    await world.sync()
    assert.deepEqual(await world.sets(), ['@ 60 MX 0 .', '* 60 CNAME www.example.org.', 'www 60 A 192.0.2.1'])
  })

  test('what is registered with other data stays as it is on both sides, unless the registered data is to win', async () => {
    const world = await newWorld()
    await world.edit('CREATE', 'a', STRAY)
    await world.edit('CREATE', 'same', A1)
    await world.register('a', A1)
    await world.register('same', A1)
    await world.sync()
    await adopt(world, false)
    assert.deepEqual(await world.sets(), ['a 5 A 203.0.113.7', 'same 60 A 192.0.2.1'])
    const { conflicts, imported, remarks } = (await world.store.state(world.hostedZone))?.adopted ?? {}
    assert.deepEqual([conflicts, imported, remarks], [1, 1, ['a.example.org. A: other data is registered']])
    assert.equal((await world.row('a'))?.refused.A?.code, 'foreign')
    assert.deepEqual((await world.row('same'))?.refused, {})

    await adopt(world, true)
    assert.deepEqual(await world.sets(), ['a 60 A 192.0.2.1', 'same 60 A 192.0.2.1'])
  })

  test('a CNAME beside registered addresses, an alias, and a name of a nested zone are left alone', async () => {
    const world = await newWorld()
    await world.linkAnother('sub.example.org')
    await world.edit('CREATE', 'c', rrsets('5 CNAME elsewhere.example.net.'))
    await world.edit('CREATE', 'h.sub', STRAY)
    await world.plantAlias('alias')
    await world.register('c', A1)
    await world.sync()
    const before = await world.sets()
    await adopt(world, true)
    assert.deepEqual(await world.sets(), before)
    const { skipped, conflicts, remarks } = (await world.store.state(world.hostedZone))?.adopted ?? {}
    assert.deepEqual([skipped, conflicts, remarks?.length], [2, 1, 3])
  })
})

// ---------------------------------------------------------------------------

async function adopt(world: World, overwrite: boolean): Promise<void> {
  const walk = { kind: 'adopt', overwrite, startedAt: world.clock.now, counts: NO_COUNTS } as const
  await world.store.note(world.hostedZone, { walk })
  world.clock.now += MINUTES
  await world.run()
  await world.sync()
}

function walks(world: World): readonly WalkCounts[] {
  return world.events.flatMap((event) => (event.kind === 'walked' ? [event.counts] : []))
}

function walked(world: World): WalkCounts {
  const last = walks(world).at(-1)
  assert.ok(last, 'a walk came to its end')
  return last
}
