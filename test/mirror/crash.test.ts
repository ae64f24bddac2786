/** Invocations that are killed, at every place where that can happen. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Died, mortal } from './mortal.ts'
import { rrsets } from './text.ts'
import { MINUTES, newWorld, type World } from './world.ts'

for (const moment of ['before', 'after'] as const) {
  test(`killed ${moment} each call in turn, it comes to the same end`, async () => {
    for (let nth = 1; ; nth++) {
      const world = await newWorld()
      await prepare(world)
      const survived = await run(world, nth, moment)
      await world.run()
      // The lease of the dead runs out.
      world.clock.now += 2 * MINUTES
      await world.run()
      await check(world, `${moment} call ${nth}`)
      if (survived) {
        assert.ok(nth > 15, `${nth} calls`)
        break
      }
    }
  })
}

test('killed again and again, each time a little later', async () => {
  const world = await newWorld()
  await prepare(world)
  for (let nth = 1; nth < 40; nth++) {
    await run(world, nth, nth % 2 === 0 ? 'before' : 'after')
    world.clock.now += 2 * MINUTES
  }
  await world.run()
  await check(world, 'in the end')
})

// ---------------------------------------------------------------------------

/** Every kind of change is on its way, and a foreign record set in the way of one. */
async function prepare(world: World): Promise<void> {
  for (const label of ['kept', 'altered', 'gone', 'switched']) await world.register(label, rrsets('60 A 192.0.2.1'))
  await world.sync()
  await world.edit('CREATE', 'foreign', rrsets('60 A 192.0.2.1'))
  await world.register('altered', rrsets('60 A 192.0.2.2', '60 TXT "new"'))
  await world.register('gone', {})
  await world.register('switched', rrsets('60 CNAME kept.example.org.'))
  await world.register('new', rrsets('60 A 192.0.2.1'))
  await world.register('foreign', rrsets('60 A 192.0.2.1'))
  await world.tell()
}

async function run(world: World, nth: number, moment: 'before' | 'after'): Promise<boolean> {
  try {
    await world.run(undefined, mortal(world.parts, nth, moment))
    return true
  } catch (error) {
    if (!(error instanceof Died)) throw error
    return false
  }
}

async function check(world: World, what: string): Promise<void> {
  const expected = [
    'altered 60 A 192.0.2.2',
    'altered 60 TXT "new"',
    'foreign 60 A 192.0.2.1',
    'kept 60 A 192.0.2.1',
    'new 60 A 192.0.2.1',
    'switched 60 CNAME kept.example.org.',
  ]
  assert.deepEqual(await world.sets(), expected, what)
  assert.equal((await world.store.counts(world.hostedZone)).marked, 0, what)
  assert.deepEqual(
    (await world.row('foreign'))?.applied,
    {},
    `${what}: a foreign record set is nobody's, even if it is the same`,
  )
  assert.equal((await world.row('foreign'))?.refused.A?.code, 'foreign', what)
  assert.deepEqual(world.emulator.counts.violations, {}, what)
}
