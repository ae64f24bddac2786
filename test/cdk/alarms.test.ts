import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { alarmsOf } from '../../shared/metrics/alarms.ts'
import { nxDomainShare } from '../../shared/metrics/nxdomain-share.ts'
import { everything } from './everything.ts'
import { type Resource, resourceOf, resourcesOf, templateOf, unbundledApp } from './template.ts'

const template = templateOf(unbundledApp({ ...everything, zones: ['a.example.org=public', 'b.example.org'] }))
const alarms = Object.values(resourcesOf(template, 'AWS::CloudWatch::Alarm')).map(({ properties }) => properties)
const named = (name: string, all = alarms) => all.find(({ AlarmName }) => AlarmName === `Namestream ${name}`)

describe('alarms', () => {
  test('are those of the deployment, by name', () => {
    const functions = [
      'authorizer',
      'dynapi',
      'function-names',
      'gateway',
      'leases',
      'mirror',
      'mirror-api',
      'mirror-feed',
      'probe',
      'registrations',
      'sequencer',
      'zones',
    ] as const
    const deployed = {
      platform: 'aws',
      region: '',
      zones: ['a.example.org.'],
      functions: Object.fromEntries(functions.map((id) => [id, id])),
      queues: { 'function-names': '', leases: '', sequencer: '', 'mirror-feed': '' },
      tables: {},
      apis: {},
      responder: {
        queriesPerTask: 0,
        aws: {
          balancer: '',
          targetGroup: '',
          zones: ['', ''],
          cluster: '',
          service: '',
          logGroup: '',
          dollarsAMonth: 0,
        },
      },
    } as const
    const expected = [...alarmsOf(deployed), nxDomainShare].map(({ id }) => `Namestream ${id}`)
    assert.deepEqual(alarms.map(({ AlarmName }) => AlarmName).sort(), expected.sort())
  })

  test('one with its run-book, on the metric of a part of the stack', () => {
    const { AlarmDescription, AlarmActions, OKActions, ...rest } = named('StreamStalls sequencer')
    assert.match(AlarmDescription, /^The function has been behind its table stream for more than a minute: /)
    assert.deepEqual(rest, {
      AlarmName: 'Namestream StreamStalls sequencer',
      Namespace: 'AWS/Lambda',
      MetricName: 'IteratorAge',
      Dimensions: [{ Name: 'FunctionName', Value: 'Sequencer' }],
      Statistic: 'Maximum',
      Period: 60,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 60_000,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 3,
      TreatMissingData: 'notBreaching',
    })
  })

  test('comparison, missing data and m of n are those of the rule', () => {
    const { ComparisonOperator, Threshold, TreatMissingData } = named('NoTask in zone 1')
    assert.deepEqual([ComparisonOperator, Threshold, TreatMissingData], ['LessThanThreshold', 1, 'breaching'])
    assert.equal(named('RegistrationFaults').ComparisonOperator, 'GreaterThanOrEqualToThreshold')
    const { EvaluationPeriods, DatapointsToAlarm } = named('UnhealthyTask')
    assert.deepEqual([EvaluationPeriods, DatapointsToAlarm], [10, 10])
  })

  test('dimensions name what is in the stack', () => {
    const value = (name: string, at: number) => named(name).Dimensions[at].Value
    assert.equal(value('GivenUp mirror-feed', 0), 'MirrorChangelogFeedGivenUp.QueueName')
    for (const zone of [1, 2]) {
      assert.deepEqual(value(`NoTask in zone ${zone}`, 0), { 'Fn::Select': [zone - 1, { 'Fn::GetAZs': '' }] })
      assert.equal(value(`NoTask in zone ${zone}`, 1), 'ResponderBalancerNlb.LoadBalancerFullName')
      assert.equal(value(`NoTask in zone ${zone}`, 2), 'ResponderBalancerTasks.TargetGroupFullName')
    }
    assert.deepEqual(named('MirrorWaits a.example.org.').Dimensions, [
      { Name: 'service', Value: 'mirror' },
      { Name: 'zone', Value: 'a.example.org.' },
    ])
  })

  test('a name that is too long is cut, and still tells zones apart', () => {
    const long = `${['a', 'b', 'c'].map((letter) => letter.repeat(63)).join('.')}.${'d'.repeat(50)}`
    const zones = ['x', 'y'].map((label) => `${label}.${long}=public`)
    const names = alarmNames(resourcesOf(templateOf(unbundledApp({ zones })), 'AWS::CloudWatch::Alarm'))
    assert.equal(new Set(names).size, names.length)
    assert.equal(Math.max(...names.map((name) => name.length)), 255)
  })
})

