import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { App } from 'aws-cdk-lib'
import type { Template } from 'aws-cdk-lib/assertions'
import { readSettings } from '../../cdk/settings.ts'
import { SettingsError } from '../../cdk/settings-error.ts'
import { ANSWER_MS, LIMITS } from '../../functions/probe/limits.ts'
import { GRANTS, readGrants } from '../../shared/access/configured-grants.ts'
import { permissionsOf } from './policies.ts'
import { egress, ingress } from './responder-template.ts'
import { type Resource, resourceOf, resourcesOf, templateOf, unbundledApp } from './template.ts'

type Context = Readonly<Record<string, unknown>>

const zones = ['rpc.example.org=Z0123456789ABC', 'fn.example.org']
const template = templateOf(unbundledApp({ zones, responder: true }))
const alone = templateOf(unbundledApp({ zones, probe: true }))
const given = templateOf(
  unbundledApp({
    zones,
    responder: true,
    probe: 'fn.example.org',
    vpc: 'vpc-0abc1234',
    subnets: 'subnet-0abc1234,subnet-0def5678',
    availabilityZones: 'eu-central-1a,eu-central-1b',
    dnsClients: '10.0.0.0/8',
  }),
)

describe('the setting', () => {
  const read = (context: Context) => readSettings(new App({ context: { zones, ...context } }).node).probe
  const on = { responder: true }
  const good: readonly [context: Context, zone: string | undefined][] = [
    [{}, undefined],
    [{ probe: false }, undefined],
    [on, 'rpc.example.org.'],
    [{ ...on, probe: 'false' }, undefined],
    [{ probe: true }, 'rpc.example.org.'],
    [{ probe: 'true' }, 'rpc.example.org.'],
    [{ probe: 'FN.example.org' }, 'fn.example.org.'],
    [{ ...on, probe: 'fn.example.org.' }, 'fn.example.org.'],
    [{ zones: ['a\\.b.example.org', 'fn.example.org'], probe: 'fn.example.org' }, 'fn.example.org.'],
    [{ zones: ['a\\.b.example.org'] }, undefined],
  ]
  for (const [context, zone] of good) test(JSON.stringify(context), () => assert.equal(read(context), zone))

  const bad: readonly [context: Context, reason: RegExp][] = [
    [{ probe: 'other.example.org' }, /^probe must be true, false or one of the zones, it is "other\.example\.org"$/],
    [{ probe: '' }, /^probe must be/],
    [{ probe: 1 }, /^probe must be .*, it is 1$/],
    [{ probe: ['fn.example.org'] }, /^probe must be/],
    [{ ...on, zones: ['a\\.b.example.org'] }, /^probe cannot be in a\\\.b\.example\.org\.: .* escapes; name another/],
    [{ probe: true, zones: [`${'abcdefg.'.repeat(30)}org`] }, /^probe cannot be in .*octets on the wire/],
  ]
  for (const [context, reason] of bad) {
    test(`not ${JSON.stringify(context)}`, () => {
      assert.throws(
        () => read(context),
        (error) => error instanceof SettingsError && reason.test(error.message) && !error.message.includes('\n'),
      )
    })
  }
})

describe('what there is', () => {
  test('nothing, where it is off', () => {
    const off = templateOf(unbundledApp({ zones, responder: true, probe: false }))
    assert.deepEqual(idsOf(off), [])
    assert.equal(environmentOf(resourceOf(off, 'Dynapi'))[GRANTS], undefined)
  })

  test('without a responder no lookup, and nothing in a VPC', () => {
    assert.deepEqual(idsOf(alone, 'AWS::Lambda::Function'), ['ProbeFunction'])
    assert.doesNotMatch(
      Object.values(resourcesOf(alone))
        .map(({ type }) => type)
        .join(' '),
      /EC2/,
    )
    assert.deepEqual(environmentOf(resourceOf(alone, 'ProbeFunction')), {
      PROBE_API: 'ApiHttpApi.ApiEndpoint/dynapi',
      PROBE_ZONE: 'rpc.example.org.',
      PROBE_HOSTED_ZONE: 'Z0123456789ABC',
    })
  })

  test('with one, a lookup, and the addresses of the load balancer to ask', () => {
    assert.deepEqual(idsOf(template, 'AWS::Lambda::Function'), ['ProbeLookupFunction', 'ProbeFunction'])
    const { PROBE_LOOKUP_FUNCTION, PROBE_SERVERS = '' } = environmentOf(resourceOf(template, 'ProbeFunction'))
    assert.equal(PROBE_LOOKUP_FUNCTION, 'ProbeLookupFunction')
    const servers = ['10.53.0.132', '10.53.0.148'].map((host) => ({ host, port: 53 }))
    assert.deepEqual(JSON.parse(PROBE_SERVERS), servers)
    assert.deepEqual(environmentOf(resourceOf(template, 'ProbeLookupFunction')), {})
  })

  test('the name of the load balancer where AWS chooses its addresses; no hosted zone where there is none', () => {
    const { PROBE_SERVERS = '', PROBE_HOSTED_ZONE, PROBE_ZONE } = environmentOf(resourceOf(given, 'ProbeFunction'))
    assert.deepEqual(JSON.parse(PROBE_SERVERS), [{ host: 'ResponderBalancerNlb.DNSName', port: 53 }])
    assert.deepEqual([PROBE_ZONE, PROBE_HOSTED_ZONE], ['fn.example.org.', undefined])
  })

  test('a schedule, once the zone is served; a run that failed is not made up for', () => {
    const { properties } = resourceOf(template, 'ProbeEveryFiveMinutes')
    const once = { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 }
    assert.deepEqual(
      [properties.ScheduleExpression, properties.Targets],
      ['rate(5 minutes)', [{ Id: 'Target0', Arn: 'ProbeFunction.Arn', RetryPolicy: once }]],
    )
    const invoked = resourceOf(template, 'ProbeFunctionEventInvokeConfig').properties
    assert.deepEqual(invoked, { FunctionName: 'ProbeFunction', Qualifier: '$LATEST', ...once })
    const [rule] = Object.values(
      template.findResources('AWS::Events::Rule', { Properties: { ScheduleExpression: 'rate(5 minutes)' } }),
    )
    const served = Object.keys(template.findResources('Custom::ServedZones'))
    assert.ok(served.length === 1 && rule?.DependsOn.includes(served[0]))
  })

  test('time for all its steps, and less than from one run to the next', () => {
    const timeout = (id: string) => 1000 * resourceOf(template, id).properties.Timeout
    const { prepare, register, responder, route53 } = LIMITS
    const longest = prepare + register + Math.max(responder, route53)
    assert.ok(longest + 10_000 < timeout('ProbeFunction') && timeout('ProbeFunction') < 300_000)
    assert.ok(ANSWER_MS < responder && ANSWER_MS + 10_000 < timeout('ProbeLookupFunction'))
  })
})

