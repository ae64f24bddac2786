import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resourceOf, resourcesOf, templateOf, unbundledApp } from './template.ts'

const template = templateOf(unbundledApp())
const [dynapi, mirror] = ['ApiHttpApiDefaultRouteDynapi', 'ApiHttpApiGETv1zoneszonemirrorMirror']

const routes: readonly [key: string, integration: string][] = [
  ['$default', dynapi],
  ['ANY /dynapi', dynapi],
  ['GET /v1/zones/{zone}/mirror', mirror],
  ['GET /v1/zones/{zone}/mirror/names/{name}', mirror],
  ['POST /v1/zones/{zone}/mirror/adopt', mirror],
  ['POST /v1/zones/{zone}/mirror/reconcile', mirror],
]

test('every route asks for IAM, and leads to dynapi or the API of the mirror', () => {
  const found = Object.values(resourcesOf(template, 'AWS::ApiGatewayV2::Route')).map(({ properties }) => properties)
  assert.deepEqual(
    found.map(({ RouteKey, Target }) => [RouteKey, Target]).sort(),
    routes.map(([key, integration]) => [key, `integrations/${integration}`]),
  )
  for (const route of found) assert.equal(route.AuthorizationType, 'AWS_IAM')
})

test('events have the form of payload 2.0', () => {
  const integrations = Object.entries(resourcesOf(template, 'AWS::ApiGatewayV2::Integration'))
  const functions = { [dynapi]: 'Dynapi', [mirror]: 'MirrorApi' }
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
