/** What calls somebody: symptoms, each with what to do about it. */
import type { Deployed, FunctionId } from './deployed.ts'
import { balancer, givenUp, lambda, type Metric, own, type Series, type Statistic } from './series.ts'

export type Comparison = '>' | '>=' | '<'

interface Rule {
  /** Part of the alarm's name. */
  readonly id: string
  readonly series: Series
  readonly comparison: Comparison
  readonly threshold: number
  readonly periodSeconds: number
  /** So many periods of the last ones must be past the threshold. */
  readonly periods: number
  readonly of: number
  /** What a period without data counts as. */
  readonly missing: 'breaching' | 'notBreaching'
  /** What it means, how to look, what to do. */
  readonly runbook: string
}

/** An alarm on one metric of a deployment. */
export interface Alarm extends Omit<Rule, 'series'> {
  readonly metric: Metric
  readonly statistic: Statistic
}

/** The alarms of a deployment: one for each rule and, where the metric is one a zone, function or queue, one for each. */
export function alarmsOf(deployed: Deployed): readonly Alarm[] {
  return rules.flatMap(({ series, ...rule }) => {
    if (series.onAws && deployed.platform !== 'aws') return []
    const found = series.of(deployed)
    return found.map(({ metric, which }) => ({
      ...rule,
      id: which === undefined ? rule.id : `${rule.id} ${which}`,
      metric,
      statistic: series.statistic,
    }))
  })
}

/** True if that many values of the last periods, the newest last and undefined where there was none, are past the threshold. */
export function isRaised(
  { comparison, threshold, periods, of, missing }: Alarm,
  values: readonly (number | undefined)[],
): boolean {
  const past = (value: number | undefined) => {
    if (value === undefined) return missing === 'breaching'
    if (comparison === '<') return value < threshold
    return comparison === '>' ? value > threshold : value >= threshold
  }
  return values.slice(-of).filter(past).length >= periods
}

// ---------------------------------------------------------------------------

const STREAM_READERS: readonly FunctionId[] = ['sequencer', 'mirror-feed']

const MINUTES = { periodSeconds: 60, periods: 3, of: 3 }
const FIVE_MINUTES = { periodSeconds: 300, periods: 1, of: 1 }

