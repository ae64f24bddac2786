import { Duration, Validations } from 'aws-cdk-lib'
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { Construct } from 'constructs'
import { ADMINS } from '../shared/access/admins.ts'
import type { Principal } from '../shared/access/model.ts'
import { SEGMENTS_ONLY } from '../shared/aws/change-log.ts'
import { MIRROR_FUNCTION } from '../shared/aws/invoke.ts'
import { REQUESTS_PER_SECOND } from '../shared/mirror/pace.ts'
import type { MirrorTask } from '../shared/mirror/task.ts'
import { allowGrants } from './access-table.ts'
import type { MirroredZone } from './hosted-zones.ts'
import { allowChanges, allowHostedZone, CHANGES_BY_WILDCARD } from './mirror-access.ts'
import { NodeFunction } from './node-function.ts'
import { StreamFeed } from './stream-feed.ts'
import type { Tables } from './tables.ts'

export interface MirrorProps {
  readonly tables: Tables
  readonly mirrored: readonly MirroredZone[]
  readonly requestsPerSecond: number
  /** Who may reconcile and adopt every zone. */
  readonly admins: readonly Principal[]
}

/**
 * The mirror in Route 53: the function that writes to hosted zones, what wakes it, and the function that tells about it.
 * Writer and teller are always there, so that whoever asks learns that a zone is not mirrored. What runs by itself is
 * there if some zone of the settings is; one that is mirrored from earlier on would need a permission that has gone.
 */
export class Mirror extends Construct {
  /** Writes to hosted zones. */
  readonly writer: NodeFunction
  /** Answers the HTTP requests about the mirror. */
  readonly api: NodeFunction
  /** What feeds the writer, if some zone is mirrored. */
  readonly feed?: { readonly reader: NodeFunction; readonly stream: StreamFeed }

  constructor(scope: Construct, id: string, props: MirrorProps) {
    super(scope, id)
    const pace = { [REQUESTS_PER_SECOND]: String(props.requestsPerSecond) }
    this.writer = this.addWriter(props, pace)
    this.api = this.addApi(props, pace, this.writer)
    Validations.of(this).acknowledge(CHANGES_BY_WILDCARD)
    if (props.mirrored.length === 0) return
    this.feed = this.addFeed(props, this.writer)
    this.wake(this.writer, 'EveryMinute', Duration.minutes(1), { task: 'drain' })
    this.wake(this.writer, 'EveryHour', Duration.hours(1), { task: 'reconcile' })
  }

  private addWriter({ tables, mirrored }: MirrorProps, pace: Record<string, string>): NodeFunction {
    const writer = new NodeFunction(this, 'Writer', {
      folder: 'mirror',
      description: 'Writes registered names to hosted zones of Route 53',
      timeout: Duration.minutes(5),
      memorySize: 1024,
      environment: { ...tables.environment('names', 'zones', 'mirror'), ...pace },
    })
    // No reserved concurrency: a writer that is stuck with its hosted zone stays for minutes, and under a limit would keep
    // those of other zones out. Leases see to it that each has one writer, the pace that requests are few.
    writer.configureAsyncInvoke({ retryAttempts: RETRIES, maxEventAge: STALE })
    writer.allow(IMPORT_NAMES, tables.names.tableArn)
    writer.allow(['dynamodb:Scan'], tables.zones.tableArn)
    writer.allow(WRITE_MIRROR, tables.mirror.tableArn)
    for (const zone of mirrored) allowHostedZone(writer, zone)
    allowChanges(writer)
    return writer
  }

  private addApi({ tables, admins }: MirrorProps, pace: Record<string, string>, writer: NodeFunction): NodeFunction {
    const environment = {
      ...tables.environment('names', 'zones', 'mirror', 'access'),
      [ADMINS]: JSON.stringify(admins),
    }
    const api = new NodeFunction(this, 'Api', {
      folder: 'mirror-api',
      description: 'Tells how far the Route 53 mirror is, and has it look again',
      timeout: Duration.seconds(29),
      memorySize: 256,
      environment: { ...environment, [MIRROR_FUNCTION]: writer.functionName, ...pace },
    })
    api.allow(['dynamodb:GetItem'], tables.names.tableArn)
    api.allow(['dynamodb:Scan'], tables.zones.tableArn)
    api.allow(TELL_MIRROR, tables.mirror.tableArn)
    allowGrants(api, tables)
    api.allow(['lambda:InvokeFunction'], writer.functionArn)
    allowChanges(api)
    return api
  }

  /** Wakes the writer for names that the change log tells of. */
  private addFeed({ tables }: MirrorProps, writer: NodeFunction): NonNullable<Mirror['feed']> {
    const reader = new NodeFunction(this, 'Feed', {
      folder: 'mirror-feed',
      description: 'Marks changed names for the Route 53 mirror and wakes it',
      timeout: Duration.seconds(30),
      memorySize: 256,
      environment: { ...tables.environment('zones', 'mirror'), [MIRROR_FUNCTION]: writer.functionName },
    })
    reader.allow(['dynamodb:Scan'], tables.zones.tableArn)
    reader.allow(['dynamodb:UpdateItem'], tables.mirror.tableArn)
    reader.allow(['lambda:InvokeFunction'], writer.functionArn)
    const stream = new StreamFeed(this, 'ChangelogFeed', { table: tables.changelog, reader, filter: SEGMENTS_ONLY })
    return { reader, stream }
  }

  private wake(writer: NodeFunction, id: string, every: Duration, task: MirrorTask): void {
    const event = RuleTargetInput.fromObject(task)
    const target = new LambdaFunction(writer, { event, retryAttempts: RETRIES, maxEventAge: STALE })
    new Rule(this, id, {
      description: `Route 53 mirror: ${task.task}`,
      schedule: Schedule.rate(every),
      targets: [target],
    })
  }
}

// ---------------------------------------------------------------------------

/**
 * A task that failed is tried once more, and one that has waited so long is dropped. Nothing is lost with it, so no queue
 * collects it: what is to be done is in the mirror's table, and the look each minute finds it.
 */
const RETRIES = 1
const STALE = Duration.minutes(5)

const IMPORT_NAMES = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Scan']

const TELL_MIRROR = [
  'dynamodb:BatchGetItem',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:UpdateItem',
]

const WRITE_MIRROR = [...TELL_MIRROR, 'dynamodb:BatchWriteItem', 'dynamodb:DeleteItem']
