/** What the gateway asks of AWS when it really runs is what its role allows: no less, so it works, and no more. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { App, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { Vpc } from 'aws-cdk-lib/aws-ec2'
import { FunctionGateway } from '../../cdk/function-gateway.ts'
import { Tables } from '../../cdk/tables.ts'
import { newToken } from '../../shared/access/tokens.ts'
import { dynamoDbAccessStore } from '../../shared/aws/access-store.ts'
import { dynamoDbRegistrationStore } from '../../shared/aws/registration-store.ts'
import { FUNCTION_ID } from '../../shared/registrations/model.ts'
import { testTables } from '../dynamodb.ts'
import { albEvent, arnOf, ZONE } from '../gateway/world.ts'
import { permissionsOf } from './policies.ts'
import { startRecorder } from './recorder.ts'
import { scratchFolder } from './template.ts'

const { client, endpoint, names: tables } = await testTables()
const invoked: string[] = []
const recorder = await startRecorder({
  ...{ dynamoDb: endpoint, route53: endpoint, tables },
  async invoked(fn) {
    invoked.push(decodeURIComponent(fn))
    return { statusCode: 200, body: 'ok' }
  },
})
Object.assign(process.env, {
  AWS_ENDPOINT_URL_DYNAMODB: recorder.url,
  AWS_ENDPOINT_URL_LAMBDA: recorder.url,
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  POWERTOOLS_METRICS_DISABLED: 'true',
})
const { handler } = await import('../../functions/gateway/handler.ts')

const app = new App({ outdir: scratchFolder(), context: { 'aws:cdk:bundling-stacks': [] } })
const stack = new Stack(app, 'Namestream')
const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
  ...{ vpcId: 'vpc-0abc1234', availabilityZones: ['a', 'b'], privateSubnetIds: ['subnet-0', 'subnet-1'] },
})
const subnets = vpc.privateSubnets
new FunctionGateway(stack, 'Gateway', { vpc, subnets, clients: ['10.0.0.0/8'], tables: new Tables(stack, 'Tables') })
const allowed = permissionsOf(Template.fromStack(stack), 'GatewayFunctionRole')

test('a call with a token', async () => {
  const arn = `${arnOf('pay')}:live`
  const registration = { zone: ZONE, id: FUNCTION_ID, rrsets: {}, nonce: 'n', principal: 'local' }
  const fn = { arn, auth: 'token' } as const
  const name = `pay.fn.${ZONE}` as typeof ZONE
  await dynamoDbRegistrationStore(client, tables.registrations).put({ ...registration, name, fn }, undefined)
  const { token, text } = newToken('caller', 3_600_000, Date.now(), randomBytes)
  const access = dynamoDbAccessStore(client, tables.access)
  await access.writeToken(token, 0)
  const grant = { id: 'g', principal: `token:${token.id}` as const, zones: [ZONE], names: ['*.fn'], types: ['*'] }
  await access.addGrant({ ...grant, actions: ['invoke'] })

  const context = {
    awsRequestId: 'r',
    invokedFunctionArn: arnOf('gateway'),
    getRemainingTimeInMillis: () => 29_000,
  }
  const event = albEvent('pay.fn.example.org', { multiValueHeaders: { authorization: [`Bearer ${text}`] } })
  assert.equal((await handler(event, context as never)).body, 'ok')
  assert.deepEqual(invoked, [arn])

  const asked = [...recorder.asked].map((one) => one.replace(/^(lambda:InvokeFunction) on .*$/, `$1 on ${FUNCTIONS}`))
  const permitted = allowed.flatMap(({ actions, resource }) => actions.map((action) => `${action} on ${resource}`))
  const own = permitted.filter((one) => !/^(xray|logs):/.test(one))
  assert.deepEqual(asked.sort(), own.sort())
})

const FUNCTIONS = 'arn:AWS::Partition:lambda:AWS::Region:AWS::AccountId:function:*'
