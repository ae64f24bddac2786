import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { resourceOf, resourcesOf, templateOf, unbundledApp } from './template.ts'

const template = templateOf(unbundledApp())
const [dynapi, mirror, registrations] = [
  'ApiHttpApiDefaultRouteDynapi',
  'ApiHttpApiGETv1zoneszonemirrorMirror',
  'ApiHttpApiANYv1zoneszonenamesnameregistrationsidRegistrations',
]

const routes: readonly [key: string, integration: string][] = [
  ['$default', dynapi],
  ['ANY /dynapi', dynapi],
  ['ANY /v1/zones/{zone}/names/{name}/registrations/{id}', registrations],
  ['GET /v1/zones/{zone}/mirror', mirror],
  ['GET /v1/zones/{zone}/mirror/names/{name}', mirror],
  ['POST /v1/zones/{zone}/mirror/adopt', mirror],
  ['POST /v1/zones/{zone}/mirror/reconcile', mirror],
]

test('every route asks for IAM, and leads to dynapi, registrations or the API of the mirror', () => {
  const found = Object.values(resourcesOf(template, 'AWS::ApiGatewayV2::Route')).map(({ properties }) => properties)
  assert.deepEqual(
    found.map(({ RouteKey, Target }) => [RouteKey, Target]).sort(),
    routes.map(([key, integration]) => [key, `integrations/${integration}`]),
  )
  for (const route of found) assert.equal(route.AuthorizationType, 'AWS_IAM')
})

test('events have the form of payload 2.0', () => {
  const integrations = Object.entries(resourcesOf(template, 'AWS::ApiGatewayV2::Integration'))
  const functions = { [dynapi]: 'Dynapi', [mirror]: 'MirrorApi', [registrations]: 'RegistrationsApi' }
  assert.deepEqual(
    integrations.map(([id, { properties }]) => [id, properties]),
    Object.entries(functions).map(([id, fn]) => [
      id,
      {
        ApiId: 'ApiHttpApi',
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: `${fn}.Arn`,
        PayloadFormatVersion: '2.0',
      },
    ]),
  )
})

test('is not reachable from web pages of other origins', () => {
  assert.equal(resourceOf(template, 'ApiHttpApi').properties.CorsConfiguration, undefined)
})

test('one stage: throttled, logging who asked for what and what came of it', () => {
  template.resourceCountIs('AWS::ApiGatewayV2::Stage', 1)
  const { properties } = resourceOf(template, 'ApiHttpApiStage')
  assert.equal(properties.StageName, '$default')
  assert.equal(properties.AutoDeploy, true)
  assert.deepEqual(properties.DefaultRouteSettings, { ThrottlingBurstLimit: 1000, ThrottlingRateLimit: 500 })
  assert.equal(properties.AccessLogSettings.DestinationArn, 'ApiAccessLogs.Arn')
  const format = JSON.parse(properties.AccessLogSettings.Format)
  const logged = ['requestId', 'identity.sourceIp', 'identity.userArn', 'httpMethod', 'path', 'status']
  for (const variable of logged) assert.ok(Object.values(format).includes(`$context.${variable}`), variable)
})

describe('with tokens, an API of its own', () => {
  const both = templateOf(unbundledApp({ auth: 'iam+tokens' }))
  const of = (type: string, api: string) =>
    Object.values(resourcesOf(both, type)).flatMap(({ properties }) => (properties.ApiId === api ? properties : []))

  test('has the same routes, all behind the authorizer, and the one for IAM stays as it is', () => {
    const keys = (api: string, AuthorizationType: string) => {
      const found = of('AWS::ApiGatewayV2::Route', api)
      for (const route of found) assert.equal(route.AuthorizationType, AuthorizationType)
      return found.map(({ RouteKey }) => RouteKey).sort()
    }
    const expected = routes.map(([key]) => key)
    assert.deepEqual([keys('ApiHttpApi', 'AWS_IAM'), keys('TokenApiHttpApi', 'CUSTOM')], [expected, expected])
    for (const { AuthorizerId } of of('AWS::ApiGatewayV2::Route', 'TokenApiHttpApi')) {
      assert.equal(AuthorizerId, 'TokenApiHttpApiTokens')
    }
  })

  test('asks our function each time, by the Authorization header', () => {
    const [authorizer, ...others] = of('AWS::ApiGatewayV2::Authorizer', 'TokenApiHttpApi')
    assert.deepEqual([others, of('AWS::ApiGatewayV2::Authorizer', 'ApiHttpApi')], [[], []])
    const { AuthorizerUri, ...rest } = authorizer
    assert.match(AuthorizerUri, /\/functions\/TokensAuthorizer\.Arn\/invocations$/)
    assert.deepEqual(rest, {
      ApiId: 'TokenApiHttpApi',
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      AuthorizerResultTtlInSeconds: 0,
      EnableSimpleResponses: true,
      IdentitySource: ['$request.header.Authorization'],
      Name: 'Tokens',
    })
  })

  test('is throttled by itself, and logs the token that asked', () => {
    const { DefaultRouteSettings, AccessLogSettings } = resourceOf(both, 'TokenApiHttpApiStage').properties
    assert.deepEqual(DefaultRouteSettings, { ThrottlingBurstLimit: 200, ThrottlingRateLimit: 100 })
    const { caller, ...others } = JSON.parse(AccessLogSettings.Format)
    assert.equal(caller, '$context.authorizer.principal')
    assert.ok(!/header|authorization/i.test(JSON.stringify(others)))
    const names = ['Api', 'TokenApi'].map((id) => resourceOf(both, `${id}AccessLogs`).properties.LogGroupName)
    const stack = '/aws/vendedlogs/AWS::StackName/api'
    assert.deepEqual(names, [stack, `${stack}-tokens`])
  })

  test('is not there without the setting, nor is its function', () => {
    template.resourceCountIs('AWS::ApiGatewayV2::Api', 1)
    template.resourceCountIs('AWS::ApiGatewayV2::Authorizer', 0)
    assert.equal(resourcesOf(template).TokensAuthorizer, undefined)
  })
})
