import { Duration, Validations } from 'aws-cdk-lib'
import { Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2'
import { NetworkLoadBalancer, NetworkTargetGroup, Protocol } from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import { Construct } from 'constructs'
import { container } from '../shared/container.ts'
import type { ResponderNetwork } from './responder-network.ts'

/** How long a task that is being stopped goes on getting questions. */
export const DEREGISTRATION = Duration.seconds(30)

/**
 * The load balancer that takes questions on port 53: one TCP_UDP listener, as there cannot be one for each protocol. It has
 * its security group from the start, since none can be added to one that began without (NLB User Guide, "Security groups").
 * Its addresses are fixed for life: resolvers and clients are set to them.
 */
export class DnsBalancer extends Construct {
  readonly dnsName: string
  readonly securityGroup: SecurityGroup
  readonly targets: NetworkTargetGroup

  constructor(scope: Construct, id: string, network: ResponderNetwork, clients: readonly string[]) {
    super(scope, id)
    const { vpc, dnsSubnets, addresses } = network
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'Namestream: who may ask',
      allowAllOutbound: false,
    })
    for (const block of clients) {
      this.securityGroup.addIngressRule(Peer.ipv4(block), Port.udp(53), 'DNS clients')
      this.securityGroup.addIngressRule(Peer.ipv4(block), Port.tcp(53), 'DNS clients')
    }
    const balancer = new NetworkLoadBalancer(this, 'Nlb', {
      vpc,
      internetFacing: false,
      crossZoneEnabled: false, // bytes between zones are billed; each zone has a task
      securityGroups: [this.securityGroup],
      subnetMappings: dnsSubnets.map((subnet, i) => ({
        subnet,
        ...(addresses?.[i] && { privateIpv4Address: addresses[i] }),
      })),
    })
    Validations.of(balancer).acknowledge({
      id: 'AwsSolutions-ELB2',
      reason: 'A Network Load Balancer writes access logs of TLS listeners only, and this one has none.',
    })
    this.dnsName = balancer.loadBalancerDnsName
    this.targets = this.addTargets(network)
    balancer.addListener('Dns', { port: 53, protocol: Protocol.TCP_UDP, defaultTargetGroups: [this.targets] })
  }

  private addTargets({ vpc }: ResponderNetwork): NetworkTargetGroup {
    return new NetworkTargetGroup(this, 'Tasks', {
      vpc,
      port: container.dnsPort,
      protocol: Protocol.TCP_UDP,
      deregistrationDelay: DEREGISTRATION,
      connectionTermination: true,
      // No UDP check exists. /ready is 503 until all names are loaded, and again as soon as the task is to stop.
      healthCheck: {
        protocol: Protocol.HTTP,
        port: String(container.healthPort),
        path: '/ready',
        interval: Duration.seconds(10),
        timeout: Duration.seconds(5),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 3,
      },
    })
  }
}
