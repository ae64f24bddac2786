import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Validations } from 'aws-cdk-lib'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import { AwsSolutionsChecks } from 'cdk-nag'
import { unbundledApp } from './template.ts'

const mirroringApp = () => unbundledApp({ zones: ['rpc.example.org', 'fn.example.org=public'], auth: 'iam+tokens' })

test('cdk-nag AwsSolutions finds nothing that is not acknowledged', () => {
  const app = mirroringApp()
  const { success, violations } = new AwsSolutionsChecks(app).validateScope(app)
  assert.deepEqual(violations, [])
  assert.ok(success)
})

test('what is acknowledged, and why', () => {
  const acknowledged = acknowledgedIn(mirroringApp())
  assert.deepEqual(
    acknowledged.map(({ path, id }) => `${id} at ${path}`),
    [
      'AwsSolutions-IAM5[Resource::*] at Namestream/DynapiRole',
      'AwsSolutions-IAM5[Resource::*] at Namestream/SequencerRole',
      'AwsSolutions-SQS3 at Namestream/NamesFeed/GivenUp',
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:route53:::change/*] at Namestream/Mirror',
      'AwsSolutions-IAM5[Resource::*] at Namestream/Mirror/WriterRole',
      'AwsSolutions-IAM5[Resource::*] at Namestream/Mirror/ApiRole',
      'AwsSolutions-IAM5[Resource::*] at Namestream/Mirror/FeedRole',
      'AwsSolutions-SQS3 at Namestream/Mirror/ChangelogFeed/GivenUp',
      'AwsSolutions-IAM5[Resource::*] at Namestream/ServedZones/FunctionRole',
      'AwsSolutions-IAM5[Resource::*] at Namestream/Tokens/AuthorizerRole',
    ],
  )
  for (const { id, reason } of acknowledged) assert.match(reason, /^.{30,}\.$/, id)
})

describe('the responder', () => {
  const given = {
    vpc: 'vpc-0abc1234',
    subnets: 'subnet-0abc1234,subnet-0def5678',
    availabilityZones: 'eu-central-1a,eu-central-1b',
    dnsClients: '10.0.0.0/8',
  }
  for (const settings of [{ resolver: 'vpc-0abc1234' }, { taskNetwork: 'private' }, given]) {
    test(`nothing is found that is not acknowledged, with ${JSON.stringify(settings)}`, () => {
      const app = unbundledApp({ responder: true, ...settings })
      assert.deepEqual(new AwsSolutionsChecks(app).validateScope(app).violations, [])
    })
  }

  test('what is acknowledged, and why', () => {
    const own = acknowledgedIn(unbundledApp({ responder: true, resolver: 'vpc-0abc1234' })).filter(({ path }) =>
      /Responder|Resolver/.test(path),
    )
    assert.deepEqual(
      own.map(({ path, id }) => `${id} at ${path}`),
      [
        'AwsSolutions-VPC7 at Namestream/Responder/Network/Vpc',
        'AwsSolutions-ELB2 at Namestream/Responder/Balancer/Nlb',
        'AwsSolutions-ECS4 at Namestream/Responder/Cluster',
        'AwsSolutions-ECS2 at Namestream/Responder/Task',
        'AwsSolutions-IAM5[Resource::*] at Namestream/Responder/Task',
      ],
    )
    for (const { id, reason } of own) assert.match(reason, /^.{30,}\.$/, id)
  })
})

test('what is acknowledged of the probe, and why', () => {
  const own = acknowledgedIn(unbundledApp({ responder: true })).filter(({ path }) => path.includes('/Probe'))
  assert.deepEqual(
    own.map(({ path, id }) => `${id} at ${path}`),
    [
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:network-interface/*] at Namestream/Probe/Lookup',
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:*/*] at Namestream/Probe/Lookup',
      'AwsSolutions-IAM5[Resource::*] at Namestream/Probe/Lookup/FunctionRole',
      'AwsSolutions-IAM5[Resource::*] at Namestream/Probe/FunctionRole',
    ],
  )
  for (const { id, reason } of own) assert.match(reason, /^.{30,}\.$/, id)
})

test('a finding fails the synthesis', () => {
  const app = unbundledApp()
  new Queue(app.node.findChild('Namestream') as never, 'Planted')
  assert.throws(() => app.synth(), /Validation failed/)
})

// ---------------------------------------------------------------------------

function acknowledgedIn(app: ReturnType<typeof unbundledApp>): { path: string; id: string; reason: string }[] {
  return app.node.findAll().flatMap((construct) =>
    construct.node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries<string>(data))
      .map(([id, reason]) => ({ path: construct.node.path, id: id.replace(/^annotation::/i, ''), reason })),
  )
}
