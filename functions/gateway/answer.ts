import type { ALBEvent, Context } from 'aws-lambda'
import type { Log } from '../../shared/http/log.ts'
import type { Measure } from '../../shared/metrics/measure.ts'
import { NamingError } from '../../shared/records/faults.ts'
import { headersOf } from './request.ts'
import { type Response, respondJson } from './response.ts'

/** What became of a request: the response of a function, or why there is none. */
export type Outcome = { readonly response: Response } | { readonly error: unknown }

export interface Reporting {
  readonly log: Log
  readonly measure: Measure<'gateway'>
}

/**
 * The response to a request that took `ms`, its metrics, and a log line if the gateway answered itself: of refusals, only
 * those of callers who may not. What is in an error beside its code and message is for the log alone.
 */
export function answer(
  { log, measure }: Reporting,
  event: ALBEvent,
  { awsRequestId: requestId }: Pick<Context, 'awsRequestId'>,
  outcome: Outcome,
  ms: number,
): Response {
  measure('Requests', 1)
  measure('AnswerTime', ms)
  if ('response' in outcome) return outcome.response
  const { error } = outcome
  const response = respondError(error)
  const isFault = response.statusCode >= 500
  measure(isFault ? 'Faults' : 'Refused', 1)
  const code = error instanceof NamingError ? error.code : INTERNAL
  const host = headersOf(event).get('host')?.[0]
  const line = { outcome: code, verb: event.httpMethod, host, path: event.path, requestId }
  if (isFault) log.error('call', { ...line, error })
  else if (code === 'token_needed' || code === 'invoke_denied') log.info('call', line)
  return response
}

// ---------------------------------------------------------------------------

const INTERNAL = 'internal_error'

/** How a token is shown (RFC 6750 3, RFC 7617 2). */
const CHALLENGES = { 'www-authenticate': ['Bearer realm="namestream"', 'Basic realm="namestream", charset="UTF-8"'] }
const SOON = { 'retry-after': ['1'] }

function respondError(error: unknown): Response {
  if (!(error instanceof NamingError)) return respondJson(500, { code: INTERNAL, error: 'internal error' })
  const { status, code, message } = error
  const headers = { ...(status === 401 && CHALLENGES), ...(status === 503 && SOON) }
  return respondJson(status, { code, error: message }, headers)
}
