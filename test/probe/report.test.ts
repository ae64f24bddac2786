import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Outcome } from '../../functions/probe/probe.ts'
import { createReport } from '../../functions/probe/report.ts'
import type { MetricName } from '../../shared/metrics/catalogue.ts'

const address = '198.18.0.1'

describe('a run', () => {
  const rows: readonly [
    title: string,
    steps: Outcome['steps'],
    figures: Partial<Record<MetricName<'probe'>, number>>,
    level: string,
  ][] = [
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
      const measured: [string, number][] = []
      const measure = (name: string, value: number) => void measured.push([name, value])
      createReport({ info: take('info'), error: take('error') }, measure)({ address, steps })
      assert.deepEqual(told, [[level, 'probe', { address, ...steps }]])
      assert.deepEqual(measured, Object.entries(figures))
    })
  }
})