describe('the network of the lookup', () => {
  test('is where the tasks are, and the load balancer has its addresses first', () => {
    const { VpcConfig } = resourceOf(template, 'ProbeLookupFunction').properties
    const { Subnets } = resourceOf(template, 'ResponderService').properties.NetworkConfiguration.AwsvpcConfiguration
    assert.deepEqual(VpcConfig, { SubnetIds: Subnets, SecurityGroupIds: ['ProbeLookupSecurityGroup.GroupId'] })
    assert.deepEqual(resourceOf(given, 'ProbeLookupFunction').properties.VpcConfig.SubnetIds, [
      'subnet-0abc1234',
      'subnet-0def5678',
    ])
    for (const one of [template, given]) {
      const functions = one.findResources('AWS::Lambda::Function')
      const [id = ''] = Object.keys(functions).filter((name) => name.startsWith('ProbeLookup'))
      assert.ok(functions[id]?.DependsOn.some((name: string) => name.startsWith('ResponderBalancerNlb')))
    }
  })

  test('leads to the load balancer on 53 by both protocols, and to nothing else', () => {
    const balancer = 'ResponderBalancerSecurityGroup.GroupId'
    for (const one of [template, given]) {
      assert.deepEqual(egress(one, 'ProbeLookupSecurityGroup'), [`udp 53 to ${balancer}`, `tcp 53 to ${balancer}`])
      assert.deepEqual(ingress(one, 'ProbeLookupSecurityGroup'), [])
    }
  })

  test('the probe itself is in none', () => {
    assert.equal(resourceOf(template, 'ProbeFunction').properties.VpcConfig, undefined)
  })
})

describe('what the probe may', () => {
  test('is, of a zone that is mirrored, to see which name servers to ask and what is in the hosted zone', () => {
    const ofRoute53 = permissionsOf(template, 'ProbeFunctionRole').filter(({ resource }) =>
      resource.includes('route53'),
    )
    const resource = 'arn:AWS::Partition:route53:::hostedzone/Z0123456789ABC'
    assert.deepEqual(ofRoute53, [{ actions: ['route53:GetHostedZone', 'route53:ListResourceRecordSets'], resource }])
  })

  test('neither lookup nor Route 53 where there is none to ask', () => {
    const actions = (one: Template) => permissionsOf(one, 'ProbeFunctionRole').flatMap((one) => one.actions)
    assert.ok(!actions(alone).includes('lambda:InvokeFunction'))
    assert.ok(!actions(given).some((action) => action.startsWith('route53:')))
  })

  test('dynapi lets it write one A record, by a grant that the function can read', () => {
    const text = environmentOf(resourceOf(template, 'Dynapi'))[GRANTS] ?? ''
    const arn = 'arn:aws:iam::123456789012:role/Namestream-ProbeFunctionRole3C302F52-abcdefghijkl'
    assert.match(text, /"iam:ProbeFunctionRole\.Arn"/)
    assert.deepEqual(readGrants({ [GRANTS]: text.replace('ProbeFunctionRole.Arn', arn) }), [
      {
        id: 'ACCESS_GRANTS 0',
        principal: `iam:${arn}`,
        zones: ['rpc.example.org.'],
        names: ['namestream-probe'],
        types: ['A'],
        actions: ['write'],
      },
    ])
    assert.equal(environmentOf(resourceOf(template, 'MirrorApi'))[GRANTS], undefined)
  })
})

// ---------------------------------------------------------------------------

function idsOf(one: Template, type?: string): string[] {
  return Object.keys(resourcesOf(one, type)).filter((id) => id.startsWith('Probe'))
}

/** The variables of a function, but for those that all have. */
function environmentOf({ properties }: Resource): Record<string, string> {
  const { NODE_OPTIONS: _, ...variables } = properties.Environment.Variables
  return variables
}
