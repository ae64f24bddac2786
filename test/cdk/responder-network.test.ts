/** The traps of load balancer, security groups and subnets that neither synthesis nor cfn-lint finds. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addresses, attributes, egress, given, ingress, template, variables } from './responder-template.ts'
import { resourceOf, resourcesOf, templateOf, unbundledApp } from './template.ts'

const { properties: service } = resourceOf(template, 'ResponderService')

test('without it there is nothing that costs by the hour', () => {
  const types = Object.values(resourcesOf(templateOf(unbundledApp()))).map(({ type }) => type)
  assert.doesNotMatch(types.join(' '), /EC2|ECS|LoadBalanc|Resolver|AutoScaling/)
})

describe('load balancer', () => {
  test('one listener for both protocols on 53, to targets of both on 1053', () => {
    const listeners = Object.values(resourcesOf(template, 'AWS::ElasticLoadBalancingV2::Listener'))
    assert.deepEqual(
      listeners.map(({ properties: { Port, Protocol } }) => [Port, Protocol]),
      [[53, 'TCP_UDP']],
    )
    const { Port, Protocol, TargetType } = resourceOf(template, 'ResponderBalancerTasks').properties
    assert.deepEqual([Port, Protocol, TargetType], [1053, 'TCP_UDP', 'ip'])
  })

  test('internal, its security group from the start, no bytes between zones', () => {
    for (const one of [template, given]) {
      const { properties } = resourceOf(one, 'ResponderBalancerNlb')
      assert.equal(properties.Scheme, 'internal')
      assert.deepEqual(properties.SecurityGroups, ['ResponderBalancerSecurityGroup.GroupId'])
      assert.ok(attributes(properties.LoadBalancerAttributes).includes('load_balancing.cross_zone.enabled=false'))
    }
  })

  test('one fixed address in each zone: in a new VPC in subnets of its own, else as given', () => {
    assert.deepEqual(addresses(template), [
      ['ResponderNetworkVpcDnsSubnet1Subnet', '10.53.0.132'],
      ['ResponderNetworkVpcDnsSubnet2Subnet', '10.53.0.148'],
    ])
    assert.deepEqual(addresses(given), [
      ['subnet-0abc1234', '10.0.0.53'],
      ['subnet-0def5678', '10.0.1.53'],
    ])
    const { CidrBlock } = resourceOf(template, 'ResponderNetworkVpcDnsSubnet2Subnet').properties
    assert.equal(CidrBlock, '10.53.0.144/28')
    const subnets = service.NetworkConfiguration.AwsvpcConfiguration.Subnets
    for (const [subnet = ''] of addresses(template)) assert.ok(!subnets.includes(subnet))
  })

  test('its addresses are an output', () => {
    assert.deepEqual(
      [template, given].map(
        (one) => Object.entries(one.findOutputs('*')).find(([id]) => id.startsWith('ResponderDns'))?.[1].Value,
      ),
      ['10.53.0.132 10.53.0.148', '10.0.0.53 10.0.1.53'],
    )
  })

  test('asks /ready over HTTP, as there is no check by UDP', () => {
    const { properties } = resourceOf(template, 'ResponderBalancerTasks')
    const { HealthCheckProtocol, HealthCheckPort, HealthCheckPath, HealthCheckIntervalSeconds } = properties
    assert.deepEqual([HealthCheckProtocol, HealthCheckPort, HealthCheckPath], ['HTTP', '8080', '/ready'])
    assert.ok(HealthCheckIntervalSeconds >= 5)
  })

  test('lets a task go before it stops to answer, and that before it is killed', () => {
    const { properties } = resourceOf(template, 'ResponderBalancerTasks')
    const set = attributes(properties.TargetGroupAttributes)
    assert.ok(set.includes('deregistration_delay.timeout_seconds=30'))
    assert.ok(set.includes('deregistration_delay.connection_termination.enabled=true'))
    const lameduck = Number(variables().LAMEDUCK_SECONDS)
    assert.ok(lameduck >= 30 + 10)
    const [container] = resourceOf(template, 'ResponderTask').properties.ContainerDefinitions
    assert.ok(container.StopTimeout >= lameduck + 10 && container.StopTimeout <= 120)
  })
})

describe('security groups', () => {
  const [balancer, tasks] = ['ResponderBalancerSecurityGroup', 'ResponderTasks']

  test('clients reach the load balancer on 53, by both protocols, those of the setting, the probe and no others', () => {
    const rules = (blocks: readonly string[]) =>
      blocks.flatMap((block) => ['udp', 'tcp'].map((protocol) => `${protocol} 53 from ${block}`))
    const probe = 'ProbeLookupSecurityGroup.GroupId'
    assert.deepEqual(ingress(template, balancer), rules(['10.53.0.0/16', probe]))
    assert.deepEqual(ingress(given, balancer), rules(['10.0.0.0/8', '192.168.0.0/16', probe]))
    const unprobed = templateOf(unbundledApp({ responder: true, probe: false }))
    assert.deepEqual(ingress(unprobed, balancer), rules(['10.53.0.0/16']))
  })

  test('the load balancer reaches the tasks, for answers by both protocols and for the health check; nobody else does', () => {
    const from = `from ${balancer}.GroupId`
    for (const one of [template, given]) {
      assert.deepEqual(ingress(one, tasks), [`udp 1053 ${from}`, `tcp 1053 ${from}`, `tcp 8080 ${from}`])
      assert.deepEqual(
        egress(one, balancer),
        [`udp 1053 to ${tasks}.GroupId`, `tcp 1053 to ${tasks}.GroupId`].concat(`tcp 8080 to ${tasks}.GroupId`),
      )
    }
  })

  test('tasks reach HTTPS only', () => {
    assert.deepEqual(egress(template, tasks), ['tcp 443 to 0.0.0.0/0'])
  })
})

describe('network', () => {
  test('a new VPC in two zones, DynamoDB and S3 by gateway endpoints, no NAT; public addresses for the way to AWS', () => {
    const endpoints = Object.values(resourcesOf(template, 'AWS::EC2::VPCEndpoint')).map(({ properties }) => properties)
    assert.deepEqual(
      endpoints.map(({ VpcEndpointType, ServiceName }) => [VpcEndpointType, ServiceName]),
      [
        ['Gateway', 'com.amazonaws.AWS::Region.dynamodb'],
        ['Gateway', 'com.amazonaws.AWS::Region.s3'],
      ],
    )
    template.resourceCountIs('AWS::EC2::NatGateway', 0)
    template.resourceCountIs('AWS::EC2::Subnet', 4)
    const { EnableDnsHostnames, EnableDnsSupport } = resourceOf(template, 'ResponderNetworkVpc').properties
    assert.deepEqual([EnableDnsHostnames, EnableDnsSupport], [true, true]) // or no private hosted zone is asked
    assert.equal(service.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp, 'ENABLED')
  })

  test('taskNetwork=private: no way out, and interface endpoints that only tasks reach', () => {
    const isolated = templateOf(unbundledApp({ responder: true, taskNetwork: 'private' }))
    isolated.resourceCountIs('AWS::EC2::InternetGateway', 0)
    const { NetworkConfiguration } = resourceOf(isolated, 'ResponderService').properties
    assert.equal(NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp, 'DISABLED')
    const endpoints = Object.values(resourcesOf(isolated, 'AWS::EC2::VPCEndpoint')).map(({ properties }) => properties)
    assert.deepEqual(
      endpoints.filter(({ VpcEndpointType }) => VpcEndpointType === 'Interface').map(({ ServiceName }) => ServiceName),
      ['ecr.api', 'ecr.dkr', 'logs'].map((name) => `com.amazonaws.AWS::Region.${name}`),
    )
    assert.deepEqual(ingress(isolated, 'ResponderNetworkEndpoints'), ['tcp 443 from ResponderTasks.GroupId'])
  })

  test('three zones by name', () => {
    const availabilityZones = 'eu-central-1a,eu-central-1b,eu-central-1c'
    const wide = templateOf(unbundledApp({ responder: true, vpc: 'new:10.9.8.0/24', availabilityZones }))
    assert.deepEqual(
      addresses(wide).map(([, address]) => address),
      ['10.9.8.196', '10.9.8.212', '10.9.8.228'],
    )
    assert.equal(resourceOf(wide, 'ResponderServiceTaskCountTarget').properties.MinCapacity, 3)
  })

  test('in a VPC that is given nothing of the network is created', () => {
    given.resourceCountIs('AWS::EC2::VPC', 0)
    given.resourceCountIs('AWS::EC2::Subnet', 0)
    given.resourceCountIs('AWS::EC2::VPCEndpoint', 0)
    const { Subnets, AssignPublicIp } = resourceOf(given, 'ResponderService').properties.NetworkConfiguration
      .AwsvpcConfiguration
    assert.deepEqual([Subnets, AssignPublicIp], [['subnet-0abc1234', 'subnet-0def5678'], 'DISABLED'])
    assert.equal(resourceOf(given, 'ResponderBalancerTasks').properties.VpcId, 'vpc-0abc1234')
  })
})
