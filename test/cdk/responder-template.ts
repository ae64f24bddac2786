/** The stack with the responder, in a VPC of its own and in one that is given, and how to read it. */
import type { Template } from 'aws-cdk-lib/assertions'
import { resourceOf, resourcesOf, templateOf, unbundledApp } from './template.ts'

export const template = templateOf(unbundledApp({ responder: 'true' }))
export const given = templateOf(
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

export function attributes(set: readonly { Key: string; Value: string }[]): string[] {
  return set.map(({ Key, Value }) => `${Key}=${Value}`)
}

export function addresses(one: Template): string[][] {
  const { SubnetMappings } = resourceOf(one, 'ResponderBalancerNlb').properties
  return SubnetMappings.map(({ SubnetId = '', PrivateIPv4Address = '' }) => [SubnetId, PrivateIPv4Address])
}

export function variables(one = template): Record<string, string> {
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

export function ingress(one: Template, group: string): string[] {
  return rulesOf(one, group, 'Ingress').map(
    (rule) => `${rule.IpProtocol} ${rule.FromPort} from ${rule.CidrIp ?? rule.SourceSecurityGroupId}`,
  )
}

export function egress(one: Template, group: string): string[] {
  return rulesOf(one, group, 'Egress').map(
    (rule) => `${rule.IpProtocol} ${rule.FromPort} to ${rule.CidrIp ?? rule.DestinationSecurityGroupId}`,
  )
}

// ---------------------------------------------------------------------------

/** The rules in the group itself and those that are resources of their own. */
function rulesOf(one: Template, group: string, direction: 'Ingress' | 'Egress'): Rule[] {
  const own = resourceOf(one, group).properties[`SecurityGroup${direction}`] ?? []
  const others = Object.values(resourcesOf(one, `AWS::EC2::SecurityGroup${direction}`)).map(
    ({ properties }) => properties,
  )
  return [...own, ...others.filter(({ GroupId }) => GroupId === `${group}.GroupId`)]
}
