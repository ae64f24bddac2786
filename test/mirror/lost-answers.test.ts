/** Who made what is there, where an answer was lost and others write to the hosted zone as well. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Route53 } from '../../shared/mirror/ports.ts'
import { Died, mortal } from './mortal.ts'
import { rrsets } from './text.ts'
import { MINUTES, newWorld, type World } from './world.ts'

const A1 = rrsets('60 A 192.0.2.1')
const A2 = rrsets('60 A 192.0.2.2')
const LABELS = ['n0', 'n1', 'n2', 'n3', 'n4']

test('one that is gone already does not tell that the other deletions were carried out', async () => {
  const world = await newWorld()
  for (const label of LABELS) await world.register(label, A1)
  await world.sync()
  await world.edit('DELETE', 'n0', A1)
  for (const label of LABELS) await world.register(label, {})
  loseBatch(world)
  await world.sync()
  assert.deepEqual(await world.sets(), [])
})

test('one that somebody altered as we would does not tell that the deletions beside it were carried out', async () => {
  const world = await newWorld()
  for (const label of LABELS) await world.register(label, A1)
  await world.sync()
  await world.edit('UPSERT', 'n0', A2)
  await world.register('n0', A2)
  for (const label of LABELS.slice(1)) await world.register(label, {})
  loseBatch(world)
  await world.sync()
  assert.deepEqual(await world.sets(), ['n0 60 A 192.0.2.2'])
})

test('one that somebody else made just so does not tell that the batch was carried out, and stays theirs', async () => {
  const world = await newWorld()
  await world.edit('CREATE', 'n0', A1)
  for (const label of LABELS) await world.register(label, A1)
  loseBatch(world)
  await world.sync()
  assert.equal((await world.sets()).length, LABELS.length)
  assert.equal((await world.row('n0'))?.refused.A?.code, 'foreign')
  for (const label of LABELS) await world.register(label, {})
  await world.sync()
  assert.deepEqual(await world.sets(), ['n0 60 A 192.0.2.1'])
})

test('what AWS carries out when the next invocation has looked for it already is ours', async () => {
  const world = await newWorld()
  await world.register('h', A1)
  await world.tell()
  let late: (() => Promise<unknown>) | undefined
  const change: Route53['change'] = async (...batch) => {
    late = () => world.route53.change(...batch)
    world.clock.now += 4.6 * MINUTES // so that this invocation has no time left to look
    return { kind: 'unknown', reason: 'time out' }
  }
  await world.run(undefined, { ...world.parts, route53: { ...world.route53, change } })
  world.clock.now += MINUTES
  const list: Route53['list'] = async (...from) => {
    const page = await world.route53.list(...from)
    await late?.()
    late = undefined
    world.clock.now += 1_000
    return page
  }
  await world.run(undefined, { ...world.parts, route53: { ...world.route53, list } })
  assert.equal(late, undefined)
  assert.deepEqual((await world.row('h'))?.refused, {})
  await world.register('h', {})
  await world.sync()
  assert.deepEqual(await world.sets(), [])
})

test('killed after each call of a reconcile in turn: what it found missing is put back without another one', async () => {
  const world = await newWorld()
  await world.register('h', A1)
  await world.sync()
  let seen = 0
  for (let nth = 1, killedOver: string | undefined = ''; killedOver !== undefined; nth++) {
    await world.edit('DELETE', 'h', A1)
    const listed = world.emulator.counts.requests.ListResourceRecordSets
    killedOver = await dies(world, nth)
    const hasLooked = world.emulator.counts.requests.ListResourceRecordSets !== listed
    world.clock.now += 2 * MINUTES // the lease of the dead runs out
    if (hasLooked) {
      seen++
      await world.run()
      assert.deepEqual(await world.sets(), ['h 60 A 192.0.2.1'], `killed over ${killedOver}, call ${nth}`)
    } else await world.run({ task: 'reconcile' })
  }
  assert.ok(seen > 5, `${seen} calls after the page was read`)
})

// ---------------------------------------------------------------------------

/** The next batch is not carried out, and nobody is told so. */
function loseBatch({ emulator }: World): void {
  emulator.inject({
    when: ({ operation }) => operation === 'ChangeResourceRecordSets',
    times: 1,
    effect: { kind: 'error', code: 'ServiceUnavailable' },
  })
}

/** The call over which a reconcile was killed; undefined if it came to its end. */
async function dies(world: World, nth: number): Promise<string | undefined> {
  try {
    await world.run({ task: 'reconcile' }, mortal(world.parts, nth, 'after'))
    return undefined
  } catch (error) {
    if (error instanceof Died) return error.message
    throw error
  }
}
