/** Names of functions as they are deployed: the setting, what wakes the function, and what it may, which is what it asks. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { App } from 'aws-cdk-lib'
import { readSettings } from '../../cdk/settings.ts'
import { SettingsError } from '../../cdk/settings-error.ts'
import type { LocalFunction } from '../../local/lambda.ts'
import { startLambdaEndpoint } from '../../local/lambda-endpoint.ts'
import { dynamoDbZoneStore } from '../../shared/aws/zone-store.ts'
import { canonicalName } from '../../shared/dns/name.ts'
import { newZone } from '../../shared/records/new-zone.ts'
import { testTables } from '../dynamodb.ts'
import { permissionsOf } from './policies.ts'
import { startRecorder } from './recorder.ts'
import { resourceOf, resourcesOf, templateOf, unbundledApp } from './template.ts'

type Context = Readonly<Record<string, unknown>>

const zones = ['rpc.example.org', 'fn.example.org']
const template = templateOf(unbundledApp({ zones, functions: 'fn.example.org' }))

describe('the setting', () => {
  const read = (context: Context) => readSettings(new App({ context: { zones, ...context } }).node).functions
  const VPC = {
    vpc: 'vpc-0abc1234',
    subnets: 'subnet-0abc1234,subnet-0def5678',
    availabilityZones: 'eu-central-1a,eu-central-1b',
  }
  const good: readonly [context: Context, zone: string | undefined, network: string | undefined][] = [
    [{}, undefined, undefined],
    [{ functions: false }, undefined, undefined],
    [{ functions: 'true' }, 'rpc.example.org.', 'new'],
    [{ functions: 'FN.example.org' }, 'fn.example.org.', 'new'],
    [{ functions: true, ...VPC, dnsClients: '10.0.0.0/8' }, 'rpc.example.org.', 'given'],
    [{ functions: true, responder: true, ...VPC, dnsClients: '10.0.0.0/8' }, 'rpc.example.org.', 'given'],
  ]
  for (const [context, zone, network] of good) {
    test(JSON.stringify(context), () => {
      const functions = read(context)
      assert.deepEqual([functions?.zone, functions?.gateway.network.kind], [zone, network])
    })
  }
  for (const [context, reason] of [
    [
      { functions: 'other.example.org' },
      /^functions must be true, false or one of the zones, it is "other\.example\.org"$/,
    ],
    [{ functions: 1 }, /^functions must be/],
    [{ vpc: 'vpc-0abc1234' }, /^vpc needs responder=true/],
    [{ functions: true, tasks: '2-4' }, /^tasks needs responder=true/],
  ] as const) {
    test(`not ${JSON.stringify(context)}`, () => {
      assert.throws(
        () => read(context),
        (error) => error instanceof SettingsError && reason.test(error.message),
      )
    })
  }
})

describe('what there is', () => {
  test('nothing, where it is off', () => {
    const ids = Object.keys(resourcesOf(templateOf(unbundledApp({ zones }))))
    assert.deepEqual(
      ids.filter((id) => /^(FunctionNames|Gateway)/.test(id)),
      [],
    )
  })

  test('names lead to the load balancer', () => {
    const { Variables } = resourceOf(template, 'FunctionNamesFunction').properties.Environment
    assert.equal(Variables.FUNCTIONS_ZONE, 'fn.example.org.')
    const target = 'GatewayAlb.DNSName'
    assert.deepEqual(JSON.parse(Variables.FUNCTIONS_GATEWAY), { kind: 'cname', target, port: 80 })
  })

  test('events go through a queue, few at a time, and what fails ends in another one', () => {
    const { properties: mapping } = resourceOf(template, 'FunctionNamesMapping')
    assert.deepEqual(
      [mapping.EventSourceArn, mapping.ScalingConfig, mapping.FunctionResponseTypes],
      ['FunctionNamesHints.Arn', { MaximumConcurrency: 2 }, ['ReportBatchItemFailures']],
    )
    const { properties: hints } = resourceOf(template, 'FunctionNamesHints')
    assert.deepEqual(hints.RedrivePolicy, { deadLetterTargetArn: 'FunctionNamesGivenUp.Arn', maxReceiveCount: 3 })
    assert.ok(hints.VisibilityTimeout >= resourceOf(template, 'FunctionNamesFunction').properties.Timeout)
    for (const id of ['FunctionNamesCalls', 'FunctionNamesTags']) {
      const [{ Arn, RetryPolicy }] = resourceOf(template, id).properties.Targets
      assert.deepEqual(
        [Arn, RetryPolicy],
        ['FunctionNamesHints.Arn', { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 10 }],
      )
    }
    const { ScheduleExpression, Targets } = resourceOf(template, 'FunctionNamesEveryQuarter').properties
    assert.deepEqual([ScheduleExpression, Targets[0].Input], ['rate(15 minutes)', '{"task":"reconcile"}'])
  })

  test('the rules take every call that changes what names there are, whatever the date in its name', () => {
    const { detail } = resourceOf(template, 'FunctionNamesCalls').properties.EventPattern
    const prefixes: { prefix: string }[] = detail.eventName
    const taken = (name: string) => prefixes.some(({ prefix }) => name.startsWith(prefix))
    for (const name of [
      'CreateFunction20150331',
      'CreateFunction',
      'DeleteFunction20150331',
      'UpdateFunctionConfiguration20150331v2',
      'PublishVersion20150331',
      'CreateAlias20150331',
      'UpdateAlias20150331',
      'DeleteAlias20150331',
      'TagResource20170331v2',
      'UntagResource20170331v2',
      'CreateFunctionUrlConfig20211031',
      'UpdateFunctionUrlConfig20211031',
      'DeleteFunctionUrlConfig',
    ]) {
      assert.ok(taken(name), name)
    }
    for (const name of ['Invoke', 'ListTags20170331', 'UpdateFunctionCode20150331v2', 'GetFunction20150331v2']) {
      assert.ok(!taken(name), name)
    }
  })
})

test('what it may is what it asks of AWS, when it publishes, looks again and withdraws', async () => {
  const { client, endpoint, names: tables } = await testTables()
  const zone = canonicalName('fn.example.org')
  await dynamoDbZoneStore(client, tables.zones).add(newZone(zone))
  const tags = { 'namestream:publish': 'true', 'namestream:versions': 'true' }
  const functions = new Map<string, LocalFunction>()
  const add = (name: string, published?: LocalFunction['published']) =>
    functions.set(name, { name, handler: async () => {}, timeoutMs: 1000, ...(published && { published }) })
  add('Self')
  add('pay', { tags, aliases: [{ name: 'prod', version: '1' }], versions: ['1'], urls: [] })
  const lambda = await startLambdaEndpoint({ functions, log: assert.fail })
  after(() => lambda.stop())
  const recorder = await startRecorder({ dynamoDb: endpoint, route53: endpoint, tables, lambda: lambda.url })
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: recorder.url,
    AWS_ENDPOINT_URL_LAMBDA: recorder.url,
    FUNCTIONS_ZONE: zone,
    FUNCTIONS_GATEWAY: '{"kind":"cname","target":"lb.example.net","port":80}',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  })
  const { handler } = await import('../../functions/function-names/handler.ts')
  const invokedFunctionArn = 'arn:aws:lambda:ddblocal:000000000000:function:Self'
  const context = { invokedFunctionArn, getRemainingTimeInMillis: () => 600_000 } as never
  const reconcile = () => handler({ task: 'reconcile' }, context)
  assert.deepEqual(await reconcile(), { functions: 2, published: 3, refused: 0, unread: 0 })
  assert.deepEqual(await reconcile(), { functions: 2, published: 3, refused: 0, unread: 0 })
  functions.delete('pay')
  assert.deepEqual(await reconcile(), { functions: 1, published: 0, refused: 0, unread: 0 })
  const allowed = permissionsOf(template, 'FunctionNamesFunctionRole').flatMap(({ actions, resource }) =>
    actions.filter((action) => /^(lambda|dynamodb):/.test(action)).map((action) => `${action} on ${resource}`),
  )
  assert.deepEqual([...recorder.asked].sort(), allowed.sort())
})