const rules: readonly Rule[] = [
  {
    id: 'StaleAnswers',
    series: own('responder', 'CacheAge', 'Maximum', 'oldest'),
    comparison: '>',
    threshold: 10,
    ...MINUTES,
    missing: 'breaching',
    runbook:
      'A task of the responder has not been able to read the change log for more than 10 s, or no task tells anything. Clients get answers that may be old. Look at the table of tasks: is it one task or all? All: DynamoDB or the way to it (gateway endpoint, role) is at fault, see the log of the tasks. One: stop that task, ECS starts another. No data at all: see whether the service has tasks, and why they stop.',
  },
  {
    id: 'NoTask',
    series: balancer('HealthyHostCount', 'Maximum', 'healthy', { targets: true, eachZone: true }),
    comparison: '<',
    threshold: 1,
    ...MINUTES,
    missing: 'breaching',
    runbook:
      'An availability zone has no task that is ready. The address of the load balancer in that zone leads nowhere, or to tasks that are loading. See the events of the ECS service: no capacity, an image that cannot be pulled, or tasks that never get ready (/ready tells why, and so does their log). Until it is mended, disassociate the Resolver rule: the VPC then asks the mirror in Route 53.',
  },
  {
    id: 'UnhealthyTask',
    series: balancer('UnHealthyHostCount', 'Maximum', 'not healthy', { targets: true }),
    comparison: '>',
    threshold: 0,
    periodSeconds: 60,
    periods: 10,
    of: 10,
    missing: 'notBreaching',
    runbook:
      'A task has not been ready for ten minutes. A new one needs up to five to load a million names. See its log: the store does not answer, or it is out of memory (then raise taskSize).',
  },
  {
    id: 'ServFail',
    series: own('responder', 'ServFail', 'Sum', 'SERVFAIL'),
    comparison: '>',
    threshold: 10,
    ...FIVE_MINUTES,
    missing: 'notBreaching',
    runbook:
      'The responder answers SERVFAIL. It does so for a defect of its own only (Panics), or for a CNAME chain without end. The log of the tasks has each defect once. If a deployment came before, bring the former version back.',
  },
  {
    id: 'SlowAnswers',
    series: own('responder', 'LatencyP99', 'Maximum', 'p99'),
    comparison: '>',
    threshold: 4,
    periodSeconds: 60,
    periods: 5,
    of: 5,
    missing: 'notBreaching',
    runbook:
      'One answer in a hundred takes a task more than 4 ms to make. Look at CPU and questions of one task: at its limit, raise the greatest number of tasks or taskSize. If few questions come, see the type of the questions and the log.',
  },
  {
    id: 'RegistrationFaults',
    series: own('dynapi', 'Faults', 'Sum', 'faults'),
    comparison: '>=',
    threshold: 5,
    ...FIVE_MINUTES,
    missing: 'notBreaching',
    runbook:
      'Registrations fail through no fault of the callers. The log of the function Dynapi has the reason by request: DynamoDB throttles or is away (see its health and the chart of throttling), or a defect. Nothing that was acknowledged is lost; callers are told to try again.',
  },
  {
    id: 'GatewayFaults',
    series: own('gateway', 'Faults', 'Sum', 'faults'),
    comparison: '>=',
    threshold: 5,
    ...FIVE_MINUTES,
    missing: 'notBreaching',
    runbook:
      'Calls of functions by their names get no answer of the function. The log of the function Gateway has the name, the code and the reason of each. function_failed, response_invalid, response_too_large: that function is at fault, see its own log. function_timeout: it takes longer than its timeout, or than 28 s. function_busy: it, or the account, is at its limit of concurrent executions. function_unreachable: Lambda refuses; the function may have lost the tag namestream:publish, which the role of the gateway goes by.',
  },
  {
    id: 'RenewalFaults',
    series: own('registrations', 'Faults', 'Sum', 'faults'),
    comparison: '>=',
    threshold: 5,
    ...FIVE_MINUTES,
    missing: 'notBreaching',
    runbook:
      'Registrations with leases, or their renewals, fail through no fault of the callers. If that goes on for as long as the leases, names disappear that are in use. The log of the function registrations has the reason by request: DynamoDB or SQS throttles or is away, or a defect.',
  },
  {
    id: 'LateLeases',
    series: own('leases', 'Lateness', 'Maximum', 'latest'),
    comparison: '>',
    threshold: 30_000,
    ...FIVE_MINUTES,
    missing: 'notBreaching',
    runbook:
      'A lease had been over for more than half a minute when its records were taken away; clients may have been sent to what is gone. Its timer was lost or failed, and the sweep each minute found it. See the log of leases, and whether messages wait in the queue of timers: Lambda has no room for it, or more leases end at once than it can handle.',
  },
  {
    id: 'LeasesUnwatched',
    series: own('leases', 'Registrations', 'Minimum', 'registrations'),
    comparison: '<',
    threshold: 0,
    periodSeconds: 60,
    periods: 5,
    of: 5,
    missing: 'breaching',
    runbook:
      'No sweep of leases came to its end for five minutes: leases whose timers were lost stay. See the log of leases: a store that is away, a registration that cannot be written, or out of time because there are too many (then raise its time and memory). Nothing at all there: its schedule is switched off.',
  },
  {
    id: 'FunctionFails',
    series: lambda('Errors', 'Sum', [
      'authorizer',
      'dynapi',
      'function-names',
      'gateway',
      'mirror',
      'mirror-api',
      'registrations',
      'zones',
    ]),
    comparison: '>=',
    threshold: 3,
    ...FIVE_MINUTES,
    missing: 'notBreaching',
    runbook:
      'A function ended without an answer: out of time, out of memory, or a defect. Its log has the reason. The mirror tries again each minute and loses nothing.',
  },
  {
    id: 'Throttled',
    series: lambda(
      'Throttles',
      'Sum',
      ['authorizer', 'dynapi', 'gateway', 'registrations', ...STREAM_READERS, 'mirror'],
      {
        onAws: true,
      },
    ),
    comparison: '>=',
    threshold: 3,
    ...FIVE_MINUTES,
    missing: 'notBreaching',
    runbook:
      'Lambda has no room for the function: the account is at its limit of concurrent executions (1,000, and 10 for new accounts). Callers of the API get 503 then; streams and the mirror come later. See which function takes the room (chart of those side by side, of other stacks, too), and have the quota raised.',
  },
  {
    id: 'StreamStalls',
    series: lambda('IteratorAge', 'Maximum', STREAM_READERS),
    comparison: '>',
    threshold: 60_000,
    ...MINUTES,
    missing: 'notBreaching',
    runbook:
      'The function has been behind its table stream for more than a minute: of the sequencer, writes are not in the change log and no responder has them; of mirror-feed, Route 53 does not have them. Look at failures and throttling of the function, and at its log: a record that cannot be read is given up after a hundred attempts. Streams keep 24 hours.',
  },
  {
    id: 'GivenUp',
    series: givenUp,
    comparison: '>',
    threshold: 0,
    ...FIVE_MINUTES,
    missing: 'notBreaching',
    runbook:
      'Of sequencer and mirror-feed: a stream record was given up after a hundred attempts or twelve hours. The message in the queue has its place in the stream and the reason. Write the name once more (PUT the same record), which gives it a new record; responders read all names again within the hour. Then delete the message. Of leases: a lease could not be looked at three times; the sweep each minute sees to it. Mend what the log tells, then delete the message. Of function-names: an event about a function; the next reconcile has done what it was about, delete it.',
  },
  {
    id: 'FunctionNamesRefused',
    series: own('function-names', 'Refused', 'Maximum', 'refused'),
    comparison: '>',
    threshold: 0,
    periodSeconds: 900, // of each reconcile
    periods: 1,
    of: 1,
    missing: 'notBreaching',
    runbook:
      'A function that is tagged namestream:publish=true, or an alias of one, cannot have its name. npm run functions lists each with the reason: letters that only differ in case, more than 63 of them, a name that another function has, or other records in its place. Mostly the tag namestream:name with another name is the cure.',
  },
  {
    id: 'FunctionNamesFaults',
    series: own('function-names', 'Faults', 'Sum', 'faults'),
    comparison: '>',
    threshold: 0,
    periodSeconds: 900, // of each reconcile
    periods: 2,
    of: 2,
    missing: 'notBreaching',
    runbook:
      'For half an hour functions could not be read, or names of functions not be written; they are as they were. The log of the function FunctionNames has each with the reason: Lambda throttles, which something else of the account may be to blame for (LambdaRetries tells how much), DynamoDB is away, or the zone is no longer served.',
  },
  {
    id: 'FunctionNamesStall',
    series: own('function-names', 'Reconciles', 'Sum', 'reconciles'),
    comparison: '<',
    threshold: 1,
    periodSeconds: 1800,
    periods: 1,
    of: 1,
    missing: 'breaching',
    runbook:
      'For half an hour no reconcile of the names of functions has come to its end: names are as they were, new functions may have none, deleted ones still have theirs. The log of the function FunctionNames has the reason: Lambda throttles or refuses its list, a permission has gone, or the schedule is off.',
  },
  {
    id: 'MirrorWaits',
    series: own('mirror', 'MirrorWait', 'Maximum', 'oldest that waits'),
    comparison: '>',
    threshold: 120_000,
    periodSeconds: 60,
    periods: 5,
    of: 5,
    missing: 'breaching',
    runbook:
      'A name has waited for Route 53 for more than two minutes, or the mirror no longer runs each minute. GET /v1/zones/ZONE/mirror tells the state of the hosted zone. Throttled: some other tool of the account uses up its 5 requests a second. A large number waiting: it drains at 1,000 values a request, two requests a second. Parked: see HostedZoneFault. Nothing at all: see the log of the mirror and its schedule.',
  },
  {
    id: 'Quarantine',
    series: own('mirror', 'NamesQuarantined', 'Maximum', 'quarantined'),
    comparison: '>',
    threshold: 0,
    periodSeconds: 60,
    periods: 5,
    of: 5,
    missing: 'notBreaching',
    runbook:
      'Route 53 refuses an RRset that is registered; the responder answers it, Route 53 does not. GET /v1/zones/ZONE/mirror lists them with the words of AWS. Foreign: somebody else made a record set of that name; delete it there, or adopt it. Anything else: correct the registration.',
  },
  {
    id: 'HostedZoneFault',
    series: own('mirror', 'HostedZoneFaults', 'Sum', 'takes nothing'),
    comparison: '>',
    threshold: 0,
    periodSeconds: 300, // it is tried again, and told again, after a quarter of an hour at most
    periods: 1,
    of: 4,
    missing: 'notBreaching',
    runbook:
      'The hosted zone takes nothing: it is gone, full (10,000 record sets unless raised), or the role of the mirror may not write to it. GET /v1/zones/ZONE/mirror has the words of AWS. The mirror tries again by itself, at least every 15 minutes; POST …/mirror/reconcile after mending it.',
  },
  {
    id: 'ProbeFails',
    series: own('probe', 'ProbeFailures', 'Sum', 'steps'),
    comparison: '>',
    threshold: 0,
    periodSeconds: 300,
    periods: 2,
    of: 3,
    missing: 'breaching',
    runbook:
      'The probe registers a name and looks it up as a client would; that failed or took too long twice of late, or the probe does not run. Its log says which step: registration, responder or Route 53. That step is what users meet, so go on with the charts of that part.',
  },
]
