import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Match } from 'aws-cdk-lib/assertions'
import { resourceOf, resourcesOf, templateOf, unbundledApp } from './template.ts'

const zones = ['rpc.example.org', 'fn.example.org=Z0123456789ABC']
const admins = ['arn:aws:iam::123456789012:role/path/Operator', 'arn:aws:iam::210987654321:*']
const template = templateOf(unbundledApp({ zones, admins, auth: 'iam+tokens', dashboard: true }))

describe('tables', () => {
  const keys: readonly [id: string, partitionKey: string, sortKey?: string, sortKeyType?: string][] = [
    ['TablesNames', 'name'],
    ['TablesZones', 'zone'],
    ['TablesChangelog', 'pk', 'sk', 'N'],
    ['TablesMirror', 'pk', 'sk', 'S'],
    ['TablesRegistrations', 'name', 'id', 'S'],
    ['TablesAccess', 'pk', 'sk', 'S'],
  ]

  test('are these and no others', () => {
    const ids = Object.keys(resourcesOf(template, 'AWS::DynamoDB::Table'))
    assert.deepEqual(
      ids,
      keys.map(([id]) => id),
    )
  })

  for (const [id, partitionKey, sortKey, sortKeyType] of keys) {
    test(`${id}: keys`, () => {
      const { properties } = resourceOf(template, id)
      assert.deepEqual(properties.KeySchema, [
        { AttributeName: partitionKey, KeyType: 'HASH' },
        ...(sortKey ? [{ AttributeName: sortKey, KeyType: 'RANGE' }] : []),
      ])
      assert.deepEqual(properties.AttributeDefinitions, [
        { AttributeName: partitionKey, AttributeType: 'S' },
        ...(sortKey ? [{ AttributeName: sortKey, AttributeType: sortKeyType }] : []),
      ])
    })

    test(`${id}: pays per request, can be restored, cannot be deleted, drops what expires`, () => {
      template.hasResource('AWS::DynamoDB::Table', {
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: {
          KeySchema: Match.arrayWith([{ AttributeName: partitionKey, KeyType: 'HASH' }]),
          BillingMode: 'PAY_PER_REQUEST',
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          DeletionProtectionEnabled: true,
          TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
        },
      })
    })
  }

  for (const id of ['TablesNames', 'TablesChangelog']) {
    test(`${id}: stream with both images`, () => {
      assert.deepEqual(resourceOf(template, id).properties.StreamSpecification, {
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      })
    })
  }
})

describe('functions', () => {
  const access = {
    ACCESS_TABLE: 'TablesAccess',
    ACCESS_ADMINS: '["iam:arn:aws:iam::123456789012:role/Operator","iam:arn:aws:iam::210987654321:*"]',
  }
  const mirrored = { NAMES_TABLE: 'TablesNames', ZONES_TABLE: 'TablesZones', MIRROR_TABLE: 'TablesMirror' }
  const leased = {
    NAMES_TABLE: 'TablesNames',
    ZONES_TABLE: 'TablesZones',
    REGISTRATIONS_TABLE: 'TablesRegistrations',
    LEASES_QUEUE_URL: 'RegistrationsTimers',
  }
  const functions: readonly [id: string, timeout: number, environment: Readonly<Record<string, string>>][] = [
    ['Dynapi', 10, { NAMES_TABLE: 'TablesNames', ZONES_TABLE: 'TablesZones', ...access }],
    ['Sequencer', 60, { CHANGELOG_TABLE: 'TablesChangelog', ZONES_TABLE: 'TablesZones' }],
    ['MirrorWriter', 300, { ...mirrored, ROUTE53_REQUESTS_PER_SECOND: '2' }],
    ['MirrorApi', 29, { ...mirrored, ...access, MIRROR_FUNCTION: 'MirrorWriter', ROUTE53_REQUESTS_PER_SECOND: '2' }],
    ['MirrorFeed', 30, { ZONES_TABLE: 'TablesZones', MIRROR_TABLE: 'TablesMirror', MIRROR_FUNCTION: 'MirrorWriter' }],
    ['ServedZonesFunction', 60, { ZONES_TABLE: 'TablesZones' }],
    ['RegistrationsApi', 10, { ...leased, ...access }],
    ['RegistrationsLeases', 120, leased],
    ['TokensAuthorizer', 5, { ACCESS_TABLE: 'TablesAccess' }],
  ]

  test('are these and no others', () => {
    const ids = Object.keys(resourcesOf(template, 'AWS::Lambda::Function'))
    assert.deepEqual(
      ids,
      functions.map(([id]) => id),
    )
  })

  for (const [id, timeout, environment] of functions) {
    test(`${id}: Node 24 on arm64, traced, with time, memory, role and logs of its own`, () => {
      const { properties } = resourceOf(template, id)
      assert.equal(properties.Runtime, 'nodejs24.x')
      assert.deepEqual(properties.Architectures, ['arm64'])
      assert.equal(properties.Handler, 'index.handler')
      assert.equal(properties.Timeout, timeout)
      assert.ok(properties.MemorySize >= 256)
      assert.deepEqual(properties.TracingConfig, { Mode: 'Active' })
      assert.deepEqual(properties.Environment.Variables, { ...environment, NODE_OPTIONS: '--enable-source-maps' })
      assert.equal(properties.Role, `${id}Role.Arn`)
      assert.deepEqual(properties.LoggingConfig, { LogFormat: 'JSON', LogGroup: `${id}Logs` })
    })
  }
})

