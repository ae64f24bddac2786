import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Template } from 'aws-cdk-lib/assertions'
import { complaintOf } from '../../cdk/naming-app.ts'
import { everything } from './everything.ts'
import { resourceOf, resourcesOf, templateOf, unbundledApp } from './template.ts'

const zones = [
  'plain.example.org',
  'open.example.org=public',
  'inner.example.org=private:vpc-0abc1234+vpc-0123456789abcdef0',
  'old.example.org=Z0123456789ABC',
]
const template = templateOf(unbundledApp({ zones }))

describe('hosted zones', () => {
  test('are created where the settings say so, and no others', () => {
    const HostedZoneConfig = { Comment: 'Mirror of the zone that Namestream serves' }
    const VPCs = ['vpc-0abc1234', 'vpc-0123456789abcdef0'].map((VPCId) => ({ VPCId, VPCRegion: 'AWS::Region' }))
    const created = Object.entries(resourcesOf(template, 'AWS::Route53::HostedZone'))
    assert.deepEqual(
      created.map(([id, { properties }]) => [id, properties]),
      [
        ['HostedZonespublicopenexampleorg', { Name: 'open.example.org.', HostedZoneConfig }],
        ['HostedZonesprivateinnerexampleorg', { Name: 'inner.example.org.', HostedZoneConfig, VPCs }],
      ],
    )
  })

  test('outlive the stack', () => {
    template.allResources('AWS::Route53::HostedZone', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' })
  })

  test('one that becomes private is another one, and so is that of another zone', () => {
    const ids = ['open.example.org=public', 'open.example.org=private:vpc-0abc1234', 'openexample.org=public'].map(
      (zone) => Object.keys(templateOf(unbundledApp({ zones: [zone] })).findResources('AWS::Route53::HostedZone'))[0],
    )
    assert.equal(new Set(ids).size, 3)
  })

  test('names are in the form of Route 53', () => {
    const odd = templateOf(unbundledApp({ zones: ['a\\046b._tcp.Example.org=public'] }))
    odd.hasResourceProperties('AWS::Route53::HostedZone', { Name: 'a\\056b._tcp.example.org.' })
  })

  test('their ids, and what to delegate to, are outputs', () => {
    const outputs = Object.values(template.findOutputs('*'))
    const told = outputs.map(({ Description }) => Description).filter((text) => /example/.test(text))
    assert.deepEqual(told, [
      'Hosted zone of open.example.org.',
      'What open.example.org. is to be delegated to',
      'Hosted zone of inner.example.org.',
    ])
  })

  test('each zone is tied to its own, once the mirror may write there', () => {
    const { zones: tied } = resourceOf(template, 'ServedZones').properties
    assert.deepEqual(tied, [
      { zone: 'plain.example.org.' },
      { zone: 'open.example.org.', hostedZone: 'HostedZonespublicopenexampleorg' },
      { zone: 'inner.example.org.', hostedZone: 'HostedZonesprivateinnerexampleorg' },
      { zone: 'old.example.org.', hostedZone: 'Z0123456789ABC' },
    ])
    const [served] = Object.values(template.findResources('Custom::ServedZones'))
    assert.ok(served?.DependsOn.some((id: string) => id.startsWith('MirrorWriterRoleDefaultPolicy')))
  })
})

describe('what wakes the writer', () => {
  const rules: readonly [id: string, rate: string, input: string][] = [
    ['MirrorEveryMinute', 'rate(1 minute)', '{"task":"drain"}'],
    ['MirrorEveryHour', 'rate(1 hour)', '{"task":"reconcile"}'],
  ]

  test('are these schedules and no others', () => {
    assert.deepEqual(
      Object.keys(resourcesOf(template, 'AWS::Events::Rule')).filter((id) => id.startsWith('Mirror')),
      rules.map(([id]) => id),
    )
  })

  for (const [id, rate, input] of rules) {
    test(id, () => {
      const { properties } = resourceOf(template, id)
      assert.equal(properties.ScheduleExpression, rate)
      assert.equal(properties.State, 'ENABLED')
      assert.deepEqual(properties.Targets, [
        {
          Id: 'Target0',
          Arn: 'MirrorWriter.Arn',
          Input: input,
          RetryPolicy: { MaximumEventAgeInSeconds: 300, MaximumRetryAttempts: 1 },
        },
      ])
    })
  }

  test('a task that failed is tried once more, and an old one is dropped', () => {
    assert.deepEqual(resourceOf(template, 'MirrorWriterEventInvokeConfig').properties, {
      FunctionName: 'MirrorWriter',
      Qualifier: '$LATEST',
      MaximumRetryAttempts: 1,
      MaximumEventAgeInSeconds: 300,
    })
  })

  test('any number of writers may run, so that those who are stuck keep nobody out', () => {
    for (const { properties } of Object.values(resourcesOf(template, 'AWS::Lambda::Function'))) {
      assert.equal(properties.ReservedConcurrentExecutions, undefined)
    }
  })
})

test('the pace is that of the settings', () => {
  const slow = templateOf(unbundledApp({ zones, route53RequestsPerSecond: '0.5' }))
  for (const id of ['MirrorWriter', 'MirrorApi']) {
    assert.equal(resourceOf(slow, id).properties.Environment.Variables.ROUTE53_REQUESTS_PER_SECOND, '0.5')
  }
})

test('without a mirrored zone nothing but leases runs by itself, and nothing in Route 53 may be written', () => {
  const none = templateOf(unbundledApp({ zones: ['plain.example.org', 'other.example.org=none'] }))
  const functions = Object.keys(resourcesOf(none, 'AWS::Lambda::Function'))
  assert.deepEqual(functions, [
    'Dynapi',
    'Sequencer',
    'MirrorWriter',
    'MirrorApi',
    'ServedZonesFunction',
    'RegistrationsApi',
    'RegistrationsLeases',
  ])
  assert.deepEqual(Object.keys(resourcesOf(none, 'AWS::Lambda::EventSourceMapping')), [
    'NamesFeedMapping',
    'RegistrationsMapping',
  ])
  assert.deepEqual(Object.keys(resourcesOf(none, 'AWS::Events::Rule')), ['RegistrationsEveryMinute'])
  none.resourceCountIs('AWS::Route53::HostedZone', 0)
  assert.deepEqual(route53Actions(none), ['route53:GetChange', 'route53:GetChange'])
})

test('60 hosted zones have room in the policies of a role, of which AWS allows 10 beside its own', () => {
  const many = Array.from({ length: 60 }, (_, i) => `zone-${i}.services.example.org=Z0123456789ABCDEF${i}`)
  const large = templateOf(unbundledApp({ zones: many }))
  assert.equal(route53Actions(large).filter((action) => action === 'route53:ChangeResourceRecordSets').length, 60)
  assert.ok(Object.keys(resourcesOf(large, 'AWS::IAM::ManagedPolicy')).length <= 10)
})

describe('55 hosted zones of the stack with everything else but functions', () => {
  const zones = Array.from({ length: 55 }, (_, i) => `zone-${i}.services.example.org=public`)

  test('fit', () => {
    const { Resources, Outputs } = templateOf(
      unbundledApp({ ...everything, functions: false, zones, resolver: true }),
    ).toJSON()
    assert.ok(Object.keys(Resources).length <= 500)
    assert.ok(Object.keys(Outputs).length <= 200)
  })

  test('do not if VPCs are to follow each rule, which is told', () => {
    const app = unbundledApp({ ...everything, functions: false, zones })
    const told = /^the stack would have 5\d\d resources, of 500 that it can: mirror fewer zones, or have fewer VPCs in/
    assert.throws(
      () => app.synth(),
      (error) => told.test(`${complaintOf(error)}`),
    )
  })
})

// ---------------------------------------------------------------------------

function route53Actions(template: Template): string[] {
  return ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']
    .flatMap((type) => Object.values(resourcesOf(template, type)))
    .flatMap(({ properties }) => properties.PolicyDocument.Statement)
    .flatMap(({ Action }) => Action)
    .filter((action) => action.startsWith('route53:'))
}
