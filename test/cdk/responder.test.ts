/** The traps of ECS and Fargate that neither synthesis nor cfn-lint finds; each has its assertion here. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { given, template, variables } from './responder-template.ts'
import { resourceOf, resourcesOf, unbundledApp } from './template.ts'

const { properties: service } = resourceOf(template, 'ResponderService')
const { properties: task } = resourceOf(template, 'ResponderTask')
const [container] = task.ContainerDefinitions

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

  test('its image is built for that architecture', () => {
    const { directory } = unbundledApp({ responder: true, architecture: 'x86_64' }).synth()
    const { dockerImages } = JSON.parse(readFileSync(join(directory, 'Namestream.assets.json'), 'utf8'))
    const images = Object.values<{ readonly source: { readonly platform: string } }>(dockerImages)
    assert.deepEqual(
      images.map(({ source }) => source.platform),
      ['linux/amd64'], // synth.test.ts has the other
    )
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
