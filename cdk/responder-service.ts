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
import { container } from '../shared/container.ts'
import { type MetricName, NAMESPACE, SERVICE } from '../shared/metrics/catalogue.ts'
import type { DeployedResponder } from '../shared/metrics/deployed.ts'
import { monthly } from '../shared/metrics/prices.ts'
import { DnsBalancer } from './dns-balancer.ts'
import { ResponderNetwork } from './responder-network.ts'
import { leastTasks, type ResponderSettings } from './responder-settings.ts'
import { CONTAINER, ResponderTask } from './responder-task.ts'
import type { Tables } from './tables.ts'

/** The responder on Fargate: tasks in each availability zone behind a load balancer that has one address in each. */
export class ResponderService extends Construct {
  readonly network: ResponderNetwork
  readonly balancer: DnsBalancer
  /** Under which names CloudWatch has its metrics. */
  readonly deployed: DeployedResponder

  constructor(scope: Construct, id: string, settings: ResponderSettings, tables: Tables) {
    super(scope, id)
    this.network = new ResponderNetwork(this, 'Network', settings)
    const { network } = this
    const { dnsClients = network.block === undefined ? [] : [network.block], certificate } = settings
    this.balancer = new DnsBalancer(this, 'Balancer', { network, clients: dnsClients, certificate })
    const tasks = this.addSecurityGroup()
    const wayToAws = network.connect(tasks, settings)
    const task = new ResponderTask(this, 'Task', settings, tables)
    const service = this.addService(tasks, task, settings)
    service.node.addDependency(...wayToAws) // else the first tasks may get their image too late, and the deployment fails
    const queriesPerTask = (QUERIES_PER_VCPU * settings.size.cpu) / 1024
    this.scale(service, settings, queriesPerTask)
    this.deployed = this.names(service, task, settings, queriesPerTask)

    const value = network.addresses?.join(' ') ?? this.balancer.dnsName
    const ports = `UDP and TCP port 53${certificate === undefined ? '' : ', and TLS port 853'}`
    new CfnOutput(this, 'Dns', { value, description: `Where the responder answers, ${ports}` })
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

  private addService(tasks: SecurityGroup, task: ResponderTask, settings: ResponderSettings): FargateService {
    const cluster = new Cluster(this, 'Cluster', { vpc: this.network.vpc })
    Validations.of(cluster).acknowledge({
      id: 'AwsSolutions-ECS4',
      reason:
        'Container Insights would bill more metrics than the responder tells of itself; CPU and memory are there.',
    })
    const service = new FargateService(this, 'Service', {
      cluster: cluster as ICluster, // they differ under exactOptionalPropertyTypes only
      taskDefinition: task,
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
    for (const targets of this.balancer.targets) targets.addTarget(service.loadBalancerTarget(target))
    return service
  }

  /** By the questions that tasks get, for CPU jumps with what else they do; CPU stays as a guard. */
  private scale(service: FargateService, { tasks }: ResponderSettings, queriesPerTask: number): void {
    const minCapacity = leastTasks(tasks, this.network.dnsSubnets.length)
    const capacity = service.autoScaleTaskCount({ minCapacity, maxCapacity: tasks.max })
    const cooldown = { scaleOutCooldown: Duration.minutes(1), scaleInCooldown: Duration.minutes(5) }
    const metric = new Metric({
      namespace: NAMESPACE,
      metricName: 'QueriesPerTask' satisfies MetricName<'responder'>,
      dimensionsMap: { [SERVICE]: 'responder' },
      statistic: 'Average',
      period: Duration.minutes(1),
    })
    capacity.scaleToTrackCustomMetric('Queries', { metric, targetValue: queriesPerTask, ...cooldown })
    capacity.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: 50, ...cooldown })
  }

  private names(
    service: FargateService,
    task: ResponderTask,
    { size, architecture }: ResponderSettings,
    queriesPerTask: number,
  ): DeployedResponder {
    const { fullName: balancer, targets } = this.balancer
    return {
      queriesPerTask,
      aws: {
        balancer,
        targetGroup: targets[0].targetGroupFullName,
        zones: this.network.dnsSubnets.map(({ availabilityZone }) => availabilityZone),
        cluster: service.cluster.clusterName,
        service: service.serviceName,
        logGroup: task.logGroup.logGroupName,
        dollarsAMonth: monthly.task({ ...size, architecture }),
      },
    }
  }
}

// ---------------------------------------------------------------------------

/** Questions a second: a quarter of what one worker takes on one core of the machine in the README's figures. */
const QUERIES_PER_VCPU = 20_000
