import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { resourcesOf, templateOf, unbundledApp } from './template.ts'

const template = templateOf(unbundledApp())

/** Every permission that a function has: actions, resource, and what for. */
const granted: Readonly<Record<string, readonly [actions: string, on: string, why: string][]>> = {
  DynapiRole: [
    ['xray:PutTraceSegments xray:PutTelemetryRecords', '*', 'tracing; X-Ray knows no resources'],
    ['logs:CreateLogStream logs:PutLogEvents', 'DynapiLogs.Arn', 'logging'],
    ['dynamodb:GetItem dynamodb:PutItem', 'TablesNames.Arn', 'reads a name and writes it on condition'],
    ['dynamodb:Scan', 'TablesZones.Arn', 'lists the zones that are served'],
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
  ServedZonesFunctionRole: [
    ['xray:PutTraceSegments xray:PutTelemetryRecords', '*', 'tracing; X-Ray knows no resources'],
    ['logs:CreateLogStream logs:PutLogEvents', 'ServedZonesFunctionLogs.Arn', 'logging'],
    ['dynamodb:PutItem', 'TablesZones.Arn', 'adds a zone if it is not there'],
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
        statements.map(([actions, on]) => ({ Effect: 'Allow', Action: actions.split(' ').sort(), Resource: on })),
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

test('nothing in the template allows an action by wildcard', () => {
  const allowed = allStatements(template.toJSON()).filter(({ Effect }) => Effect === 'Allow')
  assert.ok(allowed.length > 10)
  for (const { Action, NotAction } of allowed) {
    assert.equal(NotAction, undefined)
    for (const action of [Action].flat()) assert.doesNotMatch(String(action), /\*/)
  }
})

test('only API Gateway may invoke a function by resource policy, and only for this API', () => {
  const permissions = resourcesOf(template, 'AWS::Lambda::Permission')
  const api = 'arn:AWS::Partition:execute-api:AWS::Region:AWS::AccountId:ApiHttpApi'
  assert.deepEqual(
    Object.values(permissions).map(({ properties }) => properties),
    [`${api}/*/*`, `${api}/*/*/dynapi`].map((SourceArn) => ({
      Action: 'lambda:InvokeFunction',
      FunctionName: 'Dynapi.Arn',
      Principal: 'apigateway.amazonaws.com',
      SourceArn,
    })),
  )
})

// ---------------------------------------------------------------------------

function statementsOf(role: string) {
  const policies = Object.values(resourcesOf(template, 'AWS::IAM::Policy'))
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
