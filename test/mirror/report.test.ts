import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MirrorEvent } from '../../functions/mirror/parts.ts'
import { createReporter } from '../../functions/mirror/report.ts'
import { NO_COUNTS } from '../../shared/mirror/no-counts.ts'
import { at, zone } from './text.ts'

const refusal = { code: 'foreign', message: 'AWS says no', at: 0 } as const

test('what is wrong is logged, with all that is known of it', () => {
  const lines: unknown[] = []
  const take = (level: string) => (text: string, fields: Record<string, unknown>) =>
    void lines.push([level, text, fields])
  const log = { info: take('info'), warn: take('warn'), error: take('error') }
  const { report } = createReporter(log)
  report({ kind: 'refused', zone, name: at('h'), type: 'A', refusal })
  report({ kind: 'fault', zone, fault: { code: 'AccessDenied', message: 'not you', since: 0, retryAt: 30_000 } })
  report({ kind: 'unknown', zone, reason: 'time out' })
  report({ kind: 'batch', zone, names: 1, values: 1, characters: 9 })
  assert.deepEqual(lines, [
    ['error', 'RRset quarantined', { zone, name: at('h'), type: 'A', code: 'foreign', reason: 'AWS says no' }],
    [
      'error',
      'hosted zone takes nothing',
      { zone, code: 'AccessDenied', reason: 'not you', retryAt: new Date(30_000) },
    ],
    ['warn', 'answer of Route 53 lost', { zone, reason: 'time out' }],
  ])
})

test('the figures of an invocation are one line for each zone', () => {
  const other = at('other')
  const lines = printed(({ report, publish }) => {
    const events: MirrorEvent[] = [
      { kind: 'request', zone, operation: 'change' },
      { kind: 'request', zone, operation: 'list' },
      { kind: 'lag', zone, ms: 300 },
      { kind: 'refused', zone, name: at('h'), type: 'A', refusal },
      { kind: 'backlog', zone: other, marked: 3, refused: 1, ms: 20 },
      { kind: 'walked', zone: other, walk: 'reconcile', counts: { ...NO_COUNTS, missing: 2 } },
    ]
    events.forEach(report)
    publish()
    publish() // there is nothing more to tell
  })
  assert.deepEqual(lines.map((line) => line.zone).sort(), [zone, other])
  const [one, two] = [zone, other].map((name) => lines.find((line) => line.zone === name))
  assert.deepEqual(
    [one?.Route53Requests, one?.MirrorLag, one?.Quarantined].map((figure) => [figure].flat()),
    [[1, 1], [300], [1]],
  )
  assert.deepEqual(
    [two?.NamesPending, two?.MirrorWait, two?.DriftMissing].map((figure) => [figure].flat()),
    [[3], [20], [2]],
  )
  const { Namespace, Dimensions } = (
    one?._aws as { CloudWatchMetrics: { Namespace: string; Dimensions: string[][] }[] }
  ).CloudWatchMetrics[0] ?? { Namespace: '', Dimensions: [] }
  assert.deepEqual([Namespace, Dimensions.map((set) => set.sort())], ['Namestream', [['service', 'zone']]])
})

// ---------------------------------------------------------------------------

/** The lines that Lambda would take from standard output, each one JSON. */
function printed(work: (reporter: ReturnType<typeof createReporter>) => void): readonly Record<string, unknown>[] {
  const lines: string[] = []
  const write = process.stdout.write
  process.stdout.write = (chunk) => lines.push(String(chunk)) > 0
  try {
    work(createReporter({ info() {}, warn() {}, error() {} }))
  } finally {
    process.stdout.write = write
  }
  return lines
    .join('')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
}
