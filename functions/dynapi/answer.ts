import type middy from '@middy/core'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { NamingError } from '../../shared/records/faults.ts'
import type { HttpEvent } from './event.ts'
import type { Outcome } from './register.ts'
import { refusals, respond } from './responses.ts'

/** Where the log lines go. */
export interface Log {
  info(message: string, fields: Record<string, unknown>): void
  error(message: string, fields: Record<string, unknown>): void
}

/**
 * Turns what became of a write, or any error on the way, into the response, and logs one line for it: who asked for
 * what, never the body. An error that is no refusal is logged whole and shown to nobody.
 */
export function answer(log: Log): middy.MiddlewareObj<HttpEvent, Outcome | APIGatewayProxyStructuredResultV2> {
  return {
    after: (request) => {
      request.response = conclude(log, request.event, request.response as Outcome)
    },
    onError: (request) => conclude(log, request.event, { error: request.error }),
  }
}

// ---------------------------------------------------------------------------

function conclude(log: Log, event: HttpEvent, { zone, owner, error }: Outcome): APIGatewayProxyStructuredResultV2 {
  const refusal = error instanceof NamingError ? refusals[error.code] : 'INTERNAL'
  const response = error === undefined ? 'OK' : refusal
  const { http, requestId, authorizer } = event.requestContext
  const line = { outcome: response, verb: http.method, zone, owner, caller: authorizer?.iam?.userArn, requestId }
  if (response === 'BUSY' || response === 'INTERNAL') log.error('write', { ...line, error })
  else log.info('write', line)
  return respond(response, error instanceof NamingError ? error.message : undefined)
}
