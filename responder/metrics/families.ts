import { Rcode, Type } from '../../shared/dns/codes.ts'

/**
 * What is counted: by the workers, and propagation by the main thread. Names and labels are those of CoreDNS where the meaning is the same, so that its dashboards
 * fit; the project's own begin with `namestream_`. Each family has its place in a row of numbers, see `counters.ts`.
 */
export interface Family {
  readonly kind: 'counter' | 'gauge' | 'histogram'
  readonly name: string
  readonly help: string
  /** The label sets that are counted apart, as they stand in the text format. */
  readonly series: readonly string[]
  /** Upper bounds of the buckets of a histogram. */
  readonly bounds: readonly number[]
  readonly at: number
}

export const TRANSPORTS = ['udp', 'tcp', 'tls', 'https'] as const
export type Transport = (typeof TRANSPORTS)[number]
const SECURE_TRANSPORTS = ['tls', 'https'] as const
export type SecureTransport = (typeof SECURE_TRANSPORTS)[number]

/** Types counted by name; all others are counted together. OPT is asked for by nobody. */
const { OPT: _, ...TYPES } = Type
const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED', 'YXDOMAIN', 'YXRRSET', 'NXRRSET']
RCODES.push('NOTAUTH', 'NOTZONE', '11', '12', '13', '14', '15', 'BADVERS', 'BADCOOKIE')

const byTransport = TRANSPORTS.map((transport) => `proto="${transport}"`)
const bySecureTransport = SECURE_TRANSPORTS.map((transport) => `proto="${transport}"`)
const typeLabels = [...Object.keys(TYPES), 'other']
const sizeBounds = [0, 100, 200, 300, 400, 511, 1023, 2047, 4095, 8291, 16000, 32000, 48000, 64000]
const durationBounds = Array.from({ length: 16 }, (_, i) => 0.00025 * 2 ** i) // seconds, 0.25 ms to 8.192 s
const propagationBounds = [0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 10, 30, 60, 300, 3600] // seconds

/** Views that can be counted apart. */
export const MAX_VIEWS = 32
/** The series of `viewRequests` for clients that no view holds. */
export const NO_VIEW = 0

let rowLength = 0

export const requests = counter(
  'coredns_dns_requests_total',
  'Requests received.',
  byTransport.flatMap((transport) => typeLabels.map((type) => `${transport},type="${type}"`)),
)
export const dnssecRequests = counter('coredns_dns_do_requests_total', 'Requests with the DO bit.', byTransport)
export const responses = counter(
  'coredns_dns_responses_total',
  'Responses by rcode.',
  RCODES.map((rcode) => `rcode="${rcode}"`),
)
export const duration = histogram(
  'coredns_dns_request_duration_seconds',
  'Time to make a response.',
  [''],
  durationBounds,
)
export const requestSize = histogram('coredns_dns_request_size_bytes', 'Size of requests.', byTransport, sizeBounds)
export const responseSize = histogram('coredns_dns_response_size_bytes', 'Size of responses.', byTransport, sizeBounds)
export const panics = counter('coredns_panics_total', 'Faults of the server, answered with SERVFAIL.')
export const aclAllowed = counter('coredns_acl_allowed_requests_total', 'Requests that the access rules let pass.')
export const aclBlocked = counter('coredns_acl_blocked_requests_total', 'Requests refused by the access rules.')
export const aclFiltered = counter('coredns_acl_filtered_requests_total', 'Requests answered as if there were no data.')
export const aclDropped = counter('coredns_acl_dropped_requests_total', 'Requests left unanswered by the access rules.')
/** After NO_VIEW a series for each view, in the order of the settings, which have their names. */
export const viewRequests = counter(
  'namestream_view_requests_total',
  'Requests by view.',
  Array.from({ length: MAX_VIEWS + 1 }, (_, i) => `view="${i}"`),
)
/** A number for the names of the views that a row counts. It is for nobody else to see. */
export const viewsCounted = gauge('namestream_views_counted', 'Which views are counted.')
export const rateLimited = counter('namestream_rate_limited_total', 'Answers that were one too many for a client.', [
  'result="dropped"',
  'result="truncated"',
])
/** Series of `rateLimited`. */
export const RATE_DROPPED = 0
export const RATE_TRUNCATED = 1
export const logDropped = counter(
  'namestream_log_dropped_total',
  'Lines of the query log dropped because they were written too slowly.',
)
export const dropped = counter('namestream_dropped_total', 'Messages that got no answer.')
export const udpErrors = counter('namestream_udp_errors_total', 'Errors of UDP sockets.')
export const tcpConnections = gauge('namestream_tcp_connections', 'Open TCP connections, with TLS or without.')
export const tcpRejected = counter(
  'namestream_tcp_rejected_total',
  'TCP connections closed because there were too many.',
)
export const propagation = histogram(
  'namestream_propagation_seconds',
  'Time from a write until it was served here, of those that the change log brought.',
  [''],
  propagationBounds,
)
export const tlsHandshakes = counter(
  'namestream_tls_handshakes_total',
  'TLS handshakes that succeeded.',
  bySecureTransport,
)
export const tlsFailed = counter(
  'namestream_tls_handshakes_failed_total',
  'TLS handshakes that failed, took too long or were too many.',
  bySecureTransport,
)

