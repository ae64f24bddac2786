import type middy from '@middy/core'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { callerOf } from '../../shared/http/caller.ts'
import type { HttpEvent } from '../../shared/http/event.ts'
import type { Log } from '../../shared/http/log.ts'
import { NamingError } from '../../shared/records/faults.ts'
import type { Outcome } from './register.ts'
import { refusals, respond } from './responses.ts'

/**
 * The response to a write, and one log line for it: who asked for what, never the body. An error that is no refusal is
 * told to the log and not to the client.
 */
export function answer(log: Log, event: HttpEvent, { zone, owner, error }: Outcome): APIGatewayProxyStructuredResultV2 {
  const refusal = error instanceof NamingError ? refusals[error.code] : 'INTERNAL'
  const response = error === undefined ? 'OK' : refusal
  const { http, requestId, authorizer } = event.requestContext
  const caller = authorizer?.iam?.userArn // with the session, which the principal goes without
  const line = { outcome: response, verb: http.method, zone, owner, principal: callerOf(event), caller, requestId }
  if (response === 'BUSY' || response === 'INTERNAL') log.error('write', { ...line, error })
  else log.info('write', line)
  return respond(response, error instanceof NamingError ? error.message : undefined)
}

/** Answers a write that an error ended on its way. */
export function answerErrors(log: Log): middy.MiddlewareObj<HttpEvent, APIGatewayProxyStructuredResultV2> {
  return { onError: ({ event, error }) => answer(log, event, { error }) }
}
