import { Duration, Validations } from 'aws-cdk-lib'
import { Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2'
import {
  ListenerCertificate,
  NetworkLoadBalancer,
  NetworkTargetGroup,
  Protocol,
  SslPolicy,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import { Construct } from 'constructs'
import { container } from '../shared/container.ts'
import type { ResponderNetwork } from './responder-network.ts'

export interface DnsBalancerProps {
  readonly network: ResponderNetwork
  /** Blocks of addresses that may ask. */
  readonly clients: readonly string[]
  /** For DNS over TLS. */
  readonly certificate: string | undefined
}

/** How long a task that is being stopped goes on getting questions. */
export const DEREGISTRATION = Duration.seconds(30)

/**
 * The load balancer that takes questions on port 53: one TCP_UDP listener, as there cannot be one for each protocol. With a
 * certificate it takes them on 853 as well, over TLS (RFC 7858), which ends here: tasks get plain TCP. It has its security
 * group from the start, since none can be added to one that began without (NLB User Guide, "Security groups"). Its
 * addresses are fixed for life: resolvers and clients are set to them.
 */
export class DnsBalancer extends Construct {
  readonly dnsName: string
  /** As CloudWatch has it. */
  readonly fullName: string
  readonly securityGroup: SecurityGroup
  /** Each of the tasks is in all of them. */
  readonly targets: readonly [NetworkTargetGroup, ...NetworkTargetGroup[]]

  constructor(scope: Construct, id: string, { network, clients, certificate }: DnsBalancerProps) {
    super(scope, id)
    this.securityGroup = this.addSecurityGroup(network, clients, certificate !== undefined)
    const balancer = this.addBalancer(network)
    this.dnsName = balancer.loadBalancerDnsName
    this.fullName = balancer.loadBalancerFullName
    const targets = this.addTargets('Tasks', network, Protocol.TCP_UDP)
    balancer.addListener('Dns', { port: 53, protocol: Protocol.TCP_UDP, defaultTargetGroups: [targets] })
    this.targets = certificate === undefined ? [targets] : [targets, this.addTls(network, balancer, certificate)]
  }

  private addSecurityGroup({ vpc }: ResponderNetwork, clients: readonly string[], tls: boolean): SecurityGroup {
    const description = 'Namestream: who may ask'
    const group = new SecurityGroup(this, 'SecurityGroup', { vpc, description, allowAllOutbound: false })
    const ports = [Port.udp(53), Port.tcp(53), ...(tls ? [Port.tcp(DNS_OVER_TLS)] : [])]
    for (const block of clients) for (const port of ports) group.addIngressRule(Peer.ipv4(block), port, 'DNS clients')
    return group
  }

  private addBalancer({ vpc, dnsSubnets, addresses }: ResponderNetwork): NetworkLoadBalancer {
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
      reason:
        'A Network Load Balancer logs TLS connections only, not what was asked in them or over UDP; the responder counts questions.',
    })
    return balancer
  }

  private addTls(network: ResponderNetwork, balancer: NetworkLoadBalancer, certificate: string): NetworkTargetGroup {
    const targets = this.addTargets('TlsTasks', network, Protocol.TCP)
    balancer.addListener('DnsOverTls', {
      port: DNS_OVER_TLS,
      protocol: Protocol.TLS,
      certificates: [ListenerCertificate.fromArn(certificate)],
      sslPolicy: SslPolicy.TLS13_RES, // TLS 1.3, and 1.2 with forward secrecy
      defaultTargetGroups: [targets],
    })
    return targets
  }

  private addTargets(id: string, { vpc }: ResponderNetwork, protocol: Protocol): NetworkTargetGroup {
    return new NetworkTargetGroup(this, id, {
      vpc,
      port: container.dnsPort,
      protocol,
      deregistrationDelay: DEREGISTRATION,
      connectionTermination: true,
      // Where UDP is among it, the address of the client is kept anyway. Else it would be lost, and only 55,000 connections
      // a minute would go from the load balancer to one task (NLB User Guide, "Target groups").
      ...(protocol === Protocol.TCP && { preserveClientIp: true }),
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

// ---------------------------------------------------------------------------

const DNS_OVER_TLS = 853
