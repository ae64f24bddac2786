import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { invoke, type LocalFunction } from '../../../local/lambda.ts'
import {
  apiMetric,
  functionMetric,
  GivenUpMessages,
  measuredApi,
  measuredFunction,
  queueMetric,
  queueOf,
} from '../../../local/metrics/measured.ts'
import { MetricStore } from '../../../local/metrics/store.ts'
import { eventually } from '../../eventually.ts'

const NOW = Date.UTC(2026, 0, 1)
const now = () => NOW

describe('a function', () => {
  const measured = (handler: LocalFunction['handler'], timeoutMs = 10_000) => {
    const store = new MetricStore(now)
    const fn = measuredFunction({ name: 'f', handler, timeoutMs }, store, now)
    const total = (name: string) => store.total(functionMetric(name, 'f'))
    return { fn, total }
  }

  test('that gives a result', async () => {
    const { fn, total } = measured(async (event: { n: number }) => event.n + 1)
    assert.equal(await invoke(fn, { n: 1 }), 2)
    assert.equal(await invoke(fn, { n: 2 }), 3)
    assert.deepEqual([total('Invocations')?.sum, total('Errors')?.sum, total('Errors')?.count], [2, 0, 2])
    assert.equal(total('Duration')?.count, 2)
    assert.equal(total('IteratorAge'), undefined)
  })

  test('that fails', async () => {
    const { fn, total } = measured(async () => {
      throw new Error('no')
    })
    await assert.rejects(invoke(fn, {}), { message: 'no' })
    assert.deepEqual([total('Invocations')?.sum, total('Errors')?.sum], [1, 1])
  })

  test('that overruns its time has failed, whatever comes of it later', async () => {
    let finish = () => {}
    const { fn, total } = measured(() => new Promise<void>((resolve) => (finish = resolve)), 20)
    await assert.rejects(invoke(fn, {}), /did not end within/)
    await eventually(() => assert.equal(total('Errors')?.sum, 1))
    finish()
    await new Promise((later) => setImmediate(later))
    assert.deepEqual([total('Invocations')?.sum, total('Errors')?.sum], [1, 1])
    assert.ok((total('Duration')?.sum ?? 0) >= 19)
  })

  const record = (NewImage?: object) => ({ dynamodb: { ApproximateCreationDateTime: NOW / 1000 - 300, NewImage } })
  const ages: [title: string, records: readonly object[], age: number][] = [
    ['a name that says when it was written', [record({ by: { M: { at: { N: String(NOW - 1200) } } } })], 1200],
    ['a segment', [record({ at: { N: String(NOW - 700) }, changes: { L: [] } })], 700],
    ['the oldest of several', [record({ at: { N: String(NOW - 5) } }), record({ at: { N: String(NOW - 9) } })], 9],
    ['one that says nothing is not made older than it is', [record()], 240_000],
    ['one from the future, by clocks that differ', [record({ at: { N: String(NOW + 50) } })], 0],
  ]
  for (const [title, Records, age] of ages) {
    test(`that reads a stream: the age of ${title}`, async () => {
      const { fn, total } = measured(async () => {})
      await invoke(fn, { Records })
      assert.deepEqual(total('IteratorAge'), { count: 1, sum: age, last: age })
    })
  }

  test('that reads a stream of nothing has no age', async () => {
    const { fn, total } = measured(async () => {})
    await invoke(fn, { Records: [] })
    assert.equal(total('IteratorAge'), undefined)
  })
})

test('an API: answers, and which of them are errors', () => {
  const store = new MetricStore(now)
  const answered = measuredApi(store, now)
  for (const status of [200, 204, 302, 400, 404, 499, 500, 503]) answered(status, 10)
  const sums = ['Count', '4xx', '5xx', 'Latency'].map((name) => store.total(apiMetric(name))?.sum)
  assert.deepEqual(sums, [8, 3, 2, 80])
})

test('a queue: all that was given up so far, whenever it is told', () => {
  const store = new MetricStore(now)
  const messages = new GivenUpMessages(store, ['a', 'b'])
  const last = () => ['a', 'b'].map((fn) => store.total(queueMetric(queueOf(fn)))?.last)
  messages.tell(NOW)
  assert.deepEqual(last(), [0, 0])
  messages.add('b')
  messages.add('b')
  messages.tell(NOW)
  assert.deepEqual(last(), [0, 2])
})
