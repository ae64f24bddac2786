/** When requests are sent, and which are not sent at all. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Draft } from '../../functions/mirror/draft.ts'
import type { MirrorParts } from '../../functions/mirror/parts.ts'
import { send } from '../../functions/mirror/send.ts'
import { createSession } from '../../functions/mirror/session.ts'
import { memoryMirrorStore, memoryPaceStore } from '../../shared/mirror/memory.ts'
import { createPace } from '../../shared/mirror/pace.ts'
import { emptyRow, planName } from '../../shared/mirror/plan.ts'
import type { Route53 } from '../../shared/mirror/ports.ts'
import { memoryStore } from '../../shared/records/memory.ts'
import { newZone } from '../../shared/records/new-zone.ts'
import { at, rrsets, zone } from './text.ts'
import { MINUTES, newWorld, type World } from './world.ts'

const A1 = rrsets('60 A 192.0.2.1')

describe('many who wait for their turn at two a second', () => {
  test('wait longer when one of them is throttled, and then go one by one', async () => {
    const { now, pause } = virtualTime()
    const pace = createPace(memoryPaceStore(), 2, now, pause)
    const turns: number[] = []
    const waiting = Array.from({ length: 10 }, async () => {
      await pace.turn(5 * MINUTES)
      turns.push(now())
    })
    await pause(1_200)
    await pace.slowDown(30_000)
    await Promise.all(waiting)
    assert.deepEqual(turns.slice(0, 3), [0, 500, 1_000])
    assert.equal(turns.length, 10)
    for (const [i, turn] of turns.slice(3).entries()) assert.ok(turn >= 31_200 + 500 * i, `${turns}`)
  })

  test('are not sent all at once when the store stalled after their turns had come', async () => {
    const { now, pause } = virtualTime()
    const recovered = pause(4_000)
    const sent: number[] = []
    const { names, zones } = memoryStore()
    const route53: Route53 = {
      async change() {
        sent.push(now())
        return { kind: 'accepted', id: 'C1' }
      },
      list: () => assert.fail('nothing to look for'),
      changeStatus: () => assert.fail('nothing to ask for'),
    }
    const parts: MirrorParts = {
      names,
      zones,
      store: { ...memoryMirrorStore(), setInflight: () => recovered },
      route53,
      pace: createPace(memoryPaceStore(), 2, now, pause),
      now,
      pause,
      report: () => {},
    }
    await Promise.all(Array.from({ length: 9 }, (_, i) => sendOne(parts, `Z${i}`)))
    assert.equal(sent.length, 9)
    for (const time of sent) {
      const within = sent.filter((other) => other >= time && other < time + 1_000).length
      assert.ok(within <= 3, `${within} requests within a second: ${sent}`)
    }
  })
})

describe('the question whether the last change is everywhere', () => {
  test('is not asked where the answer would come when the time is up', async () => {
    const { world, asked, ask } = await newAsked()
    await world.parts.pace.slowDown(5 * MINUTES - 10_000)
    await ask()
    assert.equal(asked.length, 0)
    world.clock.now += MINUTES
    await ask()
    assert.equal(asked.length, 1)
  })

  test('is not asked again days later, when nobody knows the change any more', async () => {
    const { world, asked, ask } = await newAsked()
    await ask()
    assert.equal(asked.length, 1)
    for (let day = 1; day <= 3; day++) {
      world.clock.now += 24 * 60 * MINUTES
      await ask()
    }
    assert.equal(asked.length, 1)
  })
})

// ---------------------------------------------------------------------------

/** A world in which a change was sent, of which AWS knows nothing whenever it is asked, and the times when it was. */
async function newAsked(): Promise<{ world: World; asked: readonly number[]; ask: () => Promise<void> }> {
  const world = await newWorld()
  await world.register('h', A1)
  await world.tell()
  await world.run({ task: 'drain', hostedZones: [world.hostedZone] })
  const asked: number[] = []
  const changeStatus: Route53['changeStatus'] = async () => {
    asked.push(world.clock.now)
    return { kind: 'fault', code: 'NoSuchChange', message: '' }
  }
  const store = { ...world.store, changeNote: async () => undefined } // as when its note has expired
  const parts = { ...world.parts, store, route53: { ...world.route53, changeStatus } }
  return { world, asked, ask: () => world.run(undefined, parts) }
}

/** A batch of one new name to a hosted zone of its own. */
async function sendOne(parts: MirrorParts, hostedZone: string): Promise<void> {
  const until = 5 * MINUTES
  const session = createSession(parts, { ...newZone(zone), hostedZone }, { holder: 'x', until }, until)
  const row = emptyRow(at('h'))
  const plan = planName(zone, { name: at('h'), zone, version: 1, rrsets: A1 }, row, 0)
  const draft = new Draft(plan, { name: at('h'), token: 't', at: 0 }, row)
  await send(session, [{ draft, changes: plan.changes }])
}

/** A clock that goes on to the next one who waits whenever nobody has anything else to do. */
function virtualTime(): Pick<MirrorParts, 'now' | 'pause'> {
  let time = 0
  const waiting: { readonly until: number; readonly wake: () => void }[] = []
  const wakeNext = () => {
    const next = waiting.sort((one, other) => one.until - other.until).shift()
    if (next === undefined) return
    time = next.until
    next.wake()
  }
  return {
    now: () => time,
    pause: (ms) =>
      new Promise((wake) => {
        waiting.push({ until: time + ms, wake })
        setImmediate(wakeNext)
      }),
  }
}
