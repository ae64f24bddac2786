/** What cdk-nag finds in the stack with everything in it; combinations.test.ts synthesises it with other settings. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Validations } from 'aws-cdk-lib'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import { AwsSolutionsChecks } from 'cdk-nag'
import { everything } from './everything.ts'
import { unbundledApp } from './template.ts'

const app = unbundledApp({ ...everything, zones: ['rpc.example.org', 'fn.example.org=public'] })

test('cdk-nag AwsSolutions finds nothing that is not acknowledged', () => {
  const { success, violations } = new AwsSolutionsChecks(app).validateScope(app)
  assert.deepEqual(violations, [])
  assert.ok(success)
})

test('what is acknowledged, and why', () => {
  const acknowledged = acknowledgements()
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
      'AwsSolutions-SQS3 at Namestream/Registrations/GivenUp',
      'AwsSolutions-IAM5[Resource::*] at Namestream/Registrations/ApiRole',
      'AwsSolutions-IAM5[Resource::*] at Namestream/Registrations/LeasesRole',
      'AwsSolutions-IAM5[Resource::*] at Namestream/Tokens/AuthorizerRole',
      'AwsSolutions-VPC7 at Namestream/Responder/Network/Vpc',
      'AwsSolutions-ELB2 at Namestream/Responder/Balancer/Nlb',
      'AwsSolutions-ECS2 at Namestream/Responder/Task',
      'AwsSolutions-IAM5[Resource::*] at Namestream/Responder/Task',
      'AwsSolutions-ECS4 at Namestream/Responder/Cluster',
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:*] at Namestream/Gateway',
      'AwsSolutions-IAM5[Resource::*] at Namestream/Gateway/FunctionRole',
      'AwsSolutions-ELB2 at Namestream/Gateway/Alb',
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:*] at Namestream/FunctionNames',
      'AwsSolutions-SQS3 at Namestream/FunctionNames/GivenUp',
      'AwsSolutions-IAM5[Resource::*] at Namestream/FunctionNames/FunctionRole',
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:network-interface/*] at Namestream/Probe/Lookup',
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:*/*] at Namestream/Probe/Lookup',
      'AwsSolutions-IAM5[Resource::*] at Namestream/Probe/Lookup/FunctionRole',
      'AwsSolutions-IAM5[Resource::*] at Namestream/Probe/FunctionRole',
    ],
  )
  for (const { id, reason } of acknowledged) assert.match(reason, /^.{30,}\.$/, id)
})

test('a finding fails the synthesis', () => {
  const flawed = unbundledApp()
  new Queue(flawed.node.findChild('Namestream') as never, 'Planted')
  assert.throws(() => flawed.synth(), /Validation failed/)
})

// ---------------------------------------------------------------------------

function acknowledgements(): { path: string; id: string; reason: string }[] {
  return app.node.findAll().flatMap(
    (construct) =>
      construct.node.metadata
        .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
        .flatMap(({ data }) => Object.entries<string>(data))
        .map(([id, reason]) => ({ path: construct.node.path, id: id.replace(/^annotation::/i, ''), reason }))
        .filter(({ id }) => !id.startsWith('CloudFormation-Validate')), // CDK's own, of what it does itself
  )
}
