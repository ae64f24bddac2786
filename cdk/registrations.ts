import { Duration, Validations } from 'aws-cdk-lib'
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { ADMINS } from '../shared/access/admins.ts'
import type { Principal } from '../shared/access/model.ts'
import { LEASES_QUEUE_URL } from '../shared/aws/timers.ts'
import type { SweepTask } from '../shared/registrations/task.ts'
import { allowGrants } from './access-table.ts'
import { NodeFunction } from './node-function.ts'
import type { Tables } from './tables.ts'

export interface RegistrationsProps {
  readonly tables: Tables
  /** Who may register everything. */
  readonly admins: readonly Principal[]
}

/**
 * Registrations with leases: the function that takes them, and the one that ends leases. It is woken by a queue that keeps
 * a message back until a lease may be over, and looks each minute for what no message told of.
 */
export class Registrations extends Construct {
  /** Answers the HTTP requests about registrations. */
  readonly api: NodeFunction
  readonly leases: NodeFunction
  /** Messages that could not be handled. */
  readonly givenUp: Queue

  constructor(scope: Construct, id: string, props: RegistrationsProps) {
    super(scope, id)
    this.givenUp = new Queue(this, 'GivenUp', { ...QUEUE, retentionPeriod: Duration.days(14) })
    Validations.of(this.givenUp).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is the end of the line itself: nothing consumes it that could fail in turn.',
    })
    const timers = new Queue(this, 'Timers', {
      ...QUEUE,
      retentionPeriod: Duration.days(1),
      visibilityTimeout: Duration.seconds(6 * TIMEOUT.toSeconds()), // as Lambda advises
      deadLetterQueue: { queue: this.givenUp, maxReceiveCount: 3 },
    })
    this.api = this.addApi(props, timers)
    this.leases = this.addLeases(props, timers)
  }

  private addApi({ tables, admins }: RegistrationsProps, timers: Queue): NodeFunction {
    const api = new NodeFunction(this, 'Api', {
      folder: 'registrations',
      description: 'Registers names with leases, and renews them',
      timeout: Duration.seconds(10),
      memorySize: 512,
      environment: {
        ...tables.environment('names', 'zones', 'registrations', 'access'),
        [ADMINS]: JSON.stringify(admins),
        [LEASES_QUEUE_URL]: timers.queueUrl,
      },
    })
    api.allow(['dynamodb:GetItem', 'dynamodb:PutItem'], tables.names.tableArn)
    api.allow(['dynamodb:Scan'], tables.zones.tableArn)
    api.allow([...END, 'dynamodb:PutItem'], tables.registrations.tableArn)
    allowGrants(api, tables)
    api.allow(['sqs:SendMessage'], timers.queueArn)
    return api
  }

  private addLeases({ tables }: RegistrationsProps, timers: Queue): NodeFunction {
    const leases = new NodeFunction(this, 'Leases', {
      folder: 'leases',
      description: 'Ends leases that nobody renewed',
      timeout: TIMEOUT,
      memorySize: 512,
      environment: { ...tables.environment('names', 'zones', 'registrations'), [LEASES_QUEUE_URL]: timers.queueUrl },
    })
    leases.allow(['dynamodb:GetItem', 'dynamodb:PutItem'], tables.names.tableArn)
    leases.allow([...END, 'dynamodb:Scan'], tables.registrations.tableArn)
    leases.allow(['sqs:SendMessage', ...CONSUME], timers.queueArn)
    new EventSourceMapping(this, 'Mapping', {
      target: leases,
      eventSourceArn: timers.queueArn,
      batchSize: 10,
      maxBatchingWindow: Duration.seconds(0),
      reportBatchItemFailures: true,
      maxConcurrency: 5, // when all leases end at once, whoever registers needs room, too
    })
    this.sweep(leases)
    return leases
  }

  /** A sweep that failed is not made up for: the next one comes soon. */
  private sweep(leases: NodeFunction): void {
    const once = { retryAttempts: 0, maxEventAge: Duration.minutes(1) }
    leases.configureAsyncInvoke(once)
    const task: SweepTask = { task: 'sweep' }
    new Rule(this, 'EveryMinute', {
      description: 'Namestream: sweep of leases',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(leases, { event: RuleTargetInput.fromObject(task), ...once })],
    })
  }
}

// ---------------------------------------------------------------------------

/** Of a sweep, which goes through all registrations. */
const TIMEOUT = Duration.minutes(2)

const QUEUE = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true }

const END = ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem']

/** What Lambda's poller needs; it polls with the role of the function. */
const CONSUME = ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage']
