/** The traps of NLB, ECS and Fargate that neither synthesis nor cfn-lint finds; each has its assertion here. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Template } from 'aws-cdk-lib/assertions'
import { resourceOf, resourcesOf, templateOf, unbundledApp } from './template.ts'

const template = templateOf(unbundledApp({ responder: 'true' }))
const given = templateOf(
  unbundledApp({
    responder: true,
    vpc: 'vpc-0abc1234',
    subnets: 'subnet-0abc1234,subnet-0def5678',
    availabilityZones: 'eu-central-1a,eu-central-1b',
    dnsAddresses: '10.0.0.53,10.0.1.53',
    dnsClients: '10.0.0.0/8,192.168.0.0/16',
    tasks: '3-6',
    taskSize: '2048/4096',
    architecture: 'x86_64',
  }),
)
const { properties: service } = resourceOf(template, 'ResponderService')
const { properties: task } = resourceOf(template, 'ResponderTask')
const [container] = task.ContainerDefinitions

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
    assert.ok(container.StopTimeout >= lameduck + 10 && container.StopTimeout <= 120)
  })
})

describe('security groups', () => {
  const [balancer, tasks] = ['ResponderBalancerSecurityGroup', 'ResponderTasks']

  test('clients reach the load balancer on 53, by both protocols, those of the setting and no others', () => {
    const rules = (blocks: readonly string[]) =>
      blocks.flatMap((block) => ['udp', 'tcp'].map((protocol) => `${protocol} 53 from ${block}`))
    assert.deepEqual(ingress(template, balancer), rules(['10.53.0.0/16']))
    assert.deepEqual(ingress(given, balancer), rules(['10.0.0.0/8', '192.168.0.0/16']))
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

describe('task', () => {
  test('no port is mapped twice, not even by two protocols', () => {
    for (const one of [template, given]) {
      const { ContainerDefinitions } = resourceOf(one, 'ResponderTask').properties
      const mappings = ContainerDefinitions.flatMap((each: typeof container) => each.PortMappings)
      assert.deepEqual(mappings, [{ ContainerPort: 1053, Protocol: 'udp' }])
    }
    assert.deepEqual(service.LoadBalancers, [
      { ContainerName: 'responder', ContainerPort: 1053, TargetGroupArn: 'ResponderBalancerTasks' },
    ])
  })

  test('is not root, has no capabilities, and cannot write to its file system', () => {
    assert.equal(container.User, '1000')
    assert.deepEqual(container.LinuxParameters.Capabilities, { Drop: ['ALL'] })
    assert.equal(container.ReadonlyRootFilesystem, true)
    assert.equal(container.Privileged, undefined)
    assert.deepEqual(container.HealthCheck.Command, ['CMD', 'node', '/app/health-check.mjs'])
  })

  test('its size, architecture and threads', () => {
    const sizes = [template, given].map((one) => {
      const { Cpu, Memory, RuntimePlatform, NetworkMode } = resourceOf(one, 'ResponderTask').properties
      return [Cpu, Memory, RuntimePlatform.CpuArchitecture, NetworkMode, variables(one).WORKERS]
    })
    assert.deepEqual(sizes, [
      ['256', '512', 'ARM64', 'awsvpc', '1'],
      ['2048', '4096', 'X86_64', 'awsvpc', '2'],
    ])
  })

  test('is told the tables, the region, and nothing secret', () => {
    const { WORKERS, LAMEDUCK_SECONDS, ...rest } = variables()
    assert.deepEqual(rest, {
      NAMES_TABLE: 'TablesNames',
      ZONES_TABLE: 'TablesZones',
      CHANGELOG_TABLE: 'TablesChangelog',
      AWS_REGION: 'AWS::Region',
    })
    assert.equal(container.Secrets, undefined)
  })

  test('answers go on while its log cannot be written', () => {
    const { LogDriver, Options } = container.LogConfiguration
    assert.equal(LogDriver, 'awslogs')
    assert.equal(Options.mode, 'non-blocking')
    assert.equal(resourceOf(template, Options['awslogs-group']).properties.RetentionInDays, 30)
  })
})

describe('service', () => {
  test('a deployment takes no task away before another is there, and is taken back if none comes', () => {
    const { MinimumHealthyPercent, MaximumPercent, DeploymentCircuitBreaker } = service.DeploymentConfiguration
    assert.deepEqual([MinimumHealthyPercent, MaximumPercent], [100, 200])
    assert.deepEqual(DeploymentCircuitBreaker, { Enable: true, Rollback: true })
    assert.ok(service.HealthCheckGracePeriodSeconds >= 60)
    assert.equal(service.AvailabilityZoneRebalancing, 'ENABLED')
    assert.equal('DesiredCount' in service, false) // it would undo the scaling with each deployment
  })

  test('starts once the load balancer has its targets', () => {
    const [found] = Object.values(template.findResources('AWS::ECS::Service'))
    assert.ok(found?.DependsOn.some((id: string) => id.startsWith('ResponderBalancerNlbDns')))
  })

  test('at least one task in each zone, up to what the setting says', () => {
    const bounds = [template, given].map((one) => {
      const { MinCapacity, MaxCapacity } = resourceOf(one, 'ResponderServiceTaskCountTarget').properties
      return [MinCapacity, MaxCapacity]
    })
    assert.deepEqual(bounds, [
      [2, 10],
      [3, 6],
    ])
  })

  test('scales by queries for each task, and by CPU as a guard', () => {
    const policies = Object.values(resourcesOf(template, 'AWS::ApplicationAutoScaling::ScalingPolicy'))
    const cooldown = { ScaleInCooldown: 300, ScaleOutCooldown: 60 }
    assert.deepEqual(
      policies.map(({ properties }) => properties.TargetTrackingScalingPolicyConfiguration),
      [
        {
          ...cooldown,
          CustomizedMetricSpecification: {
            Namespace: 'Namestream',
            MetricName: 'QueriesPerTask',
            Dimensions: [{ Name: 'service', Value: 'responder' }],
            Statistic: 'Average',
          },
          TargetValue: 5000,
        },
        {
          ...cooldown,
          PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
          TargetValue: 50,
        },
      ],
    )
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

// ---------------------------------------------------------------------------

function attributes(set: readonly { Key: string; Value: string }[]): string[] {
  return set.map(({ Key, Value }) => `${Key}=${Value}`)
}

function addresses(one: Template): string[][] {
  const { SubnetMappings } = resourceOf(one, 'ResponderBalancerNlb').properties
  return SubnetMappings.map(({ SubnetId = '', PrivateIPv4Address = '' }) => [SubnetId, PrivateIPv4Address])
}

function variables(one = template): Record<string, string> {
  const [{ Environment }] = resourceOf(one, 'ResponderTask').properties.ContainerDefinitions
  return Object.fromEntries(Environment.map(({ Name = '', Value = '' }) => [Name, Value]))
}

interface Rule {
  readonly IpProtocol: string
  readonly FromPort: number
  readonly CidrIp?: string
  readonly SourceSecurityGroupId?: string
  readonly DestinationSecurityGroupId?: string
}

function ingress(one: Template, group: string): string[] {
  return rulesOf(one, group, 'Ingress').map(
    (rule) => `${rule.IpProtocol} ${rule.FromPort} from ${rule.CidrIp ?? rule.SourceSecurityGroupId}`,
  )
}

function egress(one: Template, group: string): string[] {
  return rulesOf(one, group, 'Egress').map(
    (rule) => `${rule.IpProtocol} ${rule.FromPort} to ${rule.CidrIp ?? rule.DestinationSecurityGroupId}`,
  )
}

/** The rules in the group itself and those that are resources of their own. */
function rulesOf(one: Template, group: string, direction: 'Ingress' | 'Egress'): Rule[] {
  const own = resourceOf(one, group).properties[`SecurityGroup${direction}`] ?? []
  const others = Object.values(resourcesOf(one, `AWS::EC2::SecurityGroup${direction}`)).map(
    ({ properties }) => properties,
  )
  return [...own, ...others.filter(({ GroupId }) => GroupId === `${group}.GroupId`)]
}