test('every log group forgets after 30 days, and each function and each API has one', () => {
  const groups = resourcesOf(template, 'AWS::Logs::LogGroup')
  const functions = [
    'Dynapi',
    'Sequencer',
    'MirrorWriter',
    'MirrorApi',
    'MirrorFeed',
    'ServedZonesFunction',
    'RegistrationsApi',
    'RegistrationsLeases',
  ]
  const own = functions.map((id) => `${id}Logs`)
  assert.deepEqual(Object.keys(groups), [...own, 'ApiAccessLogs', 'TokensAuthorizerLogs', 'TokenApiAccessLogs'])
  for (const { properties } of Object.values(groups)) assert.equal(properties.RetentionInDays, 30)
})

describe('the feeds of sequencer and mirror', () => {
  const segmentsOnly = '{"eventName":["INSERT"],"dynamodb":{"Keys":{"pk":{"S":["log"]}}}}'
  const feeds: readonly [id: string, table: string, reader: string, rest: object][] = [
    ['NamesFeed', 'TablesNames', 'Sequencer', {}],
    [
      'MirrorChangelogFeed',
      'TablesChangelog',
      'MirrorFeed',
      { FilterCriteria: { Filters: [{ Pattern: segmentsOnly }] } },
    ],
  ]

  test('are these and no others', () => {
    const ids = feeds.map(([id]) => id)
    const mappings = Object.keys(resourcesOf(template, 'AWS::Lambda::EventSourceMapping'))
    assert.deepEqual(mappings, [...ids.map((id) => `${id}Mapping`), 'RegistrationsMapping'])
    const queues = Object.keys(resourcesOf(template, 'AWS::SQS::Queue'))
    assert.deepEqual(queues, [...ids.map((id) => `${id}GivenUp`), 'RegistrationsGivenUp', 'RegistrationsTimers'])
  })

  for (const [id, table, reader, rest] of feeds) {
    test(`${id}: event source mapping`, () => {
      assert.deepEqual(resourceOf(template, `${id}Mapping`).properties, {
        FunctionName: reader,
        EventSourceArn: `${table}.StreamArn`,
        StartingPosition: 'TRIM_HORIZON',
        BatchSize: 100,
        MaximumBatchingWindowInSeconds: 0,
        ParallelizationFactor: 1,
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        MaximumRetryAttempts: 100,
        MaximumRecordAgeInSeconds: 43_200,
        DestinationConfig: { OnFailure: { Destination: `${id}GivenUp.Arn` } },
        ...rest,
      })
    })

    test(`${id}: what is given up goes to an encrypted queue that refuses plain HTTP`, () => {
      assert.deepEqual(resourceOf(template, `${id}GivenUp`).properties, {
        SqsManagedSseEnabled: true,
        MessageRetentionPeriod: 14 * 86_400,
      })
      const { Queues, PolicyDocument } = resourceOf(template, `${id}GivenUpPolicy`).properties
      assert.deepEqual(Queues, [`${id}GivenUp`])
      assert.deepEqual(PolicyDocument.Statement, [
        {
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: 'sqs:*',
          Resource: `${id}GivenUp.Arn`,
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ])
    })
  }
})

describe('the timers of leases', () => {
  test('are messages of an encrypted queue; one that fails three times is given up, and found by the sweep', () => {
    assert.deepEqual(resourceOf(template, 'RegistrationsTimers').properties, {
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 86_400,
      VisibilityTimeout: 720, // six times what the function may take
      RedrivePolicy: { deadLetterTargetArn: 'RegistrationsGivenUp.Arn', maxReceiveCount: 3 },
    })
    assert.deepEqual(resourceOf(template, 'RegistrationsGivenUp').properties, {
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 14 * 86_400,
    })
    for (const id of ['RegistrationsTimers', 'RegistrationsGivenUp']) {
      const [statement, ...others] = resourceOf(template, `${id}Policy`).properties.PolicyDocument.Statement
      assert.deepEqual([statement.Effect, statement.Action, others], ['Deny', 'sqs:*', []])
      assert.deepEqual(statement.Condition, { Bool: { 'aws:SecureTransport': 'false' } })
    }
  })

  test('come to the function at once, and only those that fail come again', () => {
    assert.deepEqual(resourceOf(template, 'RegistrationsMapping').properties, {
      FunctionName: 'RegistrationsLeases',
      EventSourceArn: 'RegistrationsTimers.Arn',
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: 0,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 5 },
    })
  })

  test('each minute all leases are looked at', () => {
    const { ScheduleExpression, State, Targets } = resourceOf(template, 'RegistrationsEveryMinute').properties
    assert.deepEqual([ScheduleExpression, State, Targets.length], ['rate(1 minute)', 'ENABLED', 1])
    assert.deepEqual([Targets[0].Arn, Targets[0].Input], ['RegistrationsLeases.Arn', '{"task":"sweep"}'])
  })
})

test('the served zones are seeded by a custom resource that cannot keep a deployment waiting for long', () => {
  assert.deepEqual(resourceOf(template, 'ServedZones').properties, {
    ServiceToken: 'ServedZonesFunction.Arn',
    ServiceTimeout: '600',
    zones: [{ zone: 'rpc.example.org.' }, { zone: 'fn.example.org.', hostedZone: 'Z0123456789ABC' }],
  })
})

test('outputs: where to register, what there is by name, and where to look', () => {
  const outputs = Object.keys(template.findOutputs('*'))
  const tables = ['NamesTable', 'ZonesTable', 'ChangelogTable', 'MirrorTable', 'RegistrationsTable', 'AccessTable']
  const apis = ['ApiUrl', 'ApiBase', 'TokenApiUrl', 'TokenApiBase']
  assert.deepEqual(outputs, [...apis, ...tables, 'MirrorFunction', 'DashboardUrl'])
  template.hasOutput('NamesTable', { Value: { Ref: Match.stringLikeRegexp('^TablesNames') } })
})
