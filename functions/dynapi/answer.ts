import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { callerOf } from '../../shared/http/caller.ts'
import type { HttpEvent } from '../../shared/http/event.ts'
import type { Log } from '../../shared/http/log.ts'
import type { Measure } from '../../shared/metrics/measure.ts'
import { NamingError } from '../../shared/records/faults.ts'
import type { Outcome } from './register.ts'
import { metricOf, type ResponseName, refusals, respond } from './responses.ts'

/** Where it is told what became of the requests. */
export interface Reporting {
  readonly log: Log
  readonly measure: Measure<'dynapi'>
}

/**
 * The response to a request that took `ms`, its metrics, and one log line if it is a write: who asked for what, never the
 * body. An error that is no refusal is told to the log and not to the client.
 */
export function answer(
  { log, measure }: Reporting,
  event: HttpEvent,
  { zone, owner, error }: Outcome,
  ms: number,
): APIGatewayProxyStructuredResultV2 {
  const response = responseTo(error)
  const { http, requestId, authorizer } = event.requestContext
  const metric = metricOf(response, http.method)
  measure(metric, 1)
  const decided = owner !== undefined && metric !== 'Denied' && metric !== 'Faults'
  if (decided) measure('WriteTime', ms)

  const caller = authorizer?.iam?.userArn // with the session, which the principal goes without
  const line = { outcome: response, verb: http.method, zone, owner, principal: callerOf(event), caller, requestId }
  if (metric === 'Faults') log.error('write', { ...line, error })
  else if (response !== 'NOPATH' && response !== 'METHOD') log.info('write', line)
  return respond(response, error instanceof NamingError ? error.message : undefined)
}

// ---------------------------------------------------------------------------

function responseTo(error: unknown): ResponseName {
  if (error === undefined) return 'OK'
  return error instanceof NamingError ? refusals[error.code] : 'INTERNAL'
}
