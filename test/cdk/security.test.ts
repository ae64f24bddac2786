import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Validations } from 'aws-cdk-lib'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import { AwsSolutionsChecks } from 'cdk-nag'
import { unbundledApp } from './template.ts'

const mirroringApp = () => unbundledApp({ zones: ['rpc.example.org', 'fn.example.org=public'] })

test('cdk-nag AwsSolutions finds nothing that is not acknowledged', () => {
  const app = mirroringApp()
  const { success, violations } = new AwsSolutionsChecks(app).validateScope(app)
  assert.deepEqual(violations, [])
  assert.ok(success)
})

test('what is acknowledged, and why', () => {
  const acknowledged = mirroringApp()
    .node.findAll()
    .flatMap((construct) =>
      construct.node.metadata
        .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
        .flatMap(({ data }) => Object.entries<string>(data))
        .map(([id, reason]) => ({ path: construct.node.path, id: id.replace(/^annotation::/i, ''), reason })),
    )
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
    ],
  )
  for (const { id, reason } of acknowledged) assert.match(reason, /^.{30,}\.$/, id)
})

test('a finding fails the synthesis', () => {
  const app = unbundledApp()
  new Queue(app.node.findChild('Namestream') as never, 'Planted')
  assert.throws(() => app.synth(), /Validation failed/)
})
