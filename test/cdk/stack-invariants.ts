/** What must hold of the stack whatever the settings are: what is kept, logged, allowed and told. */
import assert from 'node:assert/strict'
import type { Template } from 'aws-cdk-lib/assertions'
import { granted } from './granted.ts'
import { allStatements } from './policies.ts'
import { type Resource, resourcesOf } from './template.ts'

type Invariant = (template: Template, settings: Readonly<Record<string, unknown>>) => void

export const stackInvariants: Readonly<Record<string, Invariant>> = {
  'tables and hosted zones outlive the stack'(template) {
    const kept = ['AWS::DynamoDB::Table', 'AWS::Route53::HostedZone']
    for (const [id, { Type, DeletionPolicy, UpdateReplacePolicy, Properties }] of raw(template)) {
      if (!kept.includes(Type)) continue
      assert.deepEqual([DeletionPolicy, UpdateReplacePolicy], ['Retain', 'Retain'], id)
      if (Type === 'AWS::DynamoDB::Table') assert.equal(Properties.DeletionProtectionEnabled, true, id)
    }
  },

  'nothing has a name by which it could not be replaced, or be there twice'(template) {
    const names = /^(Bucket|Cluster|Function|Queue|Role|Service|Table|Topic)Name$|^Name$/
    const mayHave = ['AWS::ApiGatewayV2::Api', 'AWS::ApiGatewayV2::Authorizer', 'AWS::Route53::HostedZone']
    for (const [id, { Type, Properties = {} }] of raw(template)) {
      if (mayHave.includes(Type) || /::(EventSourceMapping|EventInvokeConfig|Permission)$/.test(Type)) continue
      const given = Object.keys(Properties).filter((name) => names.test(name))
      const endpoint = Type === 'AWS::EC2::VPCEndpoint' ? ['ServiceName'] : []
      assert.deepEqual(given, endpoint, id)
    }
  },

  'log groups forget when the setting says'(template, { logRetention = 30 }) {
    const groups = of(template, 'AWS::Logs::LogGroup')
    for (const [id, { properties }] of groups) assert.equal(properties.RetentionInDays, Number(logRetention), id)
    const ids = groups.map(([id]) => id)
    for (const [id, { properties }] of of(template, 'AWS::Lambda::Function')) {
      assert.ok(ids.includes(properties.LoggingConfig.LogGroup), id)
    }
  },

  'functions: a current runtime, a role of their own, no reserved concurrency that a new account has not'(template) {
    const roles = of(template, 'AWS::Lambda::Function').map(([id, { properties }]) => {
      assert.equal(properties.Runtime, 'nodejs24.x', id)
      assert.deepEqual(properties.Architectures, ['arm64'], id)
      assert.equal(properties.ReservedConcurrentExecutions, undefined, id)
      return properties.Role
    })
    assert.equal(new Set(roles).size, roles.length)
  },

  'feeds end with what cannot be read, well before the stream forgets it'(template) {
    const all = of(template, 'AWS::Lambda::EventSourceMapping')
    const queues = ['RegistrationsMapping', 'FunctionNamesMapping'] // which give up by themselves
    const feeds = all.filter(([id]) => !queues.includes(id))
    for (const [id, { properties }] of feeds) {
      assert.equal(properties.StartingPosition, 'TRIM_HORIZON', id)
      assert.equal(properties.BisectBatchOnFunctionError, true, id)
      assert.deepEqual(properties.FunctionResponseTypes, ['ReportBatchItemFailures'], id)
      assert.ok(properties.MaximumRetryAttempts > 0, id) // -1 would be for ever
      assert.ok(properties.MaximumRecordAgeInSeconds >= 60 && properties.MaximumRecordAgeInSeconds < 86_400, id)
      assert.match(properties.DestinationConfig.OnFailure.Destination, /GivenUp\.Arn$/, id)
    }
    const streams = feeds.map(([, { properties }]) => properties.EventSourceArn)
    assert.equal(new Set(streams).size, streams.length, 'a stream has room for two readers, one is left free')
  },

  'queues are encrypted'(template) {
    for (const [id, { properties }] of of(template, 'AWS::SQS::Queue')) {
      assert.equal(properties.SqsManagedSseEnabled, true, id)
    }
  },

  'every role is in the table of permissions, under the service that may take it'(template) {
    for (const [role, { properties }] of of(template, 'AWS::IAM::Role')) {
      const [{ Principal }] = properties.AssumeRolePolicyDocument.Statement
      assert.ok(role in (granted[Principal.Service] ?? {}), role)
    }
  },

  'no action is allowed by wildcard, nor metrics to be written but by log lines'(template) {
    const allowed = allStatements(template.toJSON()).filter(({ Effect }) => Effect === 'Allow')
    assert.ok(allowed.length > 10)
    for (const { Action, NotAction } of allowed) {
      assert.equal(NotAction, undefined)
      for (const action of [Action].flat()) assert.doesNotMatch(String(action), /\*|cloudwatch:/)
    }
  },

  'every route asks who it is'(template) {
    const routes = of(template, 'AWS::ApiGatewayV2::Route')
    assert.ok(routes.length > 0)
    for (const [id, { properties }] of routes) assert.match(properties.AuthorizationType, /^(AWS_IAM|CUSTOM)$/, id)
    for (const [id, { properties }] of of(template, 'AWS::ApiGatewayV2::Stage')) {
      assert.ok(properties.DefaultRouteSettings.ThrottlingRateLimit > 0, id)
      assert.ok(properties.AccessLogSettings.DestinationArn, id)
    }
  },

  'alarms: names and texts that fit, receivers as set, metrics of what is there'(template, { alarms = 'none' }) {
    const all = of(template, 'AWS::CloudWatch::Alarm').map(([, { properties }]) => properties)
    const names = all.map(({ AlarmName }) => AlarmName)
    assert.equal(new Set(names).size, names.length)
    const ids = Object.keys(resourcesOf(template))
    for (const { AlarmName, AlarmDescription, AlarmActions, OKActions, Dimensions = [], ...rest } of all) {
      assert.ok(AlarmName.length <= 255 && AlarmDescription.length <= 1024, AlarmName)
      const receivers = alarms === 'none' ? undefined : [String(alarms).startsWith('arn:') ? alarms : 'AlarmsTopic']
      assert.deepEqual([AlarmActions, OKActions], [receivers, receivers], AlarmName)
      if (rest.Namespace === 'Namestream') continue
      const named = Dimensions.filter(({ Name }: { Name: string }) => Name !== 'AvailabilityZone')
      for (const { Value } of named) assert.ok(ids.includes(Value.replace(/\.\w+$/, '')), `${AlarmName}: ${Value}`)
    }
  },

  'CloudFormation takes a template of that size'(template) {
    const { Resources, Outputs } = template.toJSON()
    assert.ok(Object.keys(Resources).length <= 500)
    assert.ok(Object.keys(Outputs).length <= 200)
    assert.ok(JSON.stringify(template.toJSON()).length <= 1_000_000)
  },
}

// ---------------------------------------------------------------------------

function of(template: Template, type: string): readonly [id: string, resource: Resource][] {
  return Object.entries(resourcesOf(template, type))
}

interface Raw {
  readonly Type: string
  readonly DeletionPolicy?: string
  readonly UpdateReplacePolicy?: string
  // biome-ignore lint/suspicious/noExplicitAny: JSON of any shape
  readonly Properties: any
}

function raw(template: Template): readonly [id: string, resource: Raw][] {
  return Object.entries(template.toJSON().Resources)
}
