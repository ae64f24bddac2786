import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { MetricName } from '../../shared/metrics/catalogue.ts'
import type { FaultCode } from '../../shared/records/faults.ts'

type Headers = Readonly<Record<string, string>>
const json: Headers = { 'Content-Type': 'application/json' }
const plain: Headers = { 'Content-Type': 'text/plain; charset=utf-8' }
const nosniff: Headers = { ...plain, 'X-Content-Type-Options': 'nosniff' }

interface Response {
  readonly status: number
  readonly headers: Headers
  /** Where there is none, the body is a reason and a line feed. */
  readonly body?: string
  /** The metric that counts the requests answered so. */
  readonly metric: MetricName<'dynapi'>
}

/** Every response there is. */
const responses = {
  OK: { status: 200, headers: json, body: 'OK', metric: 'Registered' },
  NOZONE: { status: 400, headers: plain, body: 'Zone not found', metric: 'Invalid' },
  EXISTS: { status: 400, headers: plain, body: 'Record already exists', metric: 'Conflicts' },
  ABSENT: { status: 400, headers: plain, body: 'Record does not exist', metric: 'Conflicts' },
  BADTYPE: { status: 400, headers: nosniff, metric: 'Invalid' },
  BADDATA: { status: 400, headers: nosniff, metric: 'Invalid' },
  CONFLICT: { status: 400, headers: nosniff, metric: 'Conflicts' },
  BADJSON: { status: 500, headers: nosniff, metric: 'Invalid' }, // 500 is what the clients of this dialect know
  DENIED: { status: 403, headers: nosniff, metric: 'Denied' },
  NOPATH: { status: 404, headers: nosniff, body: '404 page not found\n', metric: 'Invalid' },
  METHOD: { status: 405, headers: {}, body: '', metric: 'Invalid' },
  TOOLARGE: { status: 413, headers: nosniff, metric: 'Invalid' },
  BUSY: { status: 503, headers: { ...nosniff, 'Retry-After': '1' }, metric: 'Faults' },
  INTERNAL: { status: 500, headers: nosniff, body: 'internal error\n', metric: 'Faults' },
} as const satisfies Readonly<Record<string, Response>>

export type ResponseName = keyof typeof responses

/** The response of that name; `reason` is the body of those that have none of their own. */
export function respond(name: ResponseName, reason = ''): APIGatewayProxyStructuredResultV2 {
  const { status, headers, body = `${reason}\n` }: Response = responses[name]
  return { statusCode: status, headers: { ...headers, 'Content-Length': String(Buffer.byteLength(body)) }, body }
}

/** The one metric that counts a request which was answered so. */
export function metricOf(name: ResponseName, verb: string): MetricName<'dynapi'> {
  return name === 'OK' && verb === 'DELETE' ? 'Withdrawn' : responses[name].metric
}

/** Which response says what a fault says. Those that a registration never meets are faults of ours. */
export const refusals: Readonly<Record<FaultCode, ResponseName>> = {
  invalid_json: 'BADJSON',
  invalid_name: 'BADDATA',
  invalid_record: 'BADDATA',
  unsupported_type: 'BADTYPE',
  zone_not_found: 'NOZONE',
  record_exists: 'EXISTS',
  record_not_found: 'ABSENT',
  record_conflict: 'CONFLICT',
  name_too_large: 'BADDATA',
  update_denied: 'DENIED',
  body_too_large: 'TOOLARGE',
  busy: 'BUSY',
  unavailable: 'BUSY',
  resource_not_found: 'NOPATH',
  method_not_allowed: 'METHOD',
  invalid_query: 'INTERNAL',
  name_not_found: 'INTERNAL',
  zone_not_mirrored: 'INTERNAL',
  walk_under_way: 'INTERNAL',
  registration_not_found: 'INTERNAL',
  registration_conflict: 'INTERNAL',
  invalid_host: 'INTERNAL',
  function_not_found: 'INTERNAL',
  token_needed: 'INTERNAL',
  invoke_denied: 'INTERNAL',
  function_busy: 'INTERNAL',
  function_failed: 'INTERNAL',
  function_unreachable: 'INTERNAL',
  function_timeout: 'INTERNAL',
  function_loop: 'INTERNAL',
  response_invalid: 'INTERNAL',
  response_too_large: 'INTERNAL',
}
