import { createHash } from 'node:crypto'
import { Stack } from 'aws-cdk-lib'
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import { type Alarm, alarmsOf, type Comparison } from '../shared/metrics/alarms.ts'
import type { Deployed } from '../shared/metrics/deployed.ts'
import { type AddAlarm, dimensionsOf } from './alarm-form.ts'
import { addAlarmTopic } from './alarm-topic.ts'
import { addNxDomainAlarm } from './nxdomain-alarm.ts'
import type { AlarmReceiver } from './operation-settings.ts'

/** The alarms of a deployment, each with its run-book as description. Who hears of them hears of their end, too. */
export class Alarms extends Construct {
  /** Of all alarms. */
  readonly arns: readonly string[]

  constructor(scope: Construct, id: string, deployed: Deployed, receiver: AlarmReceiver) {
    super(scope, id)
    const topic = this.topicOf(receiver)
    const actions = topic === undefined ? {} : { alarmActions: [topic], okActions: [topic] }
    const add: AddAlarm = (alarmId, props) => {
      const alarmName = nameOf(Stack.of(this).stackName, alarmId)
      return new CfnAlarm(this, alarmId, { ...props, ...actions, alarmName })
    }
    const simple = alarmsOf(deployed).map((alarm) => add(alarm.id, propsOf(alarm)))
    const learnt = addNxDomainAlarm(this, add, deployed)
    this.arns = [...simple, ...learnt].map(({ attrArn }) => attrArn)
  }

  private topicOf(receiver: AlarmReceiver): string | undefined {
    if (receiver.kind === 'email') return addAlarmTopic(this, receiver.address).topicArn
    return receiver.kind === 'topic' ? receiver.arn : undefined
  }
}

// ---------------------------------------------------------------------------

const OPERATORS = {
  '>': 'GreaterThanThreshold',
  '>=': 'GreaterThanOrEqualToThreshold',
  '<': 'LessThanThreshold',
} as const satisfies Readonly<Record<Comparison, string>>

function propsOf({ metric, statistic, comparison, threshold, ...alarm }: Alarm) {
  return {
    alarmDescription: alarm.runbook,
    namespace: metric.namespace,
    metricName: metric.name,
    dimensions: dimensionsOf(metric.dimensions),
    statistic,
    period: alarm.periodSeconds,
    comparisonOperator: OPERATORS[comparison],
    threshold,
    evaluationPeriods: alarm.of,
    datapointsToAlarm: alarm.periods,
    treatMissingData: alarm.missing,
  }
}

const LONGEST = 255 // characters of a name; a zone alone may have four times as many

/** A name that is too long ends with a digest of the whole. */
function nameOf(stack: string, id: string): string {
  const name = `${stack} ${id}`
  if (name.length <= LONGEST) return name
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 16)
  return `${name.slice(0, LONGEST - digest.length - 1)} ${digest}`
}
