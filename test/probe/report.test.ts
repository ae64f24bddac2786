import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Metrics } from '@aws-lambda-powertools/metrics'
import type { Outcome } from '../../functions/probe/probe.ts'
import { createReport, type Figures, publishing } from '../../functions/probe/report.ts'
import { NAMESPACE } from '../../shared/metrics/catalogue.ts'

const address = '198.18.0.1'

describe('a run', () => {
  const rows: readonly [title: string, steps: Outcome['steps'], figures: Figures, level: string][] = [
    [
      'that went well',
      { register: { ms: 40 }, responder: { ms: 155, told: { cold: false } }, route53: { ms: 1_004 } },
      { ProbeWriteTime: 40, ProbeAnswer: 155, ProbeRoute53: 1_004, ProbeFailures: 0 },
      'info',
    ],
    [
      'in which the responder did not answer',
      { register: { ms: 40 }, responder: { failure: 'no answer' }, route53: { ms: 1_004 } },
      { ProbeWriteTime: 40, ProbeRoute53: 1_004, ProbeFailures: 1 },
      'error',
    ],
    [
      'in which it did not over TCP',
      { register: { ms: 40 }, responder: { ms: 155, failure: 'over TCP: no answer' } },
      { ProbeWriteTime: 40, ProbeAnswer: 155, ProbeFailures: 1 },
      'error',
    ],
    [
      'in which nobody answered',
      { register: { ms: 40 }, responder: { failure: 'no answer' }, route53: { failure: 'nothing' } },
      { ProbeWriteTime: 40, ProbeFailures: 2 },
      'error',
    ],
    ['that could not register', { register: { failure: '503' } }, { ProbeFailures: 1 }, 'error'],
    [
      'whose lookup began late',
      { register: { ms: 40 }, responder: { told: { cold: true } } },
      { ProbeWriteTime: 40, ProbeFailures: 0 },
      'info',
    ],
    ['without places', { register: { ms: 0 } }, { ProbeWriteTime: 0, ProbeFailures: 0 }, 'info'],
  ]
  for (const [title, steps, figures, level] of rows) {
    test(title, () => {
      const told: unknown[] = []
      const take = (of: string) => (message: string, fields: object) => void told.push([of, message, fields])
      createReport({ info: take('info'), error: take('error') }, (given) => told.push(given))({ address, steps })
      assert.deepEqual(told, [[level, 'probe', { address, ...steps }], figures])
    })
  }
})

test('the figures of a run are one line, with the service as their one dimension', () => {
  const lines: string[] = []
  const write = process.stdout.write
  process.stdout.write = (chunk) => lines.push(String(chunk)) > 0
  try {
    const publish = publishing(new Metrics({ namespace: NAMESPACE, serviceName: 'probe' }))
    publish({ ProbeWriteTime: 40, ProbeAnswer: 155.5, ProbeFailures: 0 })
    publish({ ProbeFailures: 1 })
  } finally {
    process.stdout.write = write
  }
  const [first, second] = lines
    .join('')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
  const [directive] = first._aws.CloudWatchMetrics
  assert.deepEqual([directive.Namespace, directive.Dimensions, first.service], ['Namestream', [['service']], 'probe'])
  assert.deepEqual(directive.Metrics, [
    { Name: 'ProbeWriteTime', Unit: 'Milliseconds' },
    { Name: 'ProbeAnswer', Unit: 'Milliseconds' },
    { Name: 'ProbeFailures', Unit: 'Count' },
  ])
  assert.deepEqual([first.ProbeWriteTime, first.ProbeAnswer, first.ProbeFailures].flat(), [40, 155.5, 0])
  assert.deepEqual([second.ProbeFailures].flat(), [1])
  assert.equal(second.ProbeAnswer, undefined)
})
