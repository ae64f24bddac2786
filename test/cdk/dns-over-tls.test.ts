import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { attributes, egress, ingress, template as plain } from './responder-template.ts'
import { resourceOf, resourcesOf, templateOf, unbundledApp } from './template.ts'

const certificate = 'arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d-1111-2222-3333-444455556666'
const template = templateOf(unbundledApp({ responder: true, probe: false, certificate, dnsClients: '10.0.0.0/8' }))
const { properties: targets } = resourceOf(template, 'ResponderBalancerTlsTasks')

describe('with a certificate', () => {
  test('TLS ends at a second listener, on 853 (RFC 7858)', () => {
    const listeners = Object.values(resourcesOf(template, 'AWS::ElasticLoadBalancingV2::Listener'))
    const [dns, tls, ...others] = listeners.map(({ properties: { LoadBalancerArn, ...rest } }) => rest)
    assert.deepEqual([dns.Port, dns.Protocol, others], [53, 'TCP_UDP', []])
    assert.deepEqual(tls, {
      Port: 853,
      Protocol: 'TLS',
      Certificates: [{ CertificateArn: certificate }],
      SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06',
      DefaultActions: [{ Type: 'forward', TargetGroupArn: 'ResponderBalancerTlsTasks' }],
    })
  })

  test('tasks get plain TCP, on the port they have anyway, from the address of the client', () => {
    assert.deepEqual([targets.Port, targets.Protocol, targets.TargetType], [1053, 'TCP', 'ip'])
    assert.ok(attributes(targets.TargetGroupAttributes).includes('preserve_client_ip.enabled=true'))
  })

  test('all else is as on 53: who may be asked when, and how a task is let go', () => {
    const { Port, Protocol, TargetGroupAttributes, ...rest } = targets
    const other = resourceOf(template, 'ResponderBalancerTasks').properties
    for (const [name, value] of Object.entries(rest)) assert.deepEqual(value, other[name], name)
    assert.deepEqual(
      attributes(TargetGroupAttributes).filter((one) => !one.startsWith('preserve_client_ip')),
      attributes(other.TargetGroupAttributes),
    )
  })

  test('the container maps its port once, and both groups have each task', () => {
    const [container] = resourceOf(template, 'ResponderTask').properties.ContainerDefinitions
    assert.deepEqual(container.PortMappings, [{ ContainerPort: 1053, Protocol: 'udp' }])
    const one = { ContainerName: 'responder', ContainerPort: 1053 }
    assert.deepEqual(resourceOf(template, 'ResponderService').properties.LoadBalancers, [
      { ...one, TargetGroupArn: 'ResponderBalancerTasks' },
      { ...one, TargetGroupArn: 'ResponderBalancerTlsTasks' },
    ])
  })

  test('tasks start once both listeners have their groups', () => {
    const [service] = Object.values(template.findResources('AWS::ECS::Service'))
    const listeners = Object.keys(template.findResources('AWS::ElasticLoadBalancingV2::Listener'))
    for (const listener of listeners) assert.ok(service?.DependsOn.includes(listener), listener)
  })

  test('clients may connect to 853 by TCP, and nothing is let through that was not before', () => {
    const [balancer, tasks] = ['ResponderBalancerSecurityGroup', 'ResponderTasks']
    const expected = ['udp 53', 'tcp 53', 'tcp 853'].map((port) => `${port} from 10.0.0.0/8`)
    assert.deepEqual(ingress(template, balancer), expected)
    assert.deepEqual(egress(template, balancer), egress(plain, balancer))
    assert.deepEqual(ingress(template, tasks), ingress(plain, tasks))
  })

  test('the output tells of it', () => {
    const told = [template, plain].map(
      (one) => Object.entries(one.findOutputs('*')).find(([id]) => id.startsWith('ResponderDns'))?.[1].Description,
    )
    const where = 'Where the responder answers, UDP and TCP port 53'
    assert.deepEqual(told, [`${where}, and TLS port 853`, where])
  })
})

test('without one, nobody listens on 853', () => {
  assert.equal(resourcesOf(plain).ResponderBalancerTlsTasks, undefined)
  assert.doesNotMatch(JSON.stringify(plain.toJSON()), /"TLS"|\b853\b/)
})
