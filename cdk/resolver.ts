import { CfnOutput } from 'aws-cdk-lib'
import { Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2'
import { CfnResolverEndpoint, CfnResolverRule, CfnResolverRuleAssociation } from 'aws-cdk-lib/aws-route53resolver'
import { Construct } from 'constructs'
import type { Name } from '../shared/dns/name.ts'
import { route53Name } from '../shared/mirror/forms.ts'
import type { ResponderService } from './responder-service.ts'

export interface ResolverProps {
  readonly responder: ResponderService
  readonly zones: readonly Name[]
  /** VPCs that ask the responder; all others of the account keep asking Route 53. */
  readonly vpcs: readonly string[]
}

/**
 * Has Route 53 Resolver forward the zones to the responder, for the VPCs that follow the rules. A rule goes before a
 * private hosted zone of the same name (Route 53 Developer Guide, "Considerations when working with a private hosted zone"),
 * so a VPC moves to the responder when it is associated, and back to the mirror when it is disassociated.
 */
export class Resolver extends Construct {
  constructor(scope: Construct, id: string, { responder, zones, vpcs }: ResolverProps) {
    super(scope, id)
    const { network, balancer } = responder
    const { addresses = [], vpc, dnsSubnets } = network
    const description = 'Namestream: outbound endpoint of Route 53 Resolver'
    const outbound = new SecurityGroup(this, 'SecurityGroup', { vpc, description, allowAllOutbound: false })
    for (const port of [Port.udp(53), Port.tcp(53)]) {
      outbound.connections.allowTo(balancer.securityGroup, port, 'Route 53 Resolver')
    }
    const endpoint = new CfnResolverEndpoint(this, 'Outbound', {
      direction: 'OUTBOUND',
      ipAddresses: dnsSubnets.slice(0, ENDPOINT_ADDRESSES).map(({ subnetId }) => ({ subnetId })),
      securityGroupIds: [outbound.securityGroupId],
    })
    endpoint.node.addDependency(balancer) // else it could be given an address that the load balancer is to have
    for (const zone of zones) {
      // Only to the load balancer, never to an endpoint of Resolver: that would be a loop.
      const rule = new CfnResolverRule(this, `Rule ${zone}`, {
        ruleType: 'FORWARD',
        domainName: route53Name(zone),
        resolverEndpointId: endpoint.attrResolverEndpointId,
        targetIps: addresses.map((ip) => ({ ip, port: '53' })),
      })
      for (const vpcId of vpcs) {
        const resolverRuleId = rule.attrResolverRuleId
        new CfnResolverRuleAssociation(this, `${vpcId} ${zone}`, { vpcId, resolverRuleId })
      }
      const value = rule.attrResolverRuleId
      new CfnOutput(this, `RuleId ${zone}`, { value, description: `Forward rule of ${zone}` })
    }
  }
}

// ---------------------------------------------------------------------------

const ENDPOINT_ADDRESSES = 2 // the least there can be, in two zones; each costs $91 a month
