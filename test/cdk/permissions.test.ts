import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { RRType } from '@aws-sdk/client-route-53'
import { resourcesOf, templateOf, unbundledApp } from './template.ts'

const zones = ['rpc.example.org', 'a\\.b.example.org=Z0123456789ABC']
const template = templateOf(unbundledApp({ zones, auth: 'iam+tokens' }))
const HOSTED_ZONE = 'arn:AWS::Partition:route53:::hostedzone/Z0123456789ABC'

/** Which changes are allowed, by the keys of IAM for them; all must be there, as ForAllValues holds of none. */
const changesOfTheZone = {
  'ForAllValues:StringEquals': {
    'route53:ChangeResourceRecordSetsActions': ['CREATE', 'UPSERT', 'DELETE'],
    'route53:ChangeResourceRecordSetsRecordTypes': Object.values(RRType), // all there are, as all can be adopted
  },
  'ForAllValues:StringLike': {
    'route53:ChangeResourceRecordSetsNormalizedRecordNames': ['a\\056b.example.org', '*.a\\056b.example.org'],
  },
  Null: {
    'route53:ChangeResourceRecordSetsActions': 'false',
    'route53:ChangeResourceRecordSetsRecordTypes': 'false',
    'route53:ChangeResourceRecordSetsNormalizedRecordNames': 'false',
  },
}

/** The keys of the items that a request is about; one must be there, as above. */
const keysLike = (pattern: string) => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [pattern] },
  Null: { 'dynamodb:LeadingKeys': 'false' },
})

/** Every permission that a function has: actions, resource, what for, and under which conditions. */
const granted: Readonly<Record<string, readonly [actions: string, on: string, why: string, condition?: object][]>> = {
  DynapiRole: [
    ['xray:PutTraceSegments xray:PutTelemetryRecords', '*', 'tracing; X-Ray knows no resources'],
    ['logs:CreateLogStream logs:PutLogEvents', 'DynapiLogs.Arn', 'logging'],
    ['dynamodb:GetItem dynamodb:PutItem', 'TablesNames.Arn', 'reads a name and writes it on condition'],
    ['dynamodb:Scan', 'TablesZones.Arn', 'lists the zones that are served'],
    ['dynamodb:Query', 'TablesAccess.Arn', 'the grants of the caller', keysLike('grant#*')],
  ],
  SequencerRole: [
    ['xray:PutTraceSegments xray:PutTelemetryRecords', '*', 'tracing; X-Ray knows no resources'],
    ['logs:CreateLogStream logs:PutLogEvents', 'SequencerLogs.Arn', 'logging'],
    [
      'dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem',
      'TablesChangelog.Arn',
      'reads the head; appends a segment, moves the head, raises marks',
    ],
    ['dynamodb:UpdateItem', 'TablesZones.Arn', 'moves the serial of a touched zone'],
    [
      'dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator dynamodb:ListStreams',
      'TablesNames.StreamArn',
      'what the poller of Lambda does in the name of the function',
    ],
    ['sqs:SendMessage', 'NamesFeedGivenUp.Arn', 'tells what was given up'],
  ],
  MirrorWriterRole: [
    ['xray:PutTraceSegments xray:PutTelemetryRecords', '*', 'tracing; X-Ray knows no resources'],
    ['logs:CreateLogStream logs:PutLogEvents', 'MirrorWriterLogs.Arn', 'logging'],
    [
      'dynamodb:BatchGetItem dynamodb:GetItem dynamodb:PutItem dynamodb:Scan',
      'TablesNames.Arn',
      'reads marked names; reconcile: all; adoption: imports one',
    ],
    ['dynamodb:Scan', 'TablesZones.Arn', 'lists the zones with their hosted zones'],
    [
      'dynamodb:BatchGetItem dynamodb:BatchWriteItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem',
      'TablesMirror.Arn',
      'marks, rows, batches on their way, state and lease of hosted zones, pace',
    ],
    ['route53:ListResourceRecordSets', HOSTED_ZONE, 'reconcile, adoption, and what became of a request'],
    ['route53:ChangeResourceRecordSets', HOSTED_ZONE, 'writes what is registered', changesOfTheZone],
    [
      'route53:GetChange',
      'arn:AWS::Partition:route53:::change/*',
      'how long a change takes; its id is not known before',
    ],
  ],
  MirrorApiRole: [
    ['xray:PutTraceSegments xray:PutTelemetryRecords', '*', 'tracing; X-Ray knows no resources'],
    ['logs:CreateLogStream logs:PutLogEvents', 'MirrorApiLogs.Arn', 'logging'],
    ['dynamodb:GetItem', 'TablesNames.Arn', 'what is registered for a name'],
    ['dynamodb:Scan', 'TablesZones.Arn', 'which hosted zone a zone has'],
    [
      'dynamodb:BatchGetItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem',
      'TablesMirror.Arn',
      'how far a name or zone is; notes an adoption, a wake-up, the state of a change, and takes its turn',
    ],
    ['dynamodb:Query', 'TablesAccess.Arn', 'the grants of the caller', keysLike('grant#*')],
    ['lambda:InvokeFunction', 'MirrorWriter.Arn', 'has it reconcile or adopt'],
    [
      'route53:GetChange',
      'arn:AWS::Partition:route53:::change/*',
      'whether a change is done; its id is not known before',
    ],
  ],
  MirrorFeedRole: [
    ['xray:PutTraceSegments xray:PutTelemetryRecords', '*', 'tracing; X-Ray knows no resources'],
    ['logs:CreateLogStream logs:PutLogEvents', 'MirrorFeedLogs.Arn', 'logging'],
    ['dynamodb:Scan', 'TablesZones.Arn', 'which zones are mirrored'],
    ['dynamodb:UpdateItem', 'TablesMirror.Arn', 'marks names and counts a wake-up'],
    ['lambda:InvokeFunction', 'MirrorWriter.Arn', 'wakes it'],
    [
      'dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator dynamodb:ListStreams',
      'TablesChangelog.StreamArn',
      'what the poller of Lambda does in the name of the function',
    ],
    ['sqs:SendMessage', 'MirrorChangelogFeedGivenUp.Arn', 'tells what was given up'],
  ],
  ServedZonesFunctionRole: [
    ['xray:PutTraceSegments xray:PutTelemetryRecords', '*', 'tracing; X-Ray knows no resources'],
    ['logs:CreateLogStream logs:PutLogEvents', 'ServedZonesFunctionLogs.Arn', 'logging'],
    [
      'dynamodb:PutItem dynamodb:Scan dynamodb:UpdateItem',
      'TablesZones.Arn',
      'adds a zone if it is not there; ties zones to their hosted zones, and unties them',
    ],
  ],
  TokensAuthorizerRole: [
    ['xray:PutTraceSegments xray:PutTelemetryRecords', '*', 'tracing; X-Ray knows no resources'],
    ['logs:CreateLogStream logs:PutLogEvents', 'TokensAuthorizerLogs.Arn', 'logging'],
    ['dynamodb:GetItem', 'TablesAccess.Arn', 'reads the token that is shown', keysLike('token#*')],
  ],
}

