/** What the dashboard shows: sections of charts, in order. CloudWatch and the page of the local stack draw the same. */
import { type CostLine, costLines } from './costs.ts'
import type { Deployed } from './deployed.ts'
import { api, balancer, givenUp, lambda, own, type Series, table } from './series.ts'

export interface Section {
  readonly title: string
  readonly widgets: readonly Widget[]
}

export type Widget = Chart | TaskTable

export interface Chart {
  readonly kind: 'chart'
  readonly title: string
  /** What the axis counts. */
  readonly unit: string
  readonly series: readonly Series[]
  /** Lines that only CloudWatch can work out. */
  readonly costs?: readonly CostLine[]
  readonly stacked?: boolean
  /** A line at a value that means something. */
  readonly mark?: (deployed: Deployed) => { readonly label: string; readonly value: number } | undefined
}

/** The latest figures of each task of the responder, read from its log: a dimension for the task would cost for each. */
export interface TaskTable {
  readonly kind: 'tasks'
  readonly title: string
  /** Metrics of the responder, by the heading of their column: an identifier, as it is one in a query. */
  readonly columns: Readonly<Record<string, string>>
}

const RATE = { perSecond: true }
const AWS = { onAws: true }

export const sections: readonly Section[] = [
  {
    title: 'Answers',
    widgets: [
      {
        kind: 'chart',
        title: 'Answers by rcode',
        unit: 'a second',
        stacked: true,
        series: [
          own('responder', 'NoError', 'Sum', 'NOERROR', RATE),
          own('responder', 'NxDomain', 'Sum', 'NXDOMAIN', RATE),
          own('responder', 'Refused', 'Sum', 'REFUSED', RATE),
          own('responder', 'ServFail', 'Sum', 'SERVFAIL', RATE),
          own('responder', 'OtherRcodes', 'Sum', 'other', RATE),
        ],
      },
      {
        kind: 'chart',
        title: 'Questions by type',
        unit: 'a second',
        stacked: true,
        series: [
          own('responder', 'QueriesA', 'Sum', 'A', RATE),
          own('responder', 'QueriesAAAA', 'Sum', 'AAAA', RATE),
          own('responder', 'QueriesOther', 'Sum', 'other', RATE),
        ],
      },
      {
        kind: 'chart',
        title: 'Time to make an answer',
        unit: 'ms',
        series: [
          own('responder', 'LatencyP50', 'Maximum', 'p50'),
          own('responder', 'LatencyP90', 'Maximum', 'p90'),
          own('responder', 'LatencyP99', 'Maximum', 'p99'),
        ],
      },
      {
        kind: 'chart',
        title: 'Errors and drops',
        unit: 'count',
        series: [
          own('responder', 'ServFail', 'Sum', 'SERVFAIL'),
          own('responder', 'Panics', 'Sum', 'defects'),
          own('responder', 'Dropped', 'Sum', 'dropped'),
          own('responder', 'SocketErrors', 'Sum', 'socket errors'),
          own('responder', 'WorkerDeaths', 'Sum', 'worker deaths'),
        ],
      },
      {
        kind: 'chart',
        title: 'Flows at the load balancer',
        unit: 'count',
        series: [
          balancer('ActiveFlowCount_UDP', 'Average', 'active, UDP'),
          balancer('ActiveFlowCount_TCP', 'Average', 'active, TCP'),
          balancer('ActiveFlowCount_TLS', 'Average', 'active, TLS'),
          balancer('NewFlowCount', 'Sum', 'new'),
        ],
      },
    ],
  },
  {
    title: 'Tasks of the responder',
    widgets: [
      {
        kind: 'chart',
        title: 'Questions of one task',
        unit: 'a second',
        series: [
          own('responder', 'QueriesPerTask', 'Maximum', 'busiest'),
          own('responder', 'QueriesPerTask', 'Average', 'average'),
        ],
        mark: ({ responder }) => responder && { label: 'another task is started', value: responder.queriesPerTask },
      },
      {
        kind: 'chart',
        title: 'Tasks that get questions',
        unit: 'tasks',
        series: [
          balancer('HealthyHostCount', 'Minimum', 'healthy, in one zone', { targets: true }),
          balancer('UnHealthyHostCount', 'Maximum', 'not healthy', { targets: true }),
        ],
      },
      {
        kind: 'chart',
        title: 'CPU of one task',
        unit: '% of a vCPU',
        series: [own('responder', 'Cpu', 'Maximum', 'busiest'), own('responder', 'Cpu', 'Average', 'average')],
      },
      {
        kind: 'chart',
        title: 'Memory of one task',
        unit: 'octets',
        series: [
          own('responder', 'ResidentMemory', 'Maximum', 'largest'),
          own('responder', 'ResidentMemory', 'Average', 'average'),
        ],
      },
      {
        kind: 'chart',
        title: 'Network of all tasks',
        unit: 'octets a second',
        series: [own('responder', 'NetworkIn', 'Sum', 'in', RATE), own('responder', 'NetworkOut', 'Sum', 'out', RATE)],
      },
      {
        kind: 'chart',
        title: 'Workers and connections of one task',
        unit: 'count',
        series: [
          own('responder', 'Workers', 'Minimum', 'workers, fewest'),
          own('responder', 'TcpConnections', 'Maximum', 'TCP connections, most'),
        ],
      },
      {
        kind: 'tasks',
        title: 'Each task, as of its last report',
        columns: {
          segment: 'LogPosition',
          age_s: 'CacheAge',
          names: 'Names',
          questions_per_s: 'QueriesPerTask',
          p99_ms: 'LatencyP99',
          cpu_percent: 'Cpu',
          memory_octets: 'ResidentMemory',
          octets_in: 'NetworkIn',
          octets_out: 'NetworkOut',
        },
      },
    ],
  },
  {
    title: 'From a write to its answer',
    widgets: [
      {
        kind: 'chart',
        title: 'Every write, until it was served',
        unit: 'ms',
        series: [
          own('responder', 'Propagation', 'Maximum', 'slowest task'),
          own('responder', 'Propagation', 'Average', 'average'),
          own('sequencer', 'LogDelay', 'Maximum', 'of it, until logged'),
        ],
      },
      {
        kind: 'chart',
        title: 'Probe',
        unit: 'ms',
        series: [
          own('probe', 'ProbeWriteTime', 'Maximum', 'registered'),
          own('probe', 'ProbeAnswer', 'Maximum', 'answered by the responder'),
          own('probe', 'ProbeRoute53', 'Maximum', 'in Route 53'),
        ],
      },
      {
        kind: 'chart',
        title: 'Change log',
        unit: 'segment',
        series: [
          own('sequencer', 'LogHead', 'Maximum', 'head'),
          own('responder', 'LogPosition', 'Maximum', 'foremost task'),
          own('responder', 'LogPosition', 'Minimum', 'last task'),
        ],
      },
      {
        kind: 'chart',
        title: 'Age of the data that is served',
        unit: 's',
        series: [own('responder', 'CacheAge', 'Maximum', 'oldest')],
      },
      {
        kind: 'chart',
        title: 'Age of the stream records that functions read',
        unit: 'ms',
        series: [lambda('IteratorAge', 'Maximum', ['sequencer', 'mirror-feed'])],
      },
      {
        kind: 'chart',
        title: 'Records and messages given up',
        unit: 'waiting in the queue',
        series: [givenUp],
      },
    ],
  },
  {
    title: 'Registrations',
    widgets: [
      {
        kind: 'chart',
        title: 'Requests by outcome',
        unit: 'count',
        stacked: true,
        series: [
          own('dynapi', 'Registered', 'Sum', 'registered'),
          own('dynapi', 'Withdrawn', 'Sum', 'withdrawn'),
          own('dynapi', 'Conflicts', 'Sum', 'conflict'),
          own('dynapi', 'Invalid', 'Sum', 'invalid'),
          own('dynapi', 'Denied', 'Sum', 'denied'),
          own('dynapi', 'Faults', 'Sum', 'fault'),
        ],
      },
      {
        kind: 'chart',
        title: 'Time of a write',
        unit: 'ms',
        series: [
          own('dynapi', 'WriteTime', 'p50', 'p50'),
          own('dynapi', 'WriteTime', 'p99', 'p99'),
          api('Latency', 'p99', 'p99 with the gateway'),
        ],
      },
      {
        kind: 'chart',
        title: 'Registrations under ids',
        unit: 'registrations',
        series: [own('leases', 'Registrations', 'Maximum', 'there are')],
      },
      {
        kind: 'chart',
        title: 'Requests about them',
        unit: 'count',
        series: [
          own('registrations', 'Requests', 'Sum', 'all'),
          own('registrations', 'Refused', 'Sum', 'refused'),
          own('registrations', 'Faults', 'Sum', 'failed'),
        ],
      },
      {
        kind: 'chart',
        title: 'Leases that ended',
        unit: 'count',
        series: [
          own('leases', 'Lapsed', 'Sum', 'not renewed'),
          own('leases', 'Faults', 'Sum', 'looks and sweeps that failed'),
          own('leases', 'MessagesUnreadable', 'Sum', 'messages dropped'),
        ],
      },
      {
        kind: 'chart',
        title: 'From the end of a lease until its records were gone',
        unit: 'ms',
        series: [own('leases', 'Lateness', 'p50', 'p50'), own('leases', 'Lateness', 'Maximum', 'latest')],
      },
      {
        kind: 'chart',
        title: 'Requests at the gateway',
        unit: 'count',
        series: [api('Count', 'Sum', 'all'), api('4xx', 'Sum', '4xx'), api('5xx', 'Sum', '5xx')],
      },
      {
        kind: 'chart',
        title: 'Tokens',
        unit: 'count',
        series: [
          own('authorizer', 'TokensAccepted', 'Sum', 'accepted'),
          own('authorizer', 'TokensRefused', 'Sum', 'refused'),
        ],
      },
      {
        kind: 'chart',
        title: 'Changes logged',
        unit: 'count',
        series: [
          own('sequencer', 'Changes', 'Sum', 'names changed'),
          own('sequencer', 'Segments', 'Sum', 'segments'),
          own('sequencer', 'HeadsLost', 'Sum', 'races lost'),
          own('sequencer', 'RecordsNotLogged', 'Sum', 'not logged'),
        ],
      },
      { kind: 'chart', title: 'Names', unit: 'names', series: [own('responder', 'Names', 'Maximum', 'served')] },
    ],
  },
  {
    title: 'Functions by their names',
    widgets: [
      {
        kind: 'chart',
        title: 'Calls by outcome',
        unit: 'count',
        series: [
          own('gateway', 'Requests', 'Sum', 'all'),
          own('gateway', 'Refused', 'Sum', 'of them refused'),
          own('gateway', 'Faults', 'Sum', 'of them failed'),
        ],
      },
      {
        kind: 'chart',
        title: 'Time of a call',
        unit: 'ms',
        series: [own('gateway', 'AnswerTime', 'p50', 'p50'), own('gateway', 'AnswerTime', 'p99', 'p99')],
      },
    ],
  },
  {
    title: 'Route 53 mirror',
    widgets: [
      {
        kind: 'chart',
        title: 'Lag',
        unit: 'ms',
        series: [
          own('mirror', 'MirrorLag', 'Maximum', 'until accepted'),
          own('mirror', 'MirrorWait', 'Maximum', 'oldest that waits'),
        ],
      },
      {
        kind: 'chart',
        title: 'Until all name servers have it',
        unit: 'ms',
        series: [own('mirror', 'InsyncDelay', 'Maximum', 'sampled')],
      },
      {
        kind: 'chart',
        title: 'Names that are not there yet',
        unit: 'names',
        series: [
          own('mirror', 'NamesPending', 'Maximum', 'waiting'),
          own('mirror', 'NamesQuarantined', 'Maximum', 'quarantined'),
        ],
      },
      {
        kind: 'chart',
        title: 'Batches',
        unit: 'count',
        series: [
          own('mirror', 'BatchNames', 'Average', 'names'),
          own('mirror', 'BatchValues', 'Average', 'values'),
          own('mirror', 'BatchSplits', 'Sum', 'halved'),
        ],
      },
      {
        kind: 'chart',
        title: 'Characters in a batch',
        unit: 'of 32,000',
        series: [own('mirror', 'BatchCharacters', 'Maximum', 'largest')],
      },
      {
        kind: 'chart',
        title: 'Requests to Route 53',
        unit: 'count',
        series: [
          own('mirror', 'Route53Requests', 'Sum', 'all'),
          own('mirror', 'Route53Throttled', 'Sum', 'throttled'),
          own('mirror', 'PriorRequestNotComplete', 'Sum', 'too early'),
          own('mirror', 'AnswersLost', 'Sum', 'answer lost'),
          own('mirror', 'HostedZoneFaults', 'Sum', 'hosted zone takes nothing'),
        ],
      },
      {
        kind: 'chart',
        title: 'What a reconcile found',
        unit: 'count',
        series: [
          own('mirror', 'DriftMissing', 'Maximum', 'deleted by somebody'),
          own('mirror', 'DriftChanged', 'Maximum', 'edited by somebody'),
          own('mirror', 'DriftUnmirrored', 'Maximum', 'overlooked'),
          own('mirror', 'ForeignRecordSets', 'Maximum', 'not ours'),
        ],
      },
      {
        kind: 'chart',
        title: 'Fed to the mirror',
        unit: 'count',
        series: [
          own('mirror-feed', 'NamesMarked', 'Sum', 'names'),
          own('mirror-feed', 'RecordsUnreadable', 'Sum', 'records unreadable'),
          own('mirror-api', 'Requests', 'Sum', 'questions about it'),
          own('mirror-api', 'Refused', 'Sum', 'of them refused'),
          own('mirror-api', 'Faults', 'Sum', 'of them failed'),
        ],
      },
    ],
  },
  {
    title: 'Function names',
    widgets: [
      {
        kind: 'chart',
        title: 'Names of functions',
        unit: 'names',
        series: [
          own('function-names', 'Published', 'Maximum', 'published'),
          own('function-names', 'Refused', 'Maximum', 'refused'),
        ],
      },
      {
        kind: 'chart',
        title: 'Changes of names of functions',
        unit: 'count',
        series: [
          own('function-names', 'Hints', 'Sum', 'functions looked at'),
          own('function-names', 'HintsUnreadable', 'Sum', 'events unreadable'),
          own('function-names', 'Registered', 'Sum', 'registered'),
          own('function-names', 'Withdrawn', 'Sum', 'withdrawn'),
          own('function-names', 'Faults', 'Sum', 'faults'),
          own('function-names', 'LambdaRetries', 'Sum', 'requests sent again'),
          own('function-names', 'Reconciles', 'Sum', 'reconciles'),
        ],
      },
    ],
  },
  {
    title: 'Functions',
    widgets: [
      { kind: 'chart', title: 'Failures', unit: 'count', series: [lambda('Errors', 'Sum')] },
      { kind: 'chart', title: 'Invocations', unit: 'count', series: [lambda('Invocations', 'Sum')] },
      { kind: 'chart', title: 'Duration, p99', unit: 'ms', series: [lambda('Duration', 'p99')] },
      { kind: 'chart', title: 'Throttled', unit: 'count', series: [lambda('Throttles', 'Sum', undefined, AWS)] },
      {
        kind: 'chart',
        title: 'Side by side',
        unit: 'invocations',
        series: [lambda('ConcurrentExecutions', 'Maximum', undefined, AWS)],
      },
      {
        kind: 'chart',
        title: 'Failed probes',
        unit: 'count',
        series: [own('probe', 'ProbeFailures', 'Sum', 'steps')],
      },
    ],
  },
  {
    title: 'What costs',
    widgets: [
      {
        kind: 'chart',
        title: 'DynamoDB: written',
        unit: 'units a second',
        stacked: true,
        series: [table('ConsumedWriteCapacityUnits', 'Sum', RATE)],
      },
      {
        kind: 'chart',
        title: 'DynamoDB: read',
        unit: 'units a second',
        stacked: true,
        series: [table('ConsumedReadCapacityUnits', 'Sum', RATE)],
      },
      {
        kind: 'chart',
        title: 'DynamoDB: throttled',
        unit: 'count',
        series: [
          table('WriteThrottleEvents', 'Sum', { label: 'writes' }),
          table('ReadThrottleEvents', 'Sum', { label: 'reads' }),
        ],
      },
      {
        kind: 'chart',
        title: 'Load balancer',
        unit: 'capacity units',
        series: [balancer('ConsumedLCUs', 'Maximum', 'consumed')],
      },
      {
        kind: 'chart',
        title: 'Estimated cost at list prices of us-east-1',
        unit: '$ a month',
        stacked: true,
        series: [],
        costs: costLines,
      },
    ],
  },
]
