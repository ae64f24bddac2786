import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Match } from 'aws-cdk-lib/assertions'
import { resourcesOf, templateOf, unbundledApp } from './template.ts'

const template = templateOf(unbundledApp({ zones: ['rpc.example.org', 'fn.example.org'] }))

describe('tables', () => {
  const keys: readonly [id: string, partitionKey: string, sortKey?: string][] = [
    ['TablesNames', 'name'],
    ['TablesZones', 'zone'],
    ['TablesChangelog', 'pk', 'sk'],
  ]

  test('are these and no others', () => {
    const ids = Object.keys(resourcesOf(template, 'AWS::DynamoDB::Table'))
    assert.deepEqual(
      ids,
      keys.map(([id]) => id),
    )
  })

  for (const [id, partitionKey, sortKey] of keys) {
    test(`${id}: keys`, () => {
      const { properties } = resource(id)
      assert.deepEqual(properties.KeySchema, [
        { AttributeName: partitionKey, KeyType: 'HASH' },
        ...(sortKey ? [{ AttributeName: sortKey, KeyType: 'RANGE' }] : []),
      ])
      assert.deepEqual(properties.AttributeDefinitions, [
        { AttributeName: partitionKey, AttributeType: 'S' },
        ...(sortKey ? [{ AttributeName: sortKey, AttributeType: 'N' }] : []),
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
      assert.deepEqual(resource(id).properties.StreamSpecification, { StreamViewType: 'NEW_AND_OLD_IMAGES' })
    })
  }
})

describe('functions', () => {
  const functions: readonly [id: string, timeout: number, environment: Readonly<Record<string, string>>][] = [
    ['Dynapi', 10, { NAMES_TABLE: 'TablesNames', ZONES_TABLE: 'TablesZones' }],
    ['Sequencer', 60, { CHANGELOG_TABLE: 'TablesChangelog', ZONES_TABLE: 'TablesZones' }],
    ['ServedZonesFunction', 60, { ZONES_TABLE: 'TablesZones' }],
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
      const { properties } = resource(id)
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

test('every log group forgets after 30 days, and each function and the API have one', () => {
  const groups = resourcesOf(template, 'AWS::Logs::LogGroup')
  assert.deepEqual(Object.keys(groups), ['DynapiLogs', 'ApiAccessLogs', 'SequencerLogs', 'ServedZonesFunctionLogs'])
  for (const { properties } of Object.values(groups)) assert.equal(properties.RetentionInDays, 30)
})

describe('HTTP API', () => {
  test('every route asks for IAM, and all lead to dynapi', () => {
    const routes = Object.values(resourcesOf(template, 'AWS::ApiGatewayV2::Route')).map(({ properties }) => properties)
    assert.deepEqual(routes.map((route) => route.RouteKey).sort(), ['$default', 'ANY /dynapi'])
    for (const route of routes) {
      assert.equal(route.AuthorizationType, 'AWS_IAM')
      assert.equal(route.Target, 'integrations/ApiHttpApiDefaultRouteDynapi')
    }
  })

  test('events have the form of payload 2.0', () => {
    const integrations = resourcesOf(template, 'AWS::ApiGatewayV2::Integration')
    assert.deepEqual(integrations, {
      ApiHttpApiDefaultRouteDynapi: {
        type: 'AWS::ApiGatewayV2::Integration',
        properties: {
          ApiId: 'ApiHttpApi',
          IntegrationType: 'AWS_PROXY',
          IntegrationUri: 'Dynapi.Arn',
          PayloadFormatVersion: '2.0',
        },
      },
    })
  })

  test('is not reachable from web pages of other origins', () => {
    assert.equal(resource('ApiHttpApi').properties.CorsConfiguration, undefined)
  })

  test('one stage: throttled, logging who asked for what and what came of it', () => {
    template.resourceCountIs('AWS::ApiGatewayV2::Stage', 1)
    const { properties } = resource('ApiHttpApiStage')
    assert.equal(properties.StageName, '$default')
    assert.equal(properties.AutoDeploy, true)
    assert.deepEqual(properties.DefaultRouteSettings, { ThrottlingBurstLimit: 1000, ThrottlingRateLimit: 500 })
    assert.equal(properties.AccessLogSettings.DestinationArn, 'ApiAccessLogs.Arn')
    const format = JSON.parse(properties.AccessLogSettings.Format)
    const logged = ['requestId', 'identity.sourceIp', 'identity.userArn', 'httpMethod', 'path', 'status']
    for (const variable of logged) assert.ok(Object.values(format).includes(`$context.${variable}`), variable)
  })
})

describe('the feed of the sequencer', () => {
  test('event source mapping', () => {
    const mappings = resourcesOf(template, 'AWS::Lambda::EventSourceMapping')
    assert.deepEqual(Object.keys(mappings), ['NamesFeedMapping'])
    assert.deepEqual(resource('NamesFeedMapping').properties, {
      FunctionName: 'Sequencer',
      EventSourceArn: 'TablesNames.StreamArn',
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 0,
      ParallelizationFactor: 1,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 100,
      MaximumRecordAgeInSeconds: 43_200,
      DestinationConfig: { OnFailure: { Destination: 'NamesFeedGivenUp.Arn' } },
    })
  })

  test('what is given up goes to an encrypted queue that refuses plain HTTP', () => {
    assert.deepEqual(resource('NamesFeedGivenUp').properties, {
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 14 * 86_400,
    })
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 'sqs:*',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    })
  })
})

test('the served zones are seeded by a custom resource that cannot keep a deployment waiting for long', () => {
  assert.deepEqual(resource('ServedZones').properties, {
    ServiceToken: 'ServedZonesFunction.Arn',
    ServiceTimeout: '600',
    zones: ['rpc.example.org.', 'fn.example.org.'],
  })
})

test('outputs: where to register, and the names of the tables', () => {
  const outputs = Object.keys(template.findOutputs('*'))
  assert.deepEqual(outputs, ['ApiUrl', 'NamesTable', 'ZonesTable', 'ChangelogTable'])
  template.hasOutput('NamesTable', { Value: { Ref: Match.stringLikeRegexp('^TablesNames') } })
})

// ---------------------------------------------------------------------------

function resource(id: string) {
  const found = resourcesOf(template)[id]
  assert.ok(found, `the template has no ${id}`)
  return found
}
