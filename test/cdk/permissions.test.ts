import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { everything } from './everything.ts'
import { granted, MIRRORED } from './granted.ts'
import { permissionsOf } from './policies.ts'
import { resourcesOf, templateOf, unbundledApp } from './template.ts'

const template = templateOf(unbundledApp({ ...everything, zones: ['rpc.example.org', MIRRORED] }))

describe('roles', () => {
  const roles = resourcesOf(template, 'AWS::IAM::Role')
  const known = Object.entries(granted).flatMap(([service, one]) => Object.keys(one).map((role) => [role, service]))

  test('are those of the table, and one service alone may take each', () => {
    const found = Object.entries(roles).map(([role, { properties }]) => {
      const { AssumeRolePolicyDocument, ...rest } = properties
      assert.deepEqual(rest, {}, role)
      const [{ Principal, ...statement }, ...others] = AssumeRolePolicyDocument.Statement
      assert.deepEqual([statement, others], [{ Action: 'sts:AssumeRole', Effect: 'Allow' }, []])
      return [role, Principal.Service]
    })
    assert.deepEqual(found.sort(), known.sort())
  })

  for (const [role, permissions] of Object.values(granted).flatMap((one) => Object.entries(one))) {
    test(`${role} may do this and nothing else`, () => {
      const byKey = (one: object, other: object) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)
      assert.deepEqual(
        [...permissionsOf(template, role)].sort(byKey),
        permissions
          .map(([actions, resource, , condition]) => ({
            actions: actions.split(' ').sort(),
            resource,
            ...(condition && { condition }),
          }))
          .sort(byKey),
      )
    })
  }

  test('all IAM policies are those of these roles', () => {
    const policies = Object.values(resourcesOf(template, 'AWS::IAM::Policy'))
    assert.deepEqual(policies.flatMap(({ properties }) => properties.Roles).sort(), Object.keys(roles).sort())
    for (const type of ['AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy', 'AWS::IAM::User', 'AWS::IAM::Group']) {
      template.resourceCountIs(type, 0)
    }
  })
})

test('by resource policy only the APIs, schedules and the load balancer may invoke a function, each its own', () => {
  const api = (id: string) => `arn:AWS::Partition:execute-api:AWS::Region:AWS::AccountId:${id}`
  const dynapi = (id: string) => [`${api(id)}/*/*`, `${api(id)}/*/*/dynapi`]
  const mirror = (id: string) =>
    ['', '/names/{name}', '/reconcile', '/adopt'].map((path) => `${api(id)}/*/*/v1/zones/{zone}/mirror${path}`)
  const registrations = (id: string) => `${api(id)}/*/*/v1/zones/{zone}/names/{name}/registrations/{id}`
  const invokers: readonly [fn: string, service: string, sources: readonly string[]][] = [
    ['MirrorWriter', 'events', ['MirrorEveryMinute.Arn', 'MirrorEveryHour.Arn']],
    ['RegistrationsLeases', 'events', ['RegistrationsEveryMinute.Arn']],
    ['RegistrationsApi', 'apigateway', [registrations('ApiHttpApi'), registrations('TokenApiHttpApi')]],
    ['FunctionNamesFunction', 'events', ['FunctionNamesEveryQuarter.Arn']],
    ['ProbeFunction', 'events', ['ProbeEveryFiveMinutes.Arn']],
    ['Dynapi', 'apigateway', [...dynapi('ApiHttpApi'), ...dynapi('TokenApiHttpApi')]],
    ['MirrorApi', 'apigateway', [...mirror('ApiHttpApi'), ...mirror('TokenApiHttpApi')]],
    ['TokensAuthorizer', 'apigateway', [`${api('TokenApiHttpApi')}/authorizers/TokenApiHttpApiTokens`]],
  ]
  // Which load balancer that will be is not known before it has the function for a target.
  const balancer = {
    Action: 'lambda:InvokeFunction',
    FunctionName: 'GatewayFunction.Arn',
    Principal: 'elasticloadbalancing.amazonaws.com',
    SourceAccount: 'AWS::AccountId',
  }
  const byText = (one: object, other: object) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)
  const permissions = resourcesOf(template, 'AWS::Lambda::Permission')
  assert.deepEqual(
    Object.values(permissions)
      .map(({ properties }) => properties)
      .sort(byText),
    invokers
      .flatMap(([fn, service, sources]) =>
        sources.map((SourceArn): object => ({
          Action: 'lambda:InvokeFunction',
          FunctionName: `${fn}.Arn`,
          Principal: `${service}.amazonaws.com`,
          SourceArn,
        })),
      )
      .concat([balancer])
      .sort(byText),
  )
})
