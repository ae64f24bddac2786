import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AlarmWatch } from '../../../local/dashboard/alarms.ts'
import { localDeployed } from '../../../local/metrics/deployed.ts'
import { functionMetric } from '../../../local/metrics/measured.ts'
import { MetricStore } from '../../../local/metrics/store.ts'
import { alarmsOf } from '../../../shared/metrics/alarms.ts'

const START = Date.UTC(2026, 0, 1)
const SECOND = 1000
const deployed = localDeployed({ auth: false, mirror: true, probe: false, functions: false, zones: ['a.example.'] })
const CACHE_AGE = { namespace: 'Namestream', name: 'CacheAge', dimensions: { service: 'responder' } }

/** A stack that runs since START; its clock is set by hand. */
function world() {
  let now = START
  const told: string[] = []
  const store = new MetricStore(() => now)
  const watch = new AlarmWatch({ alarms: alarmsOf(deployed), store, since: START, tell: (line) => told.push(line) })
  return {
    store,
    told: () => told.splice(0),
    look: () => watch.look(now),
    state: (id: string) => watch.look(now).find((alarm) => alarm.id === id)?.state,
    /** Lets time go by and does something every 5 s. */
    pass(seconds: number, each: (at: number) => void = () => {}) {
      for (const end = now + seconds * SECOND; now < end; ) {
        now += 5 * SECOND
        each(now)
      }
    },
  }
}

test('one look at a fresh stack: nothing is raised, and nothing is told', () => {
  const { look, told } = world()
  const states = Object.fromEntries(look().map(({ id, state }) => [id, state]))
  assert.deepEqual(
    Object.keys(states).filter((id) => states[id] === 'no data'),
    ['StaleAnswers', 'LeasesUnwatched', 'MirrorWaits a.example.'],
  )
  assert.ok(!Object.values(states).includes('alarm'))
  assert.deepEqual(told(), [])
})

test('only what this stack has is watched', () => {
  const ids = world()
    .look()
    .map(({ id }) => id)
  for (const absent of ['NoTask', 'UnhealthyTask', 'ProbeFails']) assert.ok(!ids.includes(absent), absent)
  assert.deepEqual(
    ids.filter((id) => id.startsWith('FunctionFails')),
    ['dynapi', 'registrations', 'mirror', 'mirror-api'].map((fn) => `FunctionFails ${fn}`),
  )
})

describe('missing data', () => {
  test('raises an alarm for which it is bad only once its window has passed', () => {
    const { state, pass, told } = world()
    pass(180)
    assert.equal(state('StaleAnswers'), 'no data')
    pass(5)
    assert.equal(state('StaleAnswers'), 'alarm')
    assert.equal(state('MirrorWaits a.example.'), 'no data')
    assert.deepEqual(told(), ['alarm: StaleAnswers: CacheAge (Maximum) > 10 s in 3 of 3 times 1 min, or no data'])
  })

  test('that comes late is no reason either', () => {
    const { store, state, pass } = world()
    pass(60, (at) => store.add(CACHE_AGE, 0.1, at))
    assert.equal(state('StaleAnswers'), 'ok')
    pass(120)
    assert.equal(state('StaleAnswers'), 'ok')
  })
})

test('an alarm is raised, told once, and told again when it is over', () => {
  const { store, state, look, pass, told } = world()
  const about = (lines: readonly string[]) => lines.filter((line) => line.includes('StaleAnswers'))
  pass(300, (at) => store.add(CACHE_AGE, 0.2, at))
  assert.equal(state('StaleAnswers'), 'ok')
  pass(120, (at) => store.add(CACHE_AGE, 30, at))
  assert.equal(state('StaleAnswers'), 'ok')
  pass(10, (at) => store.add(CACHE_AGE, 30, at))
  assert.equal(state('StaleAnswers'), 'alarm')
  const { since, runbook } = look().find(({ id }) => id === 'StaleAnswers') ?? { since: 0, runbook: '' }
  assert.equal(since, START + 430 * SECOND)
  assert.match(runbook, /change log/)
  pass(30, (at) => {
    store.add(CACHE_AGE, 30, at)
    look()
  })
  assert.deepEqual(about(told()), ['alarm: StaleAnswers: CacheAge (Maximum) > 10 s in 3 of 3 times 1 min, or no data'])
  pass(65, (at) => store.add(CACHE_AGE, 0.2, at))
  assert.equal(state('StaleAnswers'), 'ok')
  assert.deepEqual(about(told()), ['alarm: StaleAnswers is over'])
})

test('so many within five minutes, and no longer', () => {
  const { store, state, look, pass, told } = world()
  pass(600)
  look()
  told()
  for (let i = 0; i < 3; i++) store.add(functionMetric('Errors', 'dynapi'), 1, START + 600 * SECOND)
  pass(5)
  assert.equal(state('FunctionFails dynapi'), 'alarm')
  assert.equal(state('FunctionFails mirror'), 'ok')
  assert.deepEqual(told(), ['alarm: FunctionFails dynapi: Errors (Sum) >= 3 within 5 min'])
  pass(300)
  assert.equal(state('FunctionFails dynapi'), 'ok')
})
