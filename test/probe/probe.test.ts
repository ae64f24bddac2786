/** A run of the probe, with a clock and steps of the test's own. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addressAt } from '../../functions/probe/address.ts'
import { type Found, type Limits, type Place, type ProbeParts, runProbe } from '../../functions/probe/probe.ts'

const ADDRESS = '198.18.0.1'
const LONG: Limits = { prepare: 60_000, register: 60_000, responder: 60_000, route53: 60_000 }
const clock = { ms: 0 }

/** Each step lets so much time pass. */
const registering = (ms: number) => async () => {
  clock.ms += ms
}
const place = (ms: number, found: Found | Error, prepareMs = 0): Place => ({
  async prepare() {
    clock.ms += prepareMs
  },
  async find() {
    clock.ms += ms
    if (found instanceof Error) throw found
    return found
  },
})
const hanging = (): Promise<never> => new Promise(() => {})

function run(parts: Partial<ProbeParts>) {
  clock.ms = 1_000
  return runProbe(ADDRESS, { register: registering(0), places: {}, now: () => clock.ms, limits: LONG, ...parts })
}

describe('what is measured', () => {
  test('the registration, from its beginning to the acknowledgement; what is prepared is no part of it', async () => {
    const { address, steps } = await run({
      register: registering(40),
      places: { responder: place(0, {}, 7_000), route53: place(0, {}, 300) },
    })
    assert.deepEqual([address, steps.register], [ADDRESS, { ms: 40 }])
  })

  test('from the acknowledgement until it was there, the time since then taken off', async () => {
    const { steps } = await run({ register: registering(40), places: { responder: place(180, { sinceMs: 25 }) } })
    assert.deepEqual(steps, { register: { ms: 40 }, responder: { ms: 155 } })
  })

  test('never less than nothing', async () => {
    const { steps } = await run({ places: { route53: place(5, { sinceMs: 5.1 }) } })
    assert.deepEqual(steps.route53, { ms: 0 })
  })

  test('nothing where it is not known since when, and what is told is passed on', async () => {
    const found = { failure: 'over TCP: no answer', told: { cold: true } }
    const { steps } = await run({ places: { responder: place(5, found) } })
    assert.deepEqual(steps.responder, found)
  })

  test('the same address is registered and looked for', async () => {
    const seen: string[] = []
    const noted = async (address: string) => {
      seen.push(address)
    }
    const looking: Place = { prepare: async () => {}, find: async (address) => noted(address).then(() => ({})) }
    await run({ register: noted, places: { responder: looking, route53: looking } })
    assert.deepEqual(seen, [ADDRESS, ADDRESS, ADDRESS])
  })

  test('without places, the registration alone', async () => {
    assert.deepEqual((await run({ register: registering(3) })).steps, { register: { ms: 3 } })
  })
})

describe('what fails', () => {
  test('the registration: nothing is looked for', async () => {
    const { steps } = await run({
      register: () => Promise.reject(new Error('the API answered 503 "no"')),
      places: { responder: place(0, new Error('it was looked for')) },
    })
    assert.deepEqual(steps, { register: { failure: 'the API answered 503 "no"' } })
  })

  test('one place: the other is looked at all the same', async () => {
    const { steps } = await run({
      places: { responder: place(1, new Error('no answer')), route53: place(1, { sinceMs: 0 }) },
    })
    assert.deepEqual([steps.responder, steps.route53?.failure], [{ failure: 'no answer' }, undefined])
  })

  test('what is to be prepared: the rest goes on', async () => {
    const failing: Place = {
      ...place(9, { sinceMs: 0 }),
      prepare() {
        throw new TypeError('at once')
      },
    }
    assert.deepEqual((await run({ places: { responder: failing } })).steps.responder, { ms: 9 })
  })
})

describe('what takes too long ends all the same', { concurrency: true }, () => {
  const limits: Limits = { prepare: 20, register: 20, responder: 20, route53: 40 }

  test('the registration', async () => {
    const { steps } = await run({ register: hanging, limits })
    assert.deepEqual(steps, { register: { failure: 'not done within 0.02 s' } })
  })

  test('preparing, and then looking', async () => {
    const stuck: Place = { prepare: hanging, find: hanging }
    const { steps } = await run({ places: { responder: stuck, route53: stuck }, limits })
    assert.deepEqual(
      [steps.responder, steps.route53],
      [{ failure: 'not done within 0.02 s' }, { failure: 'not done within 0.04 s' }],
    )
  })

  test('a step that heeds the signal says what it saw', async () => {
    const heeding: Place = {
      prepare: async () => {},
      find: (_, signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('NXDOMAIN to the end')))),
    }
    const { steps } = await run({ places: { responder: heeding }, limits })
    assert.deepEqual(steps.responder, { failure: 'NXDOMAIN to the end' })
  })

  test('the reason is what a request is ended with', async () => {
    const { steps } = await run({
      register: (_, signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      limits,
    })
    assert.deepEqual(steps.register, { failure: 'not done within 0.02 s' })
  })
})

describe('the address of a run', () => {
  test('is in 198.18.0.0/15, and another one for so many runs', () => {
    const begin = Date.UTC(2026, 0, 1)
    const all = Array.from({ length: 2 ** 17 }, (_, i) => addressAt(begin + 100 * i))
    assert.equal(new Set(all).size, 2 ** 17)
    for (const address of all) assert.match(address, /^198\.1[89]\.\d{1,3}\.\d{1,3}$/)
  })

  test('begins and ends with the block', () => {
    assert.deepEqual([0, 99, 100, (2 ** 17 - 1) * 100, 2 ** 17 * 100].map(addressAt), [
      '198.18.0.0',
      '198.18.0.0',
      '198.18.0.1',
      '198.19.255.255',
      '198.18.0.0',
    ])
  })
})
