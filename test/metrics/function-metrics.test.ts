import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
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

test('a figure that is none is not written', async () => {
  const { measure, publishing } = functionMetrics('zones')
  const handler = publishing(async () => {
    measure('ZonesServed', Number.NaN)
    measure('ZonesMirrored', Number.POSITIVE_INFINITY)
  })
  assert.deepEqual((await printed(handler)).lines, [])
})

test('a log that takes nothing is no fault of the invocation', async () => {
  let refused = 0
  const result = await withConsole('false', refuse, () => {
    const { measure, publishing } = functionMetrics('zones')
    const handler = async () => {
      for (let i = 0; i < 150; i++) measure('ZonesServed', 1)
      return 'done'
    }
    return publishing(handler)()
  })
  assert.deepEqual([result, refused], ['done', 2], 'when there were a hundred values, and in the end')

  function refuse(): never {
    refused++
    throw new Error('ENOSPC')
  }
})

describe('where POWERTOOLS_DEV says that it is no Lambda, and POWERTOOLS_METRICS_DISABLED is', () => {
  const cases: readonly [disabled: string | undefined, heard: readonly number[]][] = [
    ['false', [2]],
    ['true', []],
    [undefined, []],
  ]
  for (const [disabled, expected] of cases) {
    test(`${disabled}: ${expected.length} lines on the console`, async () => {
      const heard: string[] = []
      await withConsole(
        disabled,
        (line) => heard.push(line),
        async () => {
          const { measure, publishing } = functionMetrics('zones')
          await publishing(async () => measure('ZonesServed', 2))()
        },
      )
      assert.deepEqual(
        heard.map((line) => JSON.parse(line).ZonesServed),
        expected,
      )
    })
  }
})

/** What must not compile: tsc says so if it does. */
void (() => {
  const [zones, mirror] = [functionMetrics('zones'), functionMetrics('mirror')]
  // @ts-expect-error a metric of another service
  zones.measure('Changes', 1)
  // @ts-expect-error a zone where there is no such dimension
  zones.measure('ZonesServed', 1, 'a.example.')
  // @ts-expect-error no zone
  mirror.measure('MirrorLag', 1)
  // @ts-expect-error a service that is not in the catalogue
  functionMetrics('resolver')
})

// ---------------------------------------------------------------------------

/** Does some work as the local stack has functions do theirs: what they print comes to `log`. */
async function withConsole<T>(
  disabled: string | undefined,
  log: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const { console } = globalThis
  globalThis.console = { ...console, log }
  process.env.POWERTOOLS_DEV = 'true'
  if (disabled !== undefined) process.env.POWERTOOLS_METRICS_DISABLED = disabled
  try {
    return await work()
  } finally {
    globalThis.console = console
    delete process.env.POWERTOOLS_DEV
    delete process.env.POWERTOOLS_METRICS_DISABLED
  }
}
