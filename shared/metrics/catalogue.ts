/** CloudWatch's units, as far as they are used here. */
export type Unit = 'Count' | 'Count/Second' | 'Milliseconds' | 'Seconds' | 'Bytes' | 'Percent' | 'None'

export interface MetricDefinition {
  readonly unit: Unit
  /** What it tells, for the documentation. */
  readonly tells: string
}

/** The namespace of all metrics of the project in CloudWatch. */
export const NAMESPACE = 'Namestream'

/** The dimension that each metric has; those of the mirror have `zone` as well. */
export const SERVICE = 'service'
export const ZONE = 'zone'

/**
 * All metrics there are, by the service that writes them. Each is one series whatever the number of tasks and callers,
 * for each set of dimensions costs $0.30 a month; those of the mirror are one for each zone.
 */
export const catalogue = {
  dynapi: {
    Registered: { unit: 'Count', tells: 'registrations that were stored, or there already: POST, PUT, PATCH' },
    Withdrawn: { unit: 'Count', tells: 'records that were deleted' },
    Conflicts: { unit: 'Count', tells: 'writes refused for what is registered: there already, not there, CNAME' },
    Invalid: { unit: 'Count', tells: 'requests that could not be understood, or are about no zone served' },
    Denied: { unit: 'Count', tells: 'writes that the caller may not make' },
    Faults: { unit: 'Count', tells: 'requests that failed through no fault of the caller: store away, defects' },
    WriteTime: {
      unit: 'Milliseconds',
      tells: 'from the request to its outcome, of each write that was stored or refused for what is registered',
    },
  },
  registrations: {
    Requests: { unit: 'Count', tells: 'requests about registrations, those refused and failed among them' },
    Refused: { unit: 'Count', tells: 'requests that were refused' },
    Faults: { unit: 'Count', tells: 'requests that failed through no fault of the caller' },
  },
  leases: {
    Registrations: { unit: 'Count', tells: 'each minute: registrations there are' },
    Lapsed: { unit: 'Count', tells: 'leases that ended because nobody renewed them' },
    Lateness: { unit: 'Milliseconds', tells: 'from the end of a lease until its records were taken away' },
    MessagesUnreadable: { unit: 'Count', tells: 'messages of the timer that could not be read, and were dropped' },
    Faults: { unit: 'Count', tells: 'looks at a lease, and sweeps, that failed and come again' },
  },
  sequencer: {
    Segments: { unit: 'Count', tells: 'segments appended to the change log' },
    Changes: { unit: 'Count', tells: 'changes of names in them' },
    LogHead: { unit: 'None', tells: 'number of the last segment' },
    LogDelay: { unit: 'Milliseconds', tells: 'from a write until it stood in the change log, longest of a segment' },
    HeadsLost: { unit: 'Count', tells: 'times that another appender was faster' },
    RecordsNotLogged: { unit: 'Count', tells: 'batches that ended at a record that could not be logged' },
  },
  'mirror-feed': {
    NamesMarked: { unit: 'Count', tells: 'names that the mirror was told to look at' },
    RecordsUnreadable: { unit: 'Count', tells: 'records of the change log that could not be read' },
  },
  mirror: {
    MirrorLag: { unit: 'Milliseconds', tells: 'from the change log until Route 53 accepted, longest of a batch' },
    MirrorWait: { unit: 'Milliseconds', tells: 'each minute: how long the oldest name waits' },
    NamesPending: { unit: 'Count', tells: 'each minute: names that wait' },
    NamesQuarantined: { unit: 'Count', tells: 'each minute: names of which Route 53 refuses something' },
    Route53Requests: { unit: 'Count', tells: 'requests to Route 53' },
    Route53Throttled: { unit: 'Count', tells: 'requests that Route 53 throttled' },
    PriorRequestNotComplete: { unit: 'Count', tells: 'requests that came before an earlier one was done' },
    AnswersLost: { unit: 'Count', tells: 'requests whose answer was lost' },
    BatchNames: { unit: 'Count', tells: 'names in a batch' },
    BatchValues: { unit: 'Count', tells: 'values in a batch, as Route 53 counts them' },
    BatchCharacters: { unit: 'Count', tells: 'characters in a batch, as Route 53 counts them' },
    BatchSplits: { unit: 'Count', tells: 'refused batches that were halved' },
    Quarantined: { unit: 'Count', tells: 'RRsets that Route 53 has come to refuse' },
    HostedZoneFaults: { unit: 'Count', tells: 'times that a hosted zone took nothing' },
    DriftMissing: { unit: 'Count', tells: 'of each reconcile: RRsets that somebody had deleted' },
    DriftChanged: { unit: 'Count', tells: 'of each reconcile: RRsets that somebody had edited' },
    DriftUnmirrored: { unit: 'Count', tells: 'of each reconcile: names that had been overlooked' },
    ForeignRecordSets: { unit: 'Count', tells: 'of each reconcile and adoption: record sets that are not ours' },
    InsyncDelay: { unit: 'Milliseconds', tells: 'until a change was on all name servers, sampled' },
  },
  'mirror-api': {
    Requests: { unit: 'Count', tells: 'requests about the mirror, those refused and failed among them' },
    Refused: { unit: 'Count', tells: 'requests that were refused' },
    Faults: { unit: 'Count', tells: 'requests that failed through no fault of the caller' },
  },
  gateway: {
    Requests: { unit: 'Count', tells: 'requests to functions by their names, those refused and failed among them' },
    Refused: { unit: 'Count', tells: 'requests that were refused: no such function, no token, no grant, too large' },
    Faults: {
      unit: 'Count',
      tells: 'requests without an answer of the function: it failed, took too long, has no room',
    },
    AnswerTime: { unit: 'Milliseconds', tells: 'from the request to its answer, that of the function included' },
  },
  authorizer: {
    TokensAccepted: { unit: 'Count', tells: 'requests with a valid token' },
    TokensRefused: { unit: 'Count', tells: 'requests whose Authorization header holds none, or one that is not valid' },
  },
  'function-names': {
    Published: { unit: 'Count', tells: 'of each reconcile: functions, aliases and versions that have a name' },
    Refused: {
      unit: 'Count',
      tells: 'of each reconcile: those that cannot have theirs, with a line in the log for each',
    },
    Reconciles: { unit: 'Count', tells: 'reconciles that came to their end' },
    Registered: { unit: 'Count', tells: 'names that were written' },
    Withdrawn: { unit: 'Count', tells: 'names that were taken away' },
    Hints: { unit: 'Count', tells: 'functions that were looked at because an event named them' },
    HintsUnreadable: { unit: 'Count', tells: 'events about no function here' },
    Faults: { unit: 'Count', tells: 'functions that could not be read, and names that could not be written' },
    LambdaRetries: { unit: 'Count', tells: "requests to Lambda's API that were sent again: throttled, or no answer" },
  },
  zones: {
    ZonesServed: { unit: 'Count', tells: 'at a deployment: zones of the settings' },
    ZonesMirrored: { unit: 'Count', tells: 'at a deployment: those with a hosted zone' },
  },
  probe: {
    ProbeWriteTime: { unit: 'Milliseconds', tells: 'until the registration of the probe was acknowledged' },
    ProbeAnswer: { unit: 'Milliseconds', tells: 'from the acknowledgement until the responder answered it' },
    ProbeRoute53: { unit: 'Milliseconds', tells: 'from the acknowledgement until Route 53 had it' },
    ProbeFailures: { unit: 'Count', tells: 'steps of a probe that failed or took too long; 0 if all is well' },
  },
  responder: {
    Queries: { unit: 'Count', tells: 'questions' },
    QueriesPerTask: { unit: 'Count/Second', tells: 'questions a second of one task; scaling follows it' },
    QueriesA: { unit: 'Count', tells: 'questions for A' },
    QueriesAAAA: { unit: 'Count', tells: 'questions for AAAA' },
    QueriesOther: { unit: 'Count', tells: 'questions for other types' },
    NoError: { unit: 'Count', tells: 'answers NOERROR' },
    NxDomain: { unit: 'Count', tells: 'answers NXDOMAIN' },
    ServFail: { unit: 'Count', tells: 'answers SERVFAIL' },
    Refused: { unit: 'Count', tells: 'answers REFUSED' },
    OtherRcodes: { unit: 'Count', tells: 'answers with another rcode' },
    LatencyP50: { unit: 'Milliseconds', tells: 'half of the answers were made within it (bound of a bucket)' },
    LatencyP90: { unit: 'Milliseconds', tells: '90 % of the answers were made within it' },
    LatencyP99: { unit: 'Milliseconds', tells: '99 % of the answers were made within it' },
    Propagation: {
      unit: 'Milliseconds',
      tells: 'from a write until this task served it, longest since the last report',
    },
    CacheAge: { unit: 'Seconds', tells: 'since it was last known that nothing newer exists' },
    LogPosition: { unit: 'None', tells: 'number of the last segment of the change log that is served' },
    Names: { unit: 'Count', tells: 'names in memory' },
    Dropped: { unit: 'Count', tells: 'messages that DNS demands no answer to' },
    SocketErrors: {
      unit: 'Count',
      tells: 'errors of UDP sockets, datagrams that came too fast, and TCP connections refused for being too many',
    },
    Panics: { unit: 'Count', tells: 'defects met while answering, told as SERVFAIL' },
    TcpConnections: { unit: 'Count', tells: 'open TCP connections' },
    Workers: { unit: 'Count', tells: 'workers that answer, of a task that serves' },
    WorkerDeaths: { unit: 'Count', tells: 'threads that died and were replaced' },
    Cpu: { unit: 'Percent', tells: 'processor time of the task; 100 is one vCPU' },
    ResidentMemory: { unit: 'Bytes', tells: 'resident memory of the task' },
    NetworkIn: { unit: 'Bytes', tells: 'octets that the task received' },
    NetworkOut: { unit: 'Bytes', tells: 'octets that the task sent' },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, MetricDefinition>>>>

export type Service = keyof typeof catalogue

/** The metrics of one service. */
export type MetricName<S extends Service> = keyof (typeof catalogue)[S] & string

/** A metric of one service and its definition, for who knows both by name only. */
export function definitionOf(service: Service, name: string): MetricDefinition | undefined {
  const metrics: Readonly<Record<string, MetricDefinition>> = catalogue[service]
  return metrics[name]
}
