import { CfnOutput, Duration, Validations } from 'aws-cdk-lib'
import { Metric } from 'aws-cdk-lib/aws-cloudwatch'
import { Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2'
import {
  AvailabilityZoneRebalancing,
  type CfnService,
  Cluster,
  FargateService,
  type ICluster,
  Protocol,
} from 'aws-cdk-lib/aws-ecs'
import { Construct } from 'constructs'
import { container, responderMetrics } from '../shared/container.ts'
import { DnsBalancer } from './dns-balancer.ts'
import { ResponderNetwork } from './responder-network.ts'
import type { ResponderSettings } from './responder-settings.ts'
import { CONTAINER, ResponderTask } from './responder-task.ts'
import type { Tables } from './tables.ts'

/** The responder on Fargate: tasks in each availability zone behind a load balancer that has one address in each. */
export class ResponderService extends Construct {
  readonly network: ResponderNetwork
  readonly balancer: DnsBalancer

  constructor(scope: Construct, id: string, settings: ResponderSettings, tables: Tables) {
    super(scope, id)
    this.network = new ResponderNetwork(this, 'Network', settings)
    this.balancer = new DnsBalancer(this, 'Balancer', this.network, settings.dnsClients)
    const tasks = this.addSecurityGroup()
    this.network.connect(tasks, settings)
    this.scale(this.addService(tasks, settings, tables), settings)

    const value = this.network.addresses?.join(' ') ?? this.balancer.dnsName
    new CfnOutput(this, 'Dns', { value, description: 'Where the responder answers, UDP and TCP port 53' })
  }

  /** Lets in the load balancer, which CDK does not by itself, and out to AWS. */
  private addSecurityGroup(): SecurityGroup {
    const description = 'Namestream: responder'
    const tasks = new SecurityGroup(this, 'Tasks', { vpc: this.network.vpc, description, allowAllOutbound: false })
    tasks.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'DynamoDB, ECR, CloudWatch Logs')
    const { dnsPort, healthPort } = container
    for (const port of [Port.udp(dnsPort), Port.tcp(dnsPort), Port.tcp(healthPort)]) {
      tasks.connections.allowFrom(this.balancer.securityGroup, port, 'load balancer')
    }
    return tasks
  }

  private addService(tasks: SecurityGroup, settings: ResponderSettings, tables: Tables): FargateService {
    const cluster = new Cluster(this, 'Cluster', { vpc: this.network.vpc })
    Validations.of(cluster).acknowledge({
      id: 'AwsSolutions-ECS4',
      reason:
        'Container Insights would bill more metrics than the responder tells of itself; CPU and memory are there.',
    })
    const service = new FargateService(this, 'Service', {
      cluster: cluster as ICluster, // they differ under exactOptionalPropertyTypes only
      taskDefinition: new ResponderTask(this, 'Task', settings, tables),
      vpcSubnets: { subnets: [...this.network.taskSubnets] },
      assignPublicIp: settings.publicTasks,
      securityGroups: [tasks],
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      availabilityZoneRebalancing: AvailabilityZoneRebalancing.ENABLED,
      circuitBreaker: { rollback: true },
      healthCheckGracePeriod: Duration.minutes(5), // to read a million names, and for the load balancer to find out
    })
    // Without a number a deployment keeps as many tasks as there are, else it would fall back to that number.
    const resource = service.node.defaultChild as CfnService
    resource.addPropertyDeletionOverride('DesiredCount')
    const { dnsPort: containerPort } = container
    const target = { containerName: CONTAINER, containerPort, protocol: Protocol.UDP }
    this.balancer.targets.addTarget(service.loadBalancerTarget(target))
    return service
  }

  /** By the questions that tasks get, for CPU jumps with what else they do; CPU stays as a guard. */
  private scale(service: FargateService, { tasks, size }: ResponderSettings): void {
    const capacity = service.autoScaleTaskCount({ minCapacity: tasks.min, maxCapacity: tasks.max })
    const cooldown = { scaleOutCooldown: Duration.minutes(1), scaleInCooldown: Duration.minutes(5) }
    const { namespace, dimensions, queriesPerTask: metricName } = responderMetrics
    const period = Duration.minutes(1)
    capacity.scaleToTrackCustomMetric('Queries', {
      metric: new Metric({ namespace, metricName, dimensionsMap: dimensions, statistic: 'Average', period }),
      targetValue: (QUERIES_PER_VCPU * size.cpu) / 1024,
      ...cooldown,
    })
    capacity.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: 50, ...cooldown })
  }
}

// ---------------------------------------------------------------------------

/** Questions a second: a quarter of what one worker takes on one core of the machine in the README's figures. */
const QUERIES_PER_VCPU = 20_000
