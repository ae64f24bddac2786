import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { SettingsError } from '../../cdk/settings-error.ts'
import { contextOf, lookedUp } from './looked-up-vpc.ts'
import { addresses, ingress } from './responder-template.ts'
import { resourceOf, templateOf, unbundledApp } from './template.ts'

const { vpc, account, region } = lookedUp
const settings = { responder: true, vpc }
const threeZones = [
  ['a', 'subnet-9052c62eb120c618b'],
  ['a', 'subnet-e3169f99dfe02e5d9'],
  ['b', 'subnet-c682e7319cb356b57'],
  ['c', 'subnet-25535c2793486dd67'],
] as const
const CREDENTIALS = { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region }

Object.assign(process.env, CREDENTIALS) // as the CDK command line sets them

describe('a VPC by its id alone', () => {
  const template = templateOf(unbundledApp({ ...settings, probe: false, ...contextOf(threeZones) }))

  test('load balancer and tasks are in its private subnets that have a way out, in one of each zone', () => {
    const chosen = [threeZones[0][1], threeZones[2][1], threeZones[3][1]]
    assert.deepEqual(
      addresses(template).map(([subnet]) => subnet),
      chosen,
    )
    const { Subnets, AssignPublicIp } = resourceOf(template, 'ResponderService').properties.NetworkConfiguration
      .AwsvpcConfiguration
    assert.deepEqual([Subnets, AssignPublicIp], [chosen, 'DISABLED'])
    assert.equal(resourceOf(template, 'ResponderBalancerTasks').properties.VpcId, vpc)
    for (const type of ['VPC', 'Subnet', 'VPCEndpoint']) template.resourceCountIs(`AWS::EC2::${type}`, 0)
  })

  test('each of its zones has a task, and who is in it may ask', () => {
    assert.equal(resourceOf(template, 'ResponderServiceTaskCountTarget').properties.MinCapacity, 3)
    const clients = ['udp 53 from 10.7.0.0/16', 'tcp 53 from 10.7.0.0/16']
    assert.deepEqual(ingress(template, 'ResponderBalancerSecurityGroup'), clients)
  })

  test('the stack is of the account and region that it was looked up in, and else of none', () => {
    const envOf = (context: object) => {
      const { account, region } = unbundledApp({ ...context })
        .synth()
        .getStackByName('Namestream').environment
      return [account, region]
    }
    assert.deepEqual(envOf({ ...settings, ...contextOf(threeZones) }), [account, region])
    assert.deepEqual(envOf({ responder: true }), ['unknown-account', 'unknown-region'])
  })
})

describe('functions without the responder', () => {
  const template = templateOf(unbundledApp({ functions: true, vpc, ...contextOf(threeZones) }))

  test('have their load balancer in such a VPC, too, in one subnet of each zone, and who is in it may call', () => {
    const { Subnets } = resourceOf(template, 'GatewayAlb').properties
    assert.deepEqual(Subnets, [threeZones[0][1], threeZones[2][1], threeZones[3][1]])
    assert.deepEqual(ingress(template, 'GatewaySecurityGroup'), ['tcp 80 from 10.7.0.0/16'])
    for (const type of ['VPC', 'Subnet', 'VPCEndpoint']) template.resourceCountIs(`AWS::EC2::${type}`, 0)
  })

  test('need it to be looked up', () => {
    assert.throws(() => unbundledApp({ functions: true, vpc }), /^SettingsError: vpc=.* is looked up in your account/)
  })
})

describe('what is refused, in one line', () => {
  const refuses = (context: object, reason: RegExp) =>
    assert.throws(
      () => unbundledApp({ ...settings, ...context }),
      (error) => error instanceof SettingsError && reason.test(error.message) && !error.message.includes('\n'),
    )

  test('a VPC without private subnets in two zones', () => {
    const one = threeZones.slice(0, 2)
    const reason =
      /^vpc=vpc-\w+ has private subnets with a way out in 1 availability zones, two are needed: name subnets/
    refuses(contextOf(one), reason)
  })

  test('fewer tasks than zones', () => {
    refuses({ ...contextOf(threeZones), tasks: '2-4' }, /^tasks begin at 2, but each of the 3 zones needs one$/)
  })

  const how = /^vpc=vpc-\w+ is looked up in your account: run npx cdk synth, with credentials and a region, or name its/

  test('one that nobody has looked up, as without the CDK command line nobody will', () => {
    refuses({}, how)
    refuses({ [`${Object.keys(contextOf(threeZones))[0]}`.replace(account, '210987654321')]: {} }, how)
  })

  for (const [name, value] of Object.entries(CREDENTIALS)) {
    test(`an account that is not known for want of ${name}`, () => {
      delete process.env[name]
      refuses(contextOf(threeZones), how)
      process.env[name] = value
    })
  }
})
