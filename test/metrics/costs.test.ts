import assert from 'node:assert/strict'
import { test } from 'node:test'
import { costLines, type Sum, sumsOf } from '../../shared/metrics/costs.ts'
import { monthly } from '../../shared/metrics/prices.ts'
import { everything, least, local } from './deployed.ts'

const MINUTE = 60 // seconds of a period

test('a month of a task, by list price', () => {
  const task = (cpu: number, memory: number, architecture: 'arm64' | 'x86_64') =>
    monthly.task({ cpu, memory, architecture }).toFixed(2)
  assert.equal(task(256, 512, 'arm64'), '7.21') // 730 × (0.25 × 0.03238 + 0.5 × 0.00356)
  assert.equal(task(1024, 2048, 'x86_64'), '36.04') // 730 × (0.04048 + 2 × 0.004445)
})

test('an idle responder costs its tasks and the load balancer', () => {
  const idle = costsOf(sumsOf(costLines, everything), { CPUUtilization: 2 }) // ECS: one sample a minute for each task
  assert.deepEqual(idle, { tasks: '14.40', 'load balancer': '16.43', DynamoDB: '0.00', Lambda: '0.00', API: '0.00' })
})

test('what each line comes to at a rate', () => {
  const busy = costsOf(sumsOf(costLines, least), {
    ConsumedWriteCapacityUnits: 10 * MINUTE,
    ConsumedReadCapacityUnits: 100 * MINUTE,
    Invocations: MINUTE, // of each of five functions
    Duration: 20 * MINUTE, // ms, of one of 512 MB
    Count: 2 * MINUTE,
  })
  assert.deepEqual(busy, {
    DynamoDB: (26.28 * 0.625 + 262.8 * 0.125).toFixed(2),
    Lambda: (5 * 2.628 * 0.2 + 0.5 * 0.02 * 2_628_000 * 0.0000133334).toFixed(2),
    API: '5.26',
  })
})

test('a rate is the same whatever the period is', () => {
  const sums = sumsOf(costLines, least)
  const [minute, hour] = [60, 3600].map((period) => costsOf(sums, { Count: period }, period))
  assert.deepEqual(minute, hour)
})

test('on one machine nothing has a price', () => {
  assert.deepEqual(sumsOf(costLines, local), [])
})

// ---------------------------------------------------------------------------

/** Works out the expressions as CloudWatch does, with these values by the name of the metric; a value that is missing is 0. */
function costsOf(sums: readonly Sum[], values: Readonly<Record<string, number>>, period = MINUTE) {
  const dollars = sums.map(({ label, expression, metrics }) => {
    const terms = expression.split('+').map((term) => {
      const [, factor, id, divisor] = /^([\d.]+)(?:\*(\w+)(?:\/PERIOD\((\w+)\))?)?$/.exec(term) ?? []
      assert.ok(factor !== undefined, term)
      if (id === undefined) return Number(factor)
      assert.ok(id in metrics && (divisor === undefined || divisor === id), term)
      const value = values[metrics[id]?.metric.name ?? ''] ?? 0
      return (Number(factor) * value) / (divisor === undefined ? 1 : period)
    })
    return [label, terms.reduce((sum, term) => sum + term, 0).toFixed(2)]
  })
  return Object.fromEntries(dollars)
}