describe('roles', () => {
  const roles = resourcesOf(template, 'AWS::IAM::Role')

  test('are one for each function, and Lambda alone may take them', () => {
    assert.deepEqual(Object.keys(roles), Object.keys(granted))
    for (const { properties } of Object.values(roles)) {
      assert.deepEqual(properties, {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } }],
        },
      })
    }
  })

  for (const [role, statements] of Object.entries(granted)) {
    test(`${role} may do this and nothing else`, () => {
      assert.deepEqual(
        statementsOf(role),
        statements.map(([actions, on, , condition]) => ({
          Effect: 'Allow',
          Action: actions.split(' ').sort(),
          Resource: on,
          ...(condition && { Condition: condition }),
        })),
      )
    })
  }

  test('all IAM policies are those above', () => {
    const policies = Object.values(resourcesOf(template, 'AWS::IAM::Policy'))
    assert.deepEqual(
      policies.flatMap(({ properties }) => properties.Roles),
      Object.keys(granted),
    )
    for (const type of ['AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy', 'AWS::IAM::User', 'AWS::IAM::Group']) {
      template.resourceCountIs(type, 0)
    }
  })
})

describe('roles of the responder, which ECS alone may give to a task', () => {
  const responding = templateOf(unbundledApp({ responder: true, resolver: 'vpc-0abc1234' }))
  const repository =
    'arn:AWS::Partition:ecr:AWS::Region:AWS::AccountId:repository/cdk-hnb659fds-container-assets-AWS::AccountId-AWS::Region'
  const given: Readonly<Record<string, readonly [actions: string, on: string, why: string][]>> = {
    ResponderTaskTaskRole: [
      ['dynamodb:GetItem dynamodb:Query', 'TablesChangelog.Arn', 'reads the head and follows the log'],
      ['dynamodb:Scan', 'TablesNames.Arn', 'the snapshot it starts with'],
      ['dynamodb:Scan', 'TablesZones.Arn', 'the zones that are served'],
    ],
    ResponderTaskExecutionRole: [
      [
        'ecr:BatchCheckLayerAvailability ecr:BatchGetImage ecr:GetDownloadUrlForLayer',
        repository,
        'ECS pulls the image',
      ],
      ['ecr:GetAuthorizationToken', '*', 'and signs in for it; that has no resource'],
      ['logs:CreateLogStream logs:PutLogEvents', 'ResponderTaskLogs.Arn', 'ECS writes the log'],
    ],
  }

  test('are these two', () => {
    const roles = Object.entries(resourcesOf(responding, 'AWS::IAM::Role')).filter(([id]) => !(id in granted))
    const own = roles.filter(([id]) => id.startsWith('Res'))
    assert.deepEqual(own.map(([id]) => id).sort(), Object.keys(given).sort())
    for (const [, { properties }] of own) {
      const [{ Principal }] = properties.AssumeRolePolicyDocument.Statement
      assert.deepEqual(Principal, { Service: 'ecs-tasks.amazonaws.com' })
      assert.equal(properties.ManagedPolicyArns, undefined)
    }
  })

  for (const [role, statements] of Object.entries(given)) {
    test(`${role} may do this and nothing else`, () => {
      assert.deepEqual(
        statementsOf(role, responding),
        statements.map(([actions, Resource]) => ({ Effect: 'Allow', Action: actions.split(' '), Resource })),
      )
    })
  }
})

