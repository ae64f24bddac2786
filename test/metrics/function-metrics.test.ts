import assert from 'node:assert/strict'
import { test } from 'node:test'
import { functionMetrics } from '../../shared/metrics/function-metrics.ts'
import { printed } from './printed.ts'

const nothing = async () => {}

test('the figures of an invocation are one line when it ends, with the unit of the catalogue', async () => {
  const { measure, publishing } = functionMetrics('sequencer')
  const handler = publishing(async (changes: number, delay: number) => {
    measure('Changes', changes)
    measure('LogDelay', delay)
    return 'done'
  })
  const { result, lines } = await printed(() => handler(3, 250))
  assert.equal(result, 'done')
  assert.deepEqual(
    lines.map(({ _aws, ...members }) => [(_aws as { CloudWatchMetrics: unknown }).CloudWatchMetrics, members]),
    [
      [
        [
          {
            Namespace: 'Namestream',
            Dimensions: [['service']],
            Metrics: [
              { Name: 'Changes', Unit: 'Count' },
              { Name: 'LogDelay', Unit: 'Milliseconds' },
            ],
          },
        ],
        { service: 'sequencer', Changes: 3, LogDelay: 250 },
      ],
    ],
  )
  assert.deepEqual((await printed(() => publishing(nothing)())).lines, [], 'and nothing is told twice')
})

test('they are written as well when the invocation throws', async () => {
  const { measure, publishing } = functionMetrics('dynapi')
  const handler = publishing(async () => {
    measure('Faults', 1)
    throw new Error('by the test')
  })
  const { result, lines } = await printed(() => handler().catch((error: Error) => error.message))
  assert.deepEqual([result, lines.map(({ Faults }) => Faults)], ['by the test', [1]])
})

test('those of the mirror are one line for each zone', async () => {
  const { measure, publishing } = functionMetrics('mirror')
  const handler = publishing(async () => {
    measure('Route53Requests', 1, 'a.example.')
    measure('Route53Requests', 1, 'b.example.')
    measure('Route53Requests', 1, 'a.example.')
  })
  const { lines } = await printed(handler)
  assert.deepEqual(
    lines.map(({ service, zone, Route53Requests }) => [service, zone, Route53Requests]),
    [
      ['mirror', 'a.example.', [1, 1]],
      ['mirror', 'b.example.', 1],
    ],
  )
})

test('more values than a line may hold are several lines, and none is lost', async () => {
  const { measure, publishing } = functionMetrics('mirror')
  const handler = publishing(async () => {
    for (let i = 0; i < 250; i++) measure('BatchNames', i, 'a.example.')
  })
  const { lines } = await printed(handler)
  const values = lines.map(({ BatchNames }) => BatchNames as number[])
  assert.deepEqual(
    values.map(({ length }) => length),
    [100, 100, 50],
  )
  assert.deepEqual(
    values.flat(),
    Array.from({ length: 250 }, (_, i) => i),
  )
})

test('a figure that is none, or a log that takes nothing, is no fault of the invocation', async () => {
  const { measure, publishing } = functionMetrics('zones')
  const handler = publishing(async () => {
    measure('ZonesServed', Number.NaN)
    measure('ZonesMirrored', Number.POSITIVE_INFINITY)
  })
  assert.deepEqual((await printed(handler)).lines, [])
  const full = publishing(async () => {
    for (let i = 0; i < 150; i++) measure('ZonesServed', 1)
    return 'done'
  })
  const refused = () => {
    throw new Error('ENOSPC')
  }
  assert.equal((await printed(full, refused)).result, 'done')
})

test('the local stack hears them on its console, and nobody where they are turned off', async () => {
  for (const [disabled, expected] of [
    ['false', [2]],
    ['true', []],
    [undefined, []],
  ] as const) {
    Object.assign(process.env, { POWERTOOLS_DEV: 'true', POWERTOOLS_METRICS_DISABLED: disabled ?? '' })
    if (disabled === undefined) delete process.env.POWERTOOLS_METRICS_DISABLED
    const heard: string[] = []
    const { console } = globalThis
    globalThis.console = { ...console, log: (line: string) => void heard.push(line) } as Console
    try {
      const { measure, publishing } = functionMetrics('zones')
      await publishing(async () => measure('ZonesServed', 2))()
    } finally {
      globalThis.console = console
      delete process.env.POWERTOOLS_DEV
      delete process.env.POWERTOOLS_METRICS_DISABLED
    }
    assert.deepEqual(
      heard.map((line) => JSON.parse(line).ZonesServed),
      expected,
    )
  }
})
