/** What the mirror makes of everything that Route 53 may answer. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FaultEffect } from '../../local/route53/route53.ts'
import type { RRsets } from '../../shared/records/model.ts'
import { rrsets } from './text.ts'
import { changeRequests, MINUTES, newUnseenWorld, newWorld, type World } from './world.ts'

const A1 = rrsets('60 A 192.0.2.1')
const A2 = rrsets('60 A 192.0.2.2')
const SET = 'h 60 A 192.0.2.1'

describe('asked to wait', () => {
  for (const code of ['Throttling', 'PriorRequestNotComplete'] as const) {
    test(`${code}: waits longer each time, and comes through`, async () => {
      const world = await newWorld()
      const sent: number[] = []
      world.emulator.inject({
        when: ({ operation }) => operation === 'ChangeResourceRecordSets' && sent.push(world.clock.now) > 0,
        times: 5,
        effect: { kind: 'error', code },
      })
      await world.register('h', A1)
      await world.sync()
      assert.deepEqual(await world.sets(), [SET])
      const waits = sent.slice(1).map((at, i) => at - (sent[i] ?? 0))
      assert.equal(waits.length, 4)
      for (const [i, wait] of waits.entries()) {
        const most = 1_000 * 2 ** i
        assert.ok(wait >= most / 2 && wait <= most + 500, `${wait} ms after refusal ${i + 1}`)
      }
    })
  }

  test('throttled for good: gives up in time, and a later invocation goes on', async () => {
    const world = await newWorld()
    const away = world.emulator.inject({ effect: { kind: 'error', code: 'Throttling' } })
    await world.register('h', A1)
    const started = world.clock.now
    await world.sync()
    assert.ok(world.clock.now - started <= 5 * MINUTES)
    away()
    world.clock.now += MINUTES
    await world.run()
    assert.deepEqual(await world.sets(), [SET])
  })

  test('never more than two requests a second, whatever happens', async () => {
    const world = await newWorld({ requestsPerSecond: 2 })
    world.emulator.inject({ times: 3, effect: { kind: 'error', code: 'Throttling' } })
    await registerPoison(world, 300, 17)
    poison(world, { named: false })
    await world.sync()
    await world.run({ task: 'reconcile' })
    assert.deepEqual(world.emulator.counts.violations, {})
  })
})

describe('answers that are lost', () => {
  const effects: readonly FaultEffect[] = [
    { kind: 'dropBefore' },
    { kind: 'dropAfter' },
    { kind: 'error', code: 'InternalFailure' },
    { kind: 'error', code: 'ServiceUnavailable' },
  ]
  for (const effect of effects) {
    for (const [what, states] of [
      ['a creation', [A1]],
      ['a replacement', [A1, A2]],
      ['a deletion', [A1, {}]],
      ['a switch', [A1, rrsets('60 CNAME other.example.net.')]],
    ] as const) {
      test(`${what}, ${effect.kind === 'error' ? effect.code : effect.kind}`, async () => {
        const world = await newWorld()
        for (const state of states) {
          world.emulator.inject({
            when: ({ operation }) => operation === 'ChangeResourceRecordSets',
            times: 2,
            effect,
          })
          await world.register('h', state)
          await world.sync()
        }
        const last: RRsets = states.at(-1) ?? {}
        assert.deepEqual((await world.row('h'))?.applied, last)
        assert.deepEqual(
          await world.sets(),
          Object.entries(last).map(([type, { ttl, rdata }]) => `h ${ttl} ${type} ${rdata}`),
        )
        assert.deepEqual(
          world.events.filter(({ kind }) => kind === 'refused'),
          [],
        )
      })
    }
  }
})

describe('one poison record among 500 new ones', () => {
  const kinds = [
    ['AWS names it', { named: true }],
    ['AWS names nothing', { named: false }],
  ] as const
  for (const [title, options] of kinds) {
    for (const position of [0, 249, 499]) {
      test(`${title}, at place ${position}`, async () => {
        const world = await newWorld()
        await registerPoison(world, 500, 0, position)
        poison(world, options)
        const before = changeRequests(world)
        await world.sync()
        const spent = changeRequests(world) - before
        assert.ok(spent <= 20, `${spent} requests`)
        assert.equal((await world.sets()).length, 499)
        const refused = (await world.row('poison'))?.refused.A
        assert.equal(refused?.code, 'invalid')
        assert.match(refused.message, /^Poison/)
        assert.deepEqual(await world.store.counts(world.hostedZone), { marked: 0, refused: 1 })
      })
    }
  }

  test('AWS names one of 30 at a time', async () => {
    const world = await newWorld()
    await registerPoison(world, 500, 30)
    poison(world, { named: true, firstOnly: true })
    await world.sync()
    assert.equal((await world.sets()).length, 470)
    assert.equal((await world.store.counts(world.hostedZone)).refused, 30)
  })

  test('what is really invalid is told in the words of the emulator, whichever way it lists them', async () => {
    for (const batchErrors of ['joined', 'listed'] as const) {
      const world = await newWorld({ batchErrors })
      await world.register('good', A1)
      await world.register('bad', rrsets('60 A 192.0.2.256'))
      await world.register('worse', rrsets('60 A 192.0.2.257', '60 TXT "fine"'))
      await world.sync()
      assert.deepEqual(await world.sets(), ['good 60 A 192.0.2.1', 'worse 60 TXT "fine"'])
      assert.match((await world.row('bad'))?.refused.A?.message ?? '', /192\.0\.2\.256/)
      assert.match((await world.row('worse'))?.refused.A?.message ?? '', /192\.0\.2\.257/)
    }
  })

  test('it is tried again when its name changes, and not before', async () => {
    const world = await newWorld()
    await registerPoison(world, 3, 1)
    poison(world, { named: false })
    const told = [...world.untold]
    await world.sync()
    const spent = changeRequests(world)
    await world.tell(told)
    await world.sync()
    await world.run({ task: 'reconcile' })
    assert.equal(changeRequests(world), spent)
    await world.register('poison0', A2)
    await world.sync()
    assert.deepEqual((await world.row('poison0'))?.applied, A2)
    assert.deepEqual((await world.row('poison0'))?.refused, {})
  })

  test('a name keeps what it had while its new state is refused', async () => {
    const world = await newWorld()
    await world.register('h', A1)
    await world.sync()
    await world.register('h', rrsets('60 A 192.0.2.256', '60 AAAA 2001:db8::1'))
    await world.sync()
    assert.deepEqual(await world.sets(), [SET, 'h 60 AAAA 2001:db8::1'])
  })
})

describe('not as the mirror left it', () => {
  test('a deletion of what is gone is done', async () => {
    const world = await newWorld()
    await world.register('h', A1)
    await world.register('other', A1)
    await world.sync()
    await world.edit('DELETE', 'h', A1)
    await world.register('h', {})
    await world.register('other', {})
    await world.sync()
    assert.deepEqual(await world.sets(), [])
    assert.deepEqual((await world.row('h'))?.refused, {})
  })

  test('a record set of ours that somebody edited is deleted as it is, and replaced', async () => {
    const world = await newWorld()
    await world.register('h', A1)
    await world.register('other', A1)
    await world.sync()
    await world.edit('UPSERT', 'h', rrsets('5 A 203.0.113.7'))
    await world.edit('UPSERT', 'other', rrsets('5 A 203.0.113.7'))
    await world.register('h', {})
    await world.register('other', A2)
    await world.sync()
    assert.deepEqual(await world.sets(), ['other 60 A 192.0.2.2'])
  })

  for (const [title, planted] of [
    ['another address', rrsets('5 A 203.0.113.7')],
    ['the very same', A1],
    ['a CNAME', rrsets('5 CNAME elsewhere.example.net.')],
  ] as const) {
    test(`a foreign record set stays: ${title}`, async () => {
      const world = await newWorld()
      await world.edit('CREATE', 'h', planted)
      const foreign = await world.sets()
      await world.register('h', A1)
      await world.register('other', A1)
      await world.sync()
      await world.register('h', A2)
      await world.sync()
      await world.register('h', {})
      await world.sync()
      await world.register('h', A1)
      await world.sync()
      await world.run({ task: 'reconcile' })
      assert.deepEqual(await world.sets(), [...foreign, 'other 60 A 192.0.2.1'])
      assert.equal((await world.row('h'))?.refused.A?.code, 'foreign')

      await world.edit('DELETE', 'h', planted)
      await world.run({ task: 'reconcile' })
      assert.deepEqual(await world.sets(), [SET, 'other 60 A 192.0.2.1'], 'once it has gone, ours takes its place')
    })
  }
})

describe('a hosted zone that takes nothing', () => {
  for (const code of ['NoSuchHostedZone', 'AccessDenied'] as const) {
    test(`${code}: told, left alone for longer and longer, and begun again`, async () => {
      const world = await newWorld()
      const away = world.emulator.inject({ effect: { kind: 'error', code } })
      await world.register('h', A1)
      await world.tell()
      const tries: number[] = []
      for (let minute = 0; minute < 60; minute++) {
        const before = world.events.length
        await world.run()
        if (world.events.slice(before).some(({ kind }) => kind === 'request')) tries.push(minute)
        world.clock.now += MINUTES
      }
      assert.ok(tries.length >= 4 && tries.length <= 10, `tried in minutes ${tries}`)
      assert.equal((await world.store.state(world.hostedZone))?.fault?.code, code)
      away()
      world.clock.now += 15 * MINUTES
      await world.run()
      assert.deepEqual(await world.sets(), [SET])
      assert.equal((await world.store.state(world.hostedZone))?.fault, undefined)
    })
  }

  test('full: takes what there is room for, what alters and what goes, and all once there is room', async () => {
    const world = await newWorld({ maxSets: 12 })
    for (const label of ['kept', 'altered', 'gone']) await world.register(label, A1)
    await world.sync()
    await world.register('altered', A2)
    await world.register('gone', {})
    for (let i = 0; i < 20; i++) await world.register(`n${i}`, A1)
    await world.sync()
    const sets = await world.sets()
    assert.equal(sets.length, 10, 'all places are taken, but for SOA and NS')
    assert.ok(sets.includes('altered 60 A 192.0.2.2'))
    assert.equal((await world.store.state(world.hostedZone))?.fault?.code, 'HostedZoneFull')
    assert.equal((await world.store.counts(world.hostedZone)).refused, 0)
    for (let i = 0; i < 15; i++) await world.register(`n${i}`, {})
    await world.tell()
    world.clock.now += 15 * MINUTES
    await world.run()
    assert.equal((await world.sets()).length, 7)
  })
})

test('the negative TTL of the hosted zone is that of the zone, also after somebody set it back', async () => {
  const world = await newUnseenWorld()
  const minimum = async () => (await world.soa())?.split(' ').at(-1)
  assert.equal(await minimum(), '86400')
  await world.register('h', A1)
  await world.sync()
  assert.equal(await minimum(), '1')
  await world.edit('UPSERT', '@', { SOA: { ttl: 900, rdata: [(await world.soa())?.replace(/1$/, '86400') ?? ''] } })
  await world.run({ task: 'reconcile' })
  await world.sync()
  world.clock.now += MINUTES
  await world.register('h', A2)
  await world.sync()
  assert.equal(await minimum(), '1')
})

// ---------------------------------------------------------------------------

/** New names, and among them poison ones: `poison`, or `poison0` and so on. */
async function registerPoison(world: World, count: number, poisons: number, position = -1): Promise<void> {
  for (let i = 0; i < count; i++) {
    const label = i === position ? 'poison' : i < poisons ? `poison${i}` : `n${String(i).padStart(3, '0')}`
    await world.register(label, label.startsWith('poison') ? rrsets('60 A 203.0.113.66') : A1)
  }
}

function poison(world: World, options: { readonly named: boolean; readonly firstOnly?: boolean }): void {
  const offender = ({ set }: { set: { values: readonly string[] } }) => set.values.includes('203.0.113.66')
  world.emulator.inject({ effect: { kind: 'poison', offender, message: 'Poison', ...options } })
}
