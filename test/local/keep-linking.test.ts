import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keepLinking } from '../../local/keep-linking.ts'
import type { Links } from '../../local/linking.ts'
import { canonicalName } from '../../shared/dns/name.ts'
import { eventually } from '../eventually.ts'

const A = canonicalName('a.example.org')
const B = canonicalName('b.example.org')
const none: Links = { hostedZones: new Map(), missing: new Map([A, B].map((zone) => [zone, 'no route'])) }
const half: Links = { hostedZones: new Map([[A, 'Z1']]), missing: new Map([[B, 'no quota']]) }
const all: Links = {
  hostedZones: new Map([
    [A, 'Z1'],
    [B, 'Z2'],
  ]),
  missing: new Map(),
}

test('all at once: nothing is said, and nothing done again', async () => {
  const world = new World(all)
  const linking = await world.start()
  assert.equal(linking.links, all)
  await linking.stop()
  assert.deepEqual(world.seen, { attempts: 1, linked: 1, pauses: [], log: [] })
})

test('out of reach for a while: told once, tried later and later, told when it is over', async () => {
  const world = new World(none, none, 'the zones cannot be read', none, half, all)
  const linking = await world.start()
  assert.equal(linking.links, none)
  await eventually(() => assert.equal(world.seen.attempts, 6))
  await linking.stop()
  assert.deepEqual(world.seen, {
    attempts: 6,
    linked: 2,
    pauses: [1000, 2000, 4000, 8000, 16_000],
    log: [
      'not mirrored to Route 53: a.example.org. b.example.org. (no route); they are answered all the same, and it is tried again',
      'a.example.org. b.example.org.: mirrored to Route 53 now',
    ],
  })
})

test('one that is refused for good is told with its reason, and its pauses have a bound', async () => {
  const world = new World(...Array.from({ length: 9 }, () => half))
  const linking = await world.start()
  await eventually(() => assert.ok(world.seen.pauses.length >= 8))
  await linking.stop()
  assert.equal(world.seen.linked, 1)
  assert.equal(Math.max(...world.seen.pauses), 60_000)
  assert.equal(world.seen.log.length, 1)
  assert.match(world.seen.log[0] ?? '', /^not mirrored to Route 53: b\.example\.org\. \(no quota\); /)
})

// ---------------------------------------------------------------------------

/** What each attempt comes to, a text being an error; after the last it waits for the end. */
class World {
  readonly seen = { attempts: 0, linked: 0, pauses: [] as number[], log: [] as string[] }
  readonly #outcomes: (Links | string)[]

  constructor(...outcomes: (Links | string)[]) {
    this.#outcomes = outcomes
  }

  start() {
    const { seen } = this
    return keepLinking({
      link: async () => {
        seen.attempts++
        const outcome = this.#outcomes.shift()
        if (typeof outcome !== 'object') throw new Error(outcome)
        return outcome
      },
      linked: () => seen.linked++,
      tell: (line) => seen.log.push(line),
      sleep: async (ms, signal) => {
        seen.pauses.push(ms)
        if (this.#outcomes.length === 0) await new Promise((end) => signal.addEventListener('abort', end))
      },
    })
  }
}
