import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MirrorEvent } from '../../functions/mirror/parts.ts'
import { createReport } from '../../functions/mirror/report.ts'
import { NO_COUNTS } from '../../shared/mirror/no-counts.ts'
import { at, zone } from './text.ts'

const refusal = { code: 'foreign', message: 'AWS says no', at: 0 } as const

test('what is wrong is logged, with all that is known of it', () => {
  const lines: unknown[] = []
  const take = (level: string) => (text: string, fields: Record<string, unknown>) =>
    void lines.push([level, text, fields])
  const log = { info: take('info'), warn: take('warn'), error: take('error') }
  const report = createReport(log, () => {})
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

test('what happens is figures of its zone', () => {
  const other = at('other')
  const measured: unknown[][] = []
  const report = createReport({ info() {}, warn() {}, error() {} }, (...figure) => measured.push(figure))
  const events: MirrorEvent[] = [
    { kind: 'request', zone, operation: 'change' },
    { kind: 'lag', zone, ms: 300 },
    { kind: 'refused', zone, name: at('h'), type: 'A', refusal },
    { kind: 'backlog', zone: other, marked: 3, refused: 1, ms: 20 },
    { kind: 'walked', zone: other, walk: 'reconcile', counts: { ...NO_COUNTS, missing: 2, foreign: 5 } },
  ]
  events.forEach(report)
  assert.deepEqual(measured, [
    ['Route53Requests', 1, zone],
    ['MirrorLag', 300, zone],
    ['Quarantined', 1, zone],
    ['NamesPending', 3, other],
    ['NamesQuarantined', 1, other],
    ['MirrorWait', 20, other],
    ['DriftMissing', 2, other],
    ['DriftChanged', 0, other],
    ['DriftUnmirrored', 0, other],
    ['ForeignRecordSets', 5, other],
  ])
})