test('nothing in the template allows an action by wildcard', () => {
  const allowed = allStatements(template.toJSON()).filter(({ Effect }) => Effect === 'Allow')
  assert.ok(allowed.length > 10)
  for (const { Action, NotAction } of allowed) {
    assert.equal(NotAction, undefined)
    for (const action of [Action].flat()) assert.doesNotMatch(String(action), /\*/)
  }
})

test('by resource policy only the APIs and the schedules of the mirror may invoke a function, each its own', () => {
  const api = (id: string) => `arn:AWS::Partition:execute-api:AWS::Region:AWS::AccountId:${id}`
  const dynapi = (id: string) => [`${api(id)}/*/*`, `${api(id)}/*/*/dynapi`]
  const mirror = (id: string) =>
    ['', '/names/{name}', '/reconcile', '/adopt'].map((path) => `${api(id)}/*/*/v1/zones/{zone}/mirror${path}`)
  const invokers: readonly [fn: string, service: string, sources: readonly string[]][] = [
    ['MirrorWriter', 'events', ['MirrorEveryMinute.Arn', 'MirrorEveryHour.Arn']],
    ['Dynapi', 'apigateway', [...dynapi('ApiHttpApi'), ...dynapi('TokenApiHttpApi')]],
    ['MirrorApi', 'apigateway', [...mirror('ApiHttpApi'), ...mirror('TokenApiHttpApi')]],
    ['TokensAuthorizer', 'apigateway', [`${api('TokenApiHttpApi')}/authorizers/TokenApiHttpApiTokens`]],
  ]
  const bySource = (one: { SourceArn: string }, other: { SourceArn: string }) =>
    one.SourceArn < other.SourceArn ? -1 : 1
  const permissions = resourcesOf(template, 'AWS::Lambda::Permission')
  assert.deepEqual(
    Object.values(permissions)
      .map(({ properties }) => properties)
      .sort(bySource),
    invokers
      .flatMap(([fn, service, sources]) =>
        sources.map((SourceArn) => ({
          Action: 'lambda:InvokeFunction',
          FunctionName: `${fn}.Arn`,
          Principal: `${service}.amazonaws.com`,
          SourceArn,
        })),
      )
      .sort(bySource),
  )
})

// ---------------------------------------------------------------------------

function statementsOf(role: string, of = template) {
  const policies = Object.values(resourcesOf(of, 'AWS::IAM::Policy'))
  return policies
    .filter(({ properties }) => properties.Roles.includes(role))
    .flatMap(({ properties }) => properties.PolicyDocument.Statement)
    .map(({ Action, ...statement }) => ({ ...statement, Action: [Action].flat().sort() }))
}

/** Every object with an `Effect`, however deep. */
function allStatements(value: unknown): readonly Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.values(value).flatMap(allStatements)
  return 'Effect' in value ? [value as Record<string, unknown>, ...inner] : inner
}
