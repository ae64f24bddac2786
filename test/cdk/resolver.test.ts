import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { resourceOf, resourcesOf, templateOf, unbundledApp } from './template.ts'

const zones = ['a.example.org=private:vpc-0abc1234', 'b\\046c.example.org']
const template = templateOf(unbundledApp({ responder: true, zones, resolver: 'vpc-0abc1234+vpc-0def5678' }))
const nlb = resourceOf(template, 'ResponderBalancerNlb').properties

describe('forward rules', () => {
  const rules = Object.values(resourcesOf(template, 'AWS::Route53Resolver::ResolverRule'))

  test('one for each zone, to all addresses of the load balancer, on 53', () => {
    const addresses = nlb.SubnetMappings.map(({ PrivateIPv4Address = '' }) => PrivateIPv4Address)
    assert.equal(addresses.length, 2)
    assert.deepEqual(
      rules.map(({ properties }) => properties),
      ['a.example.org.', 'b\\056c.example.org.'].map((DomainName) => ({
        RuleType: 'FORWARD',
        DomainName,
        ResolverEndpointId: 'ResolverOutbound.ResolverEndpointId',
        TargetIps: addresses.map((Ip: string) => ({ Ip, Port: '53' })),
      })),
    )
  })

  test('never to an endpoint of Resolver, that would be a loop: there is one, and it takes no questions', () => {
    const endpoints = Object.values(resourcesOf(template, 'AWS::Route53Resolver::ResolverEndpoint'))
    assert.deepEqual(
      endpoints.map(({ properties }) => properties.Direction),
      ['OUTBOUND'],
    )
  })

  test('each VPC follows each, and nobody else', () => {
    const associations = Object.values(resourcesOf(template, 'AWS::Route53Resolver::ResolverRuleAssociation'))
    const made = associations.map(({ properties: { VPCId, ResolverRuleId } }) => `${VPCId} ${ResolverRuleId}`)
    assert.deepEqual(made, [
      'vpc-0abc1234 ResolverRuleaexampleorg.ResolverRuleId',
      'vpc-0def5678 ResolverRuleaexampleorg.ResolverRuleId',
      'vpc-0abc1234 ResolverRulebcexampleorg.ResolverRuleId',
      'vpc-0def5678 ResolverRulebcexampleorg.ResolverRuleId',
    ])
  })

  test('their ids are outputs', () => {
    const outputs = Object.values(template.findOutputs('*')).map(({ Description }) => Description)
    assert.ok(outputs.includes('Forward rule of a.example.org.'))
  })
})

describe('outbound endpoint', () => {
  const { properties } = resourceOf(template, 'ResolverOutbound')

  test('in two zones, made after the load balancer has its addresses', () => {
    const subnets = properties.IpAddresses.map(({ SubnetId = '' }) => SubnetId)
    assert.deepEqual(subnets, ['ResponderNetworkVpcDnsSubnet1Subnet', 'ResponderNetworkVpcDnsSubnet2Subnet'])
    const [found] = Object.values(template.findResources('AWS::Route53Resolver::ResolverEndpoint'))
    assert.ok(found?.DependsOn.some((id: string) => /^ResponderBalancerNlb[0-9A-F]{8}$/.test(id)))
  })

  test('reaches the load balancer by both protocols, which lets it in, and nothing else', () => {
    assert.deepEqual(properties.SecurityGroupIds, ['ResolverSecurityGroup.GroupId'])
    const between = (direction: 'Ingress' | 'Egress', own: string, other: string) =>
      Object.values(resourcesOf(template, `AWS::EC2::SecurityGroup${direction}`))
        .map(({ properties: rule }) => rule)
        .filter((rule) => rule.GroupId === own && Object.values(rule).includes(other))
        .map(({ IpProtocol, FromPort, ToPort }) => [IpProtocol, FromPort, ToPort])
    const both = [
      ['udp', 53, 53],
      ['tcp', 53, 53],
    ]
    const [endpoint, balancer] = ['ResolverSecurityGroup.GroupId', 'ResponderBalancerSecurityGroup.GroupId']
    assert.deepEqual(between('Egress', endpoint, balancer), both)
    assert.deepEqual(between('Ingress', balancer, endpoint), both)
    assert.equal(resourceOf(template, 'ResolverSecurityGroup').properties.SecurityGroupEgress, undefined)
  })
})

test('resolver=true: endpoint and rules are there, and no VPC follows them yet', () => {
  const prepared = templateOf(unbundledApp({ responder: true, resolver: 'true' }))
  prepared.resourceCountIs('AWS::Route53Resolver::ResolverRule', 1)
  prepared.resourceCountIs('AWS::Route53Resolver::ResolverRuleAssociation', 0)
})

test('without the setting there is no endpoint, which costs by the hour', () => {
  const types = Object.values(resourcesOf(templateOf(unbundledApp({ responder: true })))).map(({ type }) => type)
  assert.doesNotMatch(types.join(' '), /Resolver/)
})