test('the share of NXDOMAIN: an alarm and a detector with the very same queries', () => {
  const { Metrics, ThresholdMetricId, ComparisonOperator, Threshold } = named('NxDomainShare')
  assert.deepEqual([ThresholdMetricId, ComparisonOperator, Threshold], ['band', 'GreaterThanUpperThreshold', undefined])
  const metric = (MetricName: string) => ({
    Metric: { Namespace: 'Namestream', MetricName, Dimensions: [{ Name: 'service', Value: 'responder' }] },
    Period: 300,
    Stat: 'Sum',
  })
  const queries = [
    { Id: 'nxdomain', MetricStat: metric('NxDomain'), ReturnData: false },
    { Id: 'queries', MetricStat: metric('Queries'), ReturnData: false },
    {
      Id: 'share',
      Expression: 'IF(queries>1000, 100*nxdomain/queries)',
      Label: 'NXDOMAIN, % of the answers',
      ReturnData: true,
    },
  ]
  const band = { Id: 'band', Expression: 'ANOMALY_DETECTION_BAND(share, 3)', ReturnData: true }
  assert.deepEqual(Metrics, [...queries, band])
  const { MetricMathAnomalyDetector } = resourceOf(template, 'AlarmsNxDomainShareDetector').properties
  assert.deepEqual(MetricMathAnomalyDetector, { MetricDataQueries: queries })
})

describe('who hears of alarms', () => {
  const of = (settings: Readonly<Record<string, unknown>>) => {
    const one = templateOf(unbundledApp(settings))
    const found = Object.values(resourcesOf(one, 'AWS::CloudWatch::Alarm')).map(({ properties }) => properties)
    return { one, actions: found.map(({ AlarmActions, OKActions }) => [AlarmActions, OKActions]) }
  }

  test('nobody, unless it is said', () => {
    const { one, actions } = of({})
    for (const action of actions) assert.deepEqual(action, [undefined, undefined])
    one.resourceCountIs('AWS::SNS::Topic', 0)
  })

  test('a topic that is there, of the alarm and of its end', () => {
    const arn = 'arn:aws:sns:eu-central-1:123456789012:Alarms'
    const { one, actions } = of({ alarms: arn })
    assert.ok(actions.length > 0)
    for (const action of actions) assert.deepEqual(action, [[arn], [arn]])
    one.resourceCountIs('AWS::SNS::Topic', 0)
  })

  test('an address, by a topic of the stack', () => {
    const { one, actions } = of({ alarms: 'operator@example.org' })
    for (const action of actions) assert.deepEqual(action, [['AlarmsTopic'], ['AlarmsTopic']])
    const subscriptions = Object.values(resourcesOf(one, 'AWS::SNS::Subscription'))
    assert.deepEqual(
      subscriptions.map(({ properties }) => properties),
      [{ Endpoint: 'operator@example.org', Protocol: 'email', TopicArn: 'AlarmsTopic' }],
    )
  })

  test('that topic takes what alarms of the account write over TLS, and nothing else', () => {
    const topic = resourceOf(template, 'AlarmsTopic').properties
    assert.equal(topic.KmsMasterKeyId, undefined) // CloudWatch may not use the key of AWS
    const { PolicyDocument, Topics } = resourceOf(template, 'AlarmsTopicPolicy').properties
    assert.deepEqual(Topics, ['AlarmsTopic'])
    const [deny, allow, ...others] = PolicyDocument.Statement.map(({ Sid, ...rest }: { Sid: string }) => rest)
    const publish = { Action: 'sns:Publish', Resource: 'AlarmsTopic' }
    assert.deepEqual(others, [])
    const plain = { Bool: { 'aws:SecureTransport': 'false' } }
    assert.deepEqual(deny, { ...publish, Effect: 'Deny', Principal: '*', Condition: plain })
    assert.deepEqual(allow, {
      ...publish,
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Condition: {
        StringEquals: { 'aws:SourceAccount': 'AWS::AccountId' },
        ArnLike: { 'aws:SourceArn': 'arn:AWS::Partition:cloudwatch:AWS::Region:AWS::AccountId:alarm:*' },
      },
    })
  })
})

// ---------------------------------------------------------------------------

function alarmNames(resources: Readonly<Record<string, Resource>>): readonly string[] {
  return Object.values(resources).map(({ properties }) => properties.AlarmName)
}
