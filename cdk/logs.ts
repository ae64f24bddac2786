import { Aspects, RemovalPolicy, type Stack } from 'aws-cdk-lib'
import { CfnLogGroup, LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'

/** A log group that goes with the stack. */
export function logGroup(scope: Construct, id: string, logGroupName?: string): LogGroup {
  return new LogGroup(scope, id, { ...(logGroupName && { logGroupName }), removalPolicy: RemovalPolicy.DESTROY })
}

/** Says how long the log groups of a stack keep what they have: all of them, whoever made them and when. */
export function keepLogs(stack: Stack, days: RetentionDays): void {
  Aspects.of(stack).add({
    visit(construct) {
      if (construct instanceof CfnLogGroup) construct.retentionInDays = days
    },
  })
}
