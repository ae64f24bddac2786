import { Aws, Duration, Validations } from 'aws-cdk-lib'
import { type EventPattern, Match, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction, SqsQueue } from 'aws-cdk-lib/aws-events-targets'
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct, type IDependable } from 'constructs'
import type { Name } from '../shared/dns/name.ts'
import { functionVariables } from '../shared/functions/variables.ts'
import { NodeFunction } from './node-function.ts'
import type { Tables } from './tables.ts'

export interface FunctionNamesProps {
  /** Names are `FUNCTION.fn.ZONE`. */
  readonly zone: Name
  /** DNS name of what functions are called through, over HTTP on port 80. */
  readonly gateway: string
  readonly tables: Tables
}

/**
 * Names of functions: the function that keeps them in step with Lambda. Events of EventBridge go through a queue, so that
 * a storm of them becomes few batches, one or two at a time; and a schedule has everything looked at.
 */
export class FunctionNames extends Construct {
  readonly fn: NodeFunction
  /** Events that could not be followed. */
  readonly givenUp: Queue
  private readonly schedule: Rule

  constructor(scope: Construct, id: string, props: FunctionNamesProps) {
    super(scope, id)
    this.givenUp = new Queue(this, 'GivenUp', { ...QUEUE, retentionPeriod: Duration.days(14) })
    Validations.of(this.givenUp).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is the end of the line itself: nothing consumes it that could fail in turn.',
    })
    this.fn = this.addFunction(props)
    this.feed()
    this.schedule = this.addSchedule()
  }

  /** Has the first reconcile come once these are there. */
  startAfter(...others: readonly IDependable[]): void {
    this.schedule.node.addDependency(...others)
  }

  private addFunction({ zone, gateway, tables }: FunctionNamesProps): NodeFunction {
    const fn = new NodeFunction(this, 'Function', {
      folder: 'function-names',
      description: 'Gives functions their names',
      timeout: TIMEOUT,
      memorySize: 512,
      environment: {
        ...tables.environment('names', 'zones', 'registrations'),
        [functionVariables.zone]: zone,
        [functionVariables.gateway]: `{"kind":"cname","target":"${gateway}","port":80}`,
      },
    })
    fn.allow(['lambda:ListFunctions'], '*') // has no resource, as those of tracing
    fn.allow(READ_FUNCTION, `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:function:*`)
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:*]',
      reason:
        'Whether a function is published is what has to be found out, of each one; nothing can be changed or invoked.',
    })
    fn.allow(['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem'], tables.names.tableArn)
    fn.allow(['dynamodb:Scan'], tables.zones.tableArn)
    fn.allow(WRITE_REGISTRATIONS, tables.registrations.tableArn)
    return fn
  }

  private feed(): void {
    const hints = new Queue(this, 'Hints', {
      ...QUEUE,
      retentionPeriod: Duration.days(1),
      visibilityTimeout: TIMEOUT, // what failed comes again after it; by then the schedule has mostly been quicker
      deadLetterQueue: { queue: this.givenUp, maxReceiveCount: 3 },
    })
    const targets = [new SqsQueue(hints, { retryAttempts: 10, maxEventAge: Duration.hours(1) })]
    for (const [id, eventPattern] of Object.entries(PATTERNS)) {
      new Rule(this, id, { description: 'Namestream: a function has changed', eventPattern, targets })
    }
    this.fn.allow(CONSUME, hints.queueArn)
    new EventSourceMapping(this, 'Mapping', {
      target: this.fn,
      eventSourceArn: hints.queueArn,
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(1),
      reportBatchItemFailures: true,
      maxConcurrency: 2, // the least there is: Lambda's API takes few requests a second, of everybody's
    })
  }

  private addSchedule(): Rule {
    const event = RuleTargetInput.fromObject({ task: 'reconcile' })
    return new Rule(this, 'EveryQuarter', {
      description: 'Namestream: reconcile of names of functions',
      schedule: Schedule.rate(Duration.minutes(15)),
      targets: [new LambdaFunction(this.fn, { event, retryAttempts: 1, maxEventAge: Duration.minutes(5) })],
    })
  }
}

// ---------------------------------------------------------------------------

/** Of a reconcile, which asks Lambda 8 times a second: some 4,000 requests. */
const TIMEOUT = Duration.minutes(10)

const QUEUE = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true }

/** What Lambda's poller needs; it polls with the role of the function. */
const CONSUME = ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage']

const READ_FUNCTION = [
  'lambda:ListAliases',
  'lambda:ListFunctionUrlConfigs',
  'lambda:ListTags',
  'lambda:ListVersionsByFunction',
]

const WRITE_REGISTRATIONS = [
  'dynamodb:DeleteItem',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Scan',
  'dynamodb:UpdateItem',
]

/** Names of calls carry the date of their API, which differs from one to the next: `CreateFunction20150331`. */
const CALLS = [
  'CreateAlias',
  'CreateFunction', // and CreateFunctionUrlConfig
  'DeleteAlias',
  'DeleteFunction', // and DeleteFunctionUrlConfig
  'PublishVersion',
  'TagResource',
  'UntagResource',
  'UpdateAlias',
  'UpdateFunctionConfiguration',
  'UpdateFunctionUrlConfig',
]

/** What CloudTrail tells wants a trail of management events in the account; what the tag service tells needs none. */
const PATTERNS: Readonly<Record<string, EventPattern>> = {
  Calls: {
    source: ['aws.lambda'],
    detailType: ['AWS API Call via CloudTrail'],
    detail: {
      eventSource: ['lambda.amazonaws.com'],
      eventName: CALLS.map((prefix) => ({ prefix })),
      errorCode: Match.doesNotExist(),
    },
  },
  Tags: {
    source: ['aws.tag'],
    detailType: ['Tag Change on Resource'],
    detail: {
      service: ['lambda'],
      'resource-type': ['function'],
      'changed-tag-keys': Match.prefix('namestream:'),
    },
  },
}
