import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { SettingsError } from '../../cdk/settings-error.ts'
import { read, refuses } from './read-settings.ts'

test('a dashboard is there where the responder is, or where it is asked for', () => {
  const readDashboard = (context: object) => read({ zones: ['example.org'], ...context }).dashboard
  assert.deepEqual([{}, { responder: true }, { dashboard: 'true' }].map(readDashboard), [false, true, true])
  assert.equal(readDashboard({ responder: true, dashboard: false }), false)
  refuses({ zones: ['example.org'], dashboard: 'yes' }, /^dashboard must be true or false, it is "yes"$/)
})

describe('who hears of alarms', () => {
  const readAlarms = (alarms: unknown) => read({ zones: ['example.org'], alarms }).alarms
  const topic = 'arn:aws:sns:eu-central-1:123456789012:Alarms'
  const good: readonly [given: unknown, receiver: object][] = [
    [undefined, { kind: 'none' }],
    ['none', { kind: 'none' }],
    ['on-call+dns@ops.example.org', { kind: 'email', address: 'on-call+dns@ops.example.org' }],
    [topic, { kind: 'topic', arn: topic }],
    [
      'arn:aws-cn:sns:cn-north-1:123456789012:a_b-c',
      { kind: 'topic', arn: 'arn:aws-cn:sns:cn-north-1:123456789012:a_b-c' },
    ],
  ]
  for (const [given, receiver] of good) {
    test(`${given}`, () => assert.deepEqual(readAlarms(given), receiver))
  }

  const subscription = `${topic}:6b0e71bd-7e97-4d97-80ce-4a0994e55286`
  const queue = 'arn:aws:sqs:eu-central-1:123456789012:Alarms'
  for (const alarms of [
    '',
    'ops',
    'ops@',
    '@example.org',
    'a b@example.org',
    'a@b@example.org',
    subscription,
    queue,
    `${topic}.fifo`,
    true,
    null,
  ]) {
    test(`not ${alarms}`, () => {
      refuses(
        { zones: ['example.org'], alarms },
        /^alarms must be none, an e-mail address or the ARN of an SNS topic, /,
      )
    })
  }
})

describe('how long logs are kept', () => {
  const readDays = (logRetention: unknown) => Number(read({ zones: ['example.org'], logRetention }).logRetention)
  const good: readonly [given: unknown, days: number][] = [
    [undefined, 30],
    [1, 1],
    ['90', 90], // -c logRetention=90
    [3653, 3653],
  ]
  for (const [given, days] of good) test(`${given}`, () => assert.equal(readDays(given), days))

  for (const logRetention of [0, 2, 31, 9999, '', '30 days', 'ONE_MONTH', '030', 7.5, true, null, [30]]) {
    test(`not ${JSON.stringify(logRetention)}`, () => {
      const reason = /^logRetention must be days as CloudWatch Logs has them: 1, 3, 5, 7, 14, 30, .*, 3653, it is /
      refuses({ zones: ['example.org'], logRetention }, reason)
    })
  }
})

describe('names of settings', () => {
  const wrong: readonly [name: string, nearest: string][] = [
    ['zone', 'zones'],
    ['ZONES', 'zones'],
    ['task-size', 'taskSize'],
    ['dnsaddress', 'dnsAddresses'],
    ['log_retention_days', 'logRetention'],
    ['availability-zone', 'availabilityZones'],
    ['toString', 'taskSize'],
  ]
  for (const [name, nearest] of wrong) {
    test(`${name} is unknown, ${nearest} is near`, () => {
      assert.throws(
        () => read({ zones: ['example.org'], [name]: 'x' }),
        new SettingsError(`"${name}" is no setting, the nearest is ${nearest}`),
      )
    })
  }

  test('those of CDK are its own business', () => {
    const cdk = [
      '@aws-cdk/core:checkSecretUsage',
      '@aws-cdk-containers/ecs-service-extensions:enableDefaultLogDriver',
      'aws:cdk:bundling-stacks',
      'aws-cdk:enableDiffNoFail',
      'vpc-provider:account=123456789012:filter.vpc-id=vpc-0abc1234:region=eu-central-1:returnAsymmetricSubnets=true',
      'availability-zones:account=123456789012:region=eu-central-1',
      'aws-cdk-lib/core:x',
      'cli-telemetry',
      'acknowledged-issue-numbers',
    ]
    const settings = read({ zones: ['example.org'], ...Object.fromEntries(cdk.map((name) => [name, 'x'])) })
    assert.equal(settings.zones.length, 1)
  })
})