export const families: readonly Family[] = [
  requests,
  dnssecRequests,
  responses,
  duration,
  requestSize,
  responseSize,
  panics,
  aclAllowed,
  aclBlocked,
  aclFiltered,
  aclDropped,
  viewRequests,
  rateLimited,
  logDropped,
  dropped,
  udpErrors,
  tcpConnections,
  tcpRejected,
  propagation,
  tlsHandshakes,
  tlsFailed,
]

/** Numbers in one row: what one thread counts. */
export const ROW_LENGTH = rowLength

/** Which series of `requests` counts a type. */
export function requestSeries(transport: Transport, type: number | undefined): number {
  const known = type === undefined ? undefined : typeSeries.get(type)
  return transportSeries(transport) * typeLabels.length + (known ?? typeLabels.length - 1)
}

/** Which series of `responses` counts an rcode. */
export function responseSeries(rcode: number): number {
  return rcode === Rcode.BADCOOKIE ? RCODES.length - 1 : Math.min(rcode, Rcode.BADVERS)
}

export function transportSeries(transport: Transport): number {
  return TRANSPORTS.indexOf(transport)
}

/** Which series of the handshakes counts a transport. */
export function handshakeSeries(transport: SecureTransport): number {
  return SECURE_TRANSPORTS.indexOf(transport)
}

// ---------------------------------------------------------------------------

const typeSeries: ReadonlyMap<number, number> = new Map(Object.values(TYPES).map((type, i) => [type, i]))

function counter(name: string, help: string, series: readonly string[] = ['']): Family {
  return place({ kind: 'counter', name, help, series, bounds: [] })
}

function gauge(name: string, help: string): Family {
  return place({ kind: 'gauge', name, help, series: [''], bounds: [] })
}

function histogram(name: string, help: string, series: readonly string[], bounds: readonly number[]): Family {
  return place({ kind: 'histogram', name, help, series, bounds })
}

function place(family: Omit<Family, 'at'>): Family {
  const placed = { ...family, at: rowLength }
  rowLength += family.series.length * seriesWidth(placed)
  return placed
}

/** Numbers that one series takes: a histogram has its buckets, the one above them, and the sum of its values. */
export function seriesWidth({ kind, bounds }: Omit<Family, 'at'>): number {
  return kind === 'histogram' ? bounds.length + 2 : 1
}

/** Which bucket of a histogram counts a value. */
export function bucketOf({ bounds }: Family, value: number): number {
  let bucket = 0
  while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket++
  return bucket
}
