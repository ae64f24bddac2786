import { Aws } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import type { Construct } from 'constructs'

/**
 * A topic that sends what it gets by e-mail. It is not encrypted by a key: CloudWatch may not use the one that AWS has for
 * topics, and alarms would get lost without a word (re:Post, "Why didn't I receive an SNS notification for my alarm").
 */
export function addAlarmTopic(scope: Construct, address: string): Topic {
  const topic = new Topic(scope, 'Topic', { displayName: 'Namestream alarms', enforceSSL: true })
  topic.addSubscription(new EmailSubscription(address))
  // Any policy takes the place of the one by which the account, and so CloudWatch, might publish.
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: {
        StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
        ArnLike: { 'aws:SourceArn': `arn:${Aws.PARTITION}:cloudwatch:${Aws.REGION}:${Aws.ACCOUNT_ID}:alarm:*` },
      },
    }),
  )
  return topic
}
