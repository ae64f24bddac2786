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

test('by resource policy only the APIs and schedules may invoke a function, each its own', () => {
  const api = (id: string) => `arn:AWS::Partition:execute-api:AWS::Region:AWS::AccountId:${id}`
  const dynapi = (id: string) => [`${api(id)}/*/*`, `${api(id)}/*/*/dynapi`]
  const mirror = (id: string) =>
    ['', '/names/{name}', '/reconcile', '/adopt'].map((path) => `${api(id)}/*/*/v1/zones/{zone}/mirror${path}`)
  const registrations = (id: string) => `${api(id)}/*/*/v1/zones/{zone}/names/{name}/registrations/{id}`
  const invokers: readonly [fn: string, service: string, sources: readonly string[]][] = [
    ['MirrorWriter', 'events', ['MirrorEveryMinute.Arn', 'MirrorEveryHour.Arn']],
    ['RegistrationsLeases', 'events', ['RegistrationsEveryMinute.Arn']],
    ['RegistrationsApi', 'apigateway', [registrations('ApiHttpApi'), registrations('TokenApiHttpApi')]],
    ['ProbeFunction', 'events', ['ProbeEveryFiveMinutes.Arn']],
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
