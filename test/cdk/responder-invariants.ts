/** What must hold of the responder on Fargate whatever the settings are: what neither synthesis nor cfn-lint finds. */
import assert from 'node:assert/strict'
import type { Template } from 'aws-cdk-lib/assertions'
import { addresses, attributes, egress, ingress } from './responder-template.ts'
import { type Resource, resourceOf, resourcesOf } from './template.ts'

type Invariant = (template: Template, settings: Readonly<Record<string, unknown>>) => void

const BALANCER = 'ResponderBalancerSecurityGroup'
const TASKS = 'ResponderTasks'

export const responderInvariants: Readonly<Record<string, Invariant>> = {
  'both protocols on 53 at one listener, TLS on 853 if there is a certificate'(template, { certificate }) {
    const listeners = all(template, 'AWS::ElasticLoadBalancingV2::Listener')
    const found = listeners.map(({ Port, Protocol, DefaultActions: [{ TargetGroupArn }] }) => {
      const targets = resourceOf(template, TargetGroupArn).properties
      return `${Port} ${Protocol} to ${targets.Port} ${targets.Protocol}`
    })
    const tls = certificate === undefined ? [] : ['853 TLS to 1053 TCP']
    assert.deepEqual(found, ['53 TCP_UDP to 1053 TCP_UDP', ...tls])
  },

  'target groups: addresses of tasks, asked for /ready, let go while they still answer'(template) {
    const [container] = all(template, 'AWS::ECS::TaskDefinition')[0].ContainerDefinitions
    const lameduck = Number(container.Environment.find(({ Name = '' }) => Name === 'LAMEDUCK_SECONDS').Value)
    for (const targets of all(template, 'AWS::ElasticLoadBalancingV2::TargetGroup')) {
      const { TargetType, HealthCheckProtocol, HealthCheckPort, HealthCheckPath, HealthCheckIntervalSeconds } = targets
      assert.deepEqual(
        [TargetType, HealthCheckProtocol, HealthCheckPort, HealthCheckPath],
        ['ip', 'HTTP', '8080', '/ready'],
      )
      assert.ok(HealthCheckIntervalSeconds >= 5)
      const set = attributes(targets.TargetGroupAttributes)
      assert.ok(set.includes('deregistration_delay.connection_termination.enabled=true'))
      const delay = set.find((one) => one.startsWith('deregistration_delay.timeout_seconds='))?.replace(/.*=/, '')
      assert.ok(Number(delay) >= 15 && Number(delay) + 10 <= lameduck)
    }
    assert.ok(lameduck + 10 <= container.StopTimeout && container.StopTimeout <= 120)
  },

  'no container port is mapped twice, and each target group has the tasks'(template) {
    const [container] = all(template, 'AWS::ECS::TaskDefinition')[0].ContainerDefinitions
    assert.deepEqual(container.PortMappings, [{ ContainerPort: 1053, Protocol: 'udp' }])
    const [{ LoadBalancers, DesiredCount }] = all(template, 'AWS::ECS::Service')
    const groups = Object.keys(resourcesOf(template, 'AWS::ElasticLoadBalancingV2::TargetGroup')).filter(
      (id) => !isOfGateway(id),
    )
    assert.deepEqual(
      LoadBalancers,
      groups.map((TargetGroupArn) => ({ ContainerName: 'responder', ContainerPort: 1053, TargetGroupArn })),
    )
    assert.equal(DesiredCount, undefined) // it would undo the scaling with each deployment
    const [service] = Object.values(template.findResources('AWS::ECS::Service'))
    const listeners = Object.keys(template.findResources('AWS::ElasticLoadBalancingV2::Listener'))
    for (const listener of listeners.filter((id) => !isOfGateway(id)))
      assert.ok(service?.DependsOn.includes(listener), listener)
  },

  'the container is no root, and writes to nothing'(template) {
    const [{ User, ReadonlyRootFilesystem, LinuxParameters }] = all(template, 'AWS::ECS::TaskDefinition')[0]
      .ContainerDefinitions
    assert.deepEqual([User, ReadonlyRootFilesystem, LinuxParameters.Capabilities], ['1000', true, { Drop: ['ALL'] }])
  },

  'the load balancer: inside, a security group from the start, in two zones at least, no bytes between them'(template) {
    const [balancer] = all(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer')
    assert.deepEqual([balancer.Scheme, balancer.Type], ['internal', 'network'])
    assert.deepEqual(balancer.SecurityGroups, [`${BALANCER}.GroupId`])
    assert.ok(attributes(balancer.LoadBalancerAttributes).includes('load_balancing.cross_zone.enabled=false'))
    const subnets = addresses(template).map(([subnet]) => subnet)
    assert.ok(subnets.length >= 2 && new Set(subnets).size === subnets.length)
  },

  'each zone has a task'(template) {
    const [{ MinCapacity, MaxCapacity }] = all(template, 'AWS::ApplicationAutoScaling::ScalableTarget')
    assert.ok(MinCapacity >= addresses(template).length && MaxCapacity >= MinCapacity)
  },

  'security groups let through what is needed, and nothing from everywhere'(template, { certificate }) {
    const ports = ['udp 53', 'tcp 53', ...(certificate === undefined ? [] : ['tcp 853'])]
    const isOfTheStack = (rule: string) => rule.endsWith('.GroupId')
    const admitted = ingress(template, BALANCER)
    for (const rule of admitted.filter(isOfTheStack)) assert.match(rule, /^(udp|tcp) 53 from /)
    const clients = admitted.filter((rule) => !isOfTheStack(rule))
    const blocks = new Set(clients.map((rule) => rule.replace(/^.* from /, '')))
    assert.ok(blocks.size > 0)
    const expected = [...blocks].flatMap((block) => ports.map((port) => `${port} from ${block}`))
    assert.deepEqual(clients.sort(), expected.sort())
    const through = ['udp 1053', 'tcp 1053', 'tcp 8080']
    assert.deepEqual(
      ingress(template, TASKS),
      through.map((port) => `${port} from ${BALANCER}.GroupId`),
    )
    assert.deepEqual(
      egress(template, BALANCER),
      through.map((port) => `${port} to ${TASKS}.GroupId`),
    )
    for (const group of Object.keys(resourcesOf(template, 'AWS::EC2::SecurityGroup'))) {
      for (const rule of ingress(template, group)) assert.doesNotMatch(rule, / (0\.0\.0\.0|::)\/0$/, group)
    }
  },

  'rules of Resolver lead to the addresses of the load balancer, and nowhere else'(template, { zones, resolver }) {
    const rules = all(template, 'AWS::Route53Resolver::ResolverRule')
    assert.equal(rules.length, resolver === undefined ? 0 : (zones as readonly string[]).length)
    const fixed = addresses(template).map(([, address]) => address)
    for (const { TargetIps, RuleType } of rules) {
      assert.equal(RuleType, 'FORWARD')
      assert.deepEqual(
        TargetIps,
        fixed.map((Ip) => ({ Ip, Port: '53' })),
      )
    }
    for (const { Direction } of all(template, 'AWS::Route53Resolver::ResolverEndpoint')) {
      assert.equal(Direction, 'OUTBOUND')
    }
  },
}

// ---------------------------------------------------------------------------

/** The gateway of functions has a load balancer of another kind beside. */
const isOfGateway = (id: string) => id.startsWith('Gateway')

// biome-ignore lint/suspicious/noExplicitAny: as Resource.properties; the invariants say what they expect of it
function all(template: Template, type: string): any[] {
  const resources = Object.entries<Resource>(resourcesOf(template, type)).filter(([id]) => !isOfGateway(id))
  return resources.map(([, { properties }]) => properties)
}
