/** The load balancer and the function through which functions are called by their names. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { App, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { Vpc } from 'aws-cdk-lib/aws-ec2'
import { AwsSolutionsChecks } from 'cdk-nag'
import { FunctionGateway } from '../../cdk/function-gateway.ts'
import { GATEWAY_SETTINGS, readGateway } from '../../cdk/gateway-settings.ts'
import { ResponderNetwork } from '../../cdk/responder-network.ts'
import { readResponder } from '../../cdk/responder-settings.ts'
import type { Read } from '../../cdk/setting-list.ts'
import { SettingsError } from '../../cdk/settings-error.ts'
import { Tables } from '../../cdk/tables.ts'
import { permissionsOf } from './policies.ts'
import { attributes, egress, ingress } from './responder-template.ts'
import { resourceOf, resourcesOf, scratchFolder } from './template.ts'

const certificate = 'arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d-1111-2222-3333-444455556666'
const CLIENTS = ['10.0.0.0/8', '192.168.0.0/16']

function synthesised(more: { readonly certificate?: string } = {}) {
  const app = new App({
    outdir: scratchFolder(),
    context: { 'aws:cdk:bundling-stacks': [], 'aws:cdk:disable-asset-staging': true },
  })
  const stack = new Stack(app, 'Namestream')
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0abc1234',
    availabilityZones: ['eu-central-1a', 'eu-central-1b'],
    privateSubnetIds: ['subnet-0abc1234', 'subnet-0def5678'],
  })
  const tables = new Tables(stack, 'Tables')
  const gateway = new FunctionGateway(stack, 'Gateway', {
    ...{ vpc, subnets: vpc.privateSubnets, clients: CLIENTS, tables },
    ...more,
  })
  return { app, stack, gateway, template: Template.fromStack(stack) }
}

const { app, stack, gateway, template } = synthesised()
const secure = synthesised({ certificate }).template
const listeners = (one: Template) =>
  Object.values(resourcesOf(one, 'AWS::ElasticLoadBalancingV2::Listener')).map(
    ({ properties: { LoadBalancerArn: _, ...rest } }) => rest,
  )

describe('load balancer', () => {
  const { properties } = resourceOf(template, 'GatewayAlb')

  test('is internal, in each of the subnets, and passes on no header that is malformed', () => {
    assert.deepEqual([properties.Scheme, properties.Type], ['internal', 'application'])
    assert.deepEqual(properties.Subnets, ['subnet-0abc1234', 'subnet-0def5678'])
    const set = attributes(properties.LoadBalancerAttributes)
    assert.ok(set.includes('routing.http.drop_invalid_header_fields.enabled=true'), String(set))
    assert.ok(set.includes('idle_timeout.timeout_seconds=60'))
    assert.deepEqual(stack.resolve(gateway.loadBalancerDnsName), {
      'Fn::GetAtt': [Object.keys(template.findResources('AWS::ElasticLoadBalancingV2::LoadBalancer'))[0], 'DNSName'],
    })
  })

  test('waits longer for the function than that may take', () => {
    assert.equal(resourceOf(template, 'GatewayFunction').properties.Timeout, 29)
  })

  test('lets in the clients alone, and nothing out', () => {
    assert.deepEqual(
      ingress(template, 'GatewaySecurityGroup'),
      CLIENTS.map((block) => `tcp 80 from ${block}`),
    )
    assert.deepEqual(
      ingress(secure, 'GatewaySecurityGroup'),
      CLIENTS.flatMap((block) => [80, 443].map((port) => `tcp ${port} from ${block}`)),
    )
    for (const one of [template, secure]) {
      assert.deepEqual(egress(one, 'GatewaySecurityGroup'), ['icmp 252 to 255.255.255.255/32']) // CDK's form of none
    }
  })

  test('takes HTTP, and with a certificate HTTPS as well', () => {
    const forward = [{ Type: 'forward', TargetGroupArn: 'GatewayTargets' }]
    const http = { Port: 80, Protocol: 'HTTP', DefaultActions: forward }
    assert.deepEqual(listeners(template), [http])
    assert.deepEqual(listeners(secure), [
      http,
      {
        ...{ Port: 443, Protocol: 'HTTPS', DefaultActions: forward },
        Certificates: [{ CertificateArn: certificate }],
        SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06',
      },
    ])
  })
})

describe('target', () => {
  test('is the function, with all values of headers and parameters', () => {
    const { properties } = resourceOf(template, 'GatewayTargets')
    assert.equal(properties.TargetType, 'lambda')
    assert.deepEqual(properties.Targets, [{ Id: 'GatewayFunction.Arn' }])
    assert.deepEqual(attributes(properties.TargetGroupAttributes), ['lambda.multi_value_headers.enabled=true'])
    for (const absent of ['Port', 'Protocol', 'VpcId']) assert.equal(absent in properties, false, absent)
  })

  test('is registered once load balancers of this account may invoke it', () => {
    const [permission] = Object.entries(template.findResources('AWS::Lambda::Permission'))
    const [id, { Properties }] = permission ?? assert.fail()
    assert.equal(Properties.Principal, 'elasticloadbalancing.amazonaws.com')
    assert.deepEqual(Properties.SourceAccount, { Ref: 'AWS::AccountId' })
    const [group] = Object.values(template.findResources('AWS::ElasticLoadBalancingV2::TargetGroup'))
    assert.ok(group?.DependsOn.includes(id))
  })
})

test('the function may look up names, tokens and grants, and invoke what is published', () => {
  const keys = (start: string) => ({
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${start}*`] },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  })
  const tracing = { actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], resource: '*' }
  const found = permissionsOf(template, 'GatewayFunctionRole').filter(
    ({ actions }) => !actions.some((one) => one.startsWith('logs:')),
  )
  assert.deepEqual(found, [
    tracing,
    { actions: ['dynamodb:GetItem'], resource: 'TablesRegistrations.Arn' },
    { actions: ['dynamodb:Query'], resource: 'TablesAccess.Arn', condition: keys('grant#') },
    { actions: ['dynamodb:GetItem'], resource: 'TablesAccess.Arn', condition: keys('token#') },
    {
      actions: ['lambda:InvokeFunction'],
      resource: 'arn:AWS::Partition:lambda:AWS::Region:AWS::AccountId:function:*',
      condition: { StringEquals: { 'aws:ResourceTag/namestream:publish': 'true' } },
    },
  ])
  const { Variables } = resourceOf(template, 'GatewayFunction').properties.Environment
  assert.deepEqual(Object.keys(Variables).sort(), ['ACCESS_TABLE', 'NODE_OPTIONS', 'REGISTRATIONS_TABLE'])
})

test('cdk-nag AwsSolutions finds nothing that is not acknowledged', () => {
  const { success, violations } = new AwsSolutionsChecks(app).validateScope(app)
  assert.deepEqual(violations, [])
  assert.ok(success)
})

describe('settings', () => {
  const reading =
    (given: Readonly<Record<string, unknown>>): Read =>
    (setting) =>
      given[setting]
  const network = {
    vpc: 'vpc-0abc1234',
    subnets: 'subnet-0abc1234,subnet-0def5678',
    availabilityZones: 'eu-central-1a,eu-central-1b',
  }

  test('are those of the responder, also without it', () => {
    const given = { ...network, dnsClients: '10.0.0.0/8', certificate }
    const expected = {
      ...{ clients: ['10.0.0.0/8'], certificate },
      network: {
        ...{ kind: 'given', vpc: 'vpc-0abc1234' },
        ...{ subnets: ['subnet-0abc1234', 'subnet-0def5678'], zones: ['eu-central-1a', 'eu-central-1b'] },
      },
    }
    assert.equal(readResponder(reading(given), [], GATEWAY_SETTINGS), undefined)
    assert.deepEqual(readGateway(reading(given), undefined), expected)
    const responder = readResponder(reading({ ...given, responder: true }), [])
    assert.deepEqual(readGateway(reading(given), responder), expected)
  })

  test('without any there is a new VPC, whose addresses may call', () => {
    const { network, clients } = readGateway(reading({}), undefined)
    assert.deepEqual([network, clients], [{ kind: 'new', block: '10.53.0.0/16' }, undefined])
    const own = new ResponderNetwork(new Stack(), 'Network', { network, publicTasks: false })
    assert.deepEqual([own.block, own.taskSubnets.length], ['10.53.0.0/16', 2])
  })

  const refused: readonly [given: Readonly<Record<string, unknown>>, reason: RegExp][] = [
    [{ vpc: 'vpc-x' }, /^vpc must be/],
    [network, /^dnsClients must be/],
    [{ dnsClients: '0.0.0.0/0' }, /^dnsClients must be/],
    [{ certificate: 'mine' }, /^certificate must be/],
  ]
  for (const [given, reason] of refused) {
    test(JSON.stringify(given), () => {
      assert.throws(
        () => readGateway(reading(given), undefined),
        (error) => error instanceof SettingsError && reason.test(error.message),
      )
    })
  }

  test('what only the responder has still needs it', () => {
    assert.throws(
      () => readResponder(reading({ tasks: '2-4' }), [], GATEWAY_SETTINGS),
      /^SettingsError: tasks needs responder=true/,
    )
    assert.throws(() => readResponder(reading(network), []), /vpc needs responder=true/)
  })
})
