import type middy from '@middy/core'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { callerOf } from '../../shared/http/caller.ts'
import type { HttpEvent } from '../../shared/http/event.ts'
import type { Log } from '../../shared/http/log.ts'
import type { Measure } from '../../shared/metrics/measure.ts'
import { codeOf, respondError } from './responses.ts'
import { methods, routeOf } from './route.ts'

type Middleware = middy.MiddlewareObj<HttpEvent, APIGatewayProxyStructuredResultV2>

/**
 * Counts every request, and has one log line for each POST to a path of the API: who asked for what. Of other requests only
 * faults are told.
 */
export function answerAndTell(log: Log, measure: Measure<'mirror-api'>): Middleware {
  return {
    after: ({ event }) => {
      measure('Requests', 1)
      if (event.requestContext.http.method === 'POST') log.info('mirror request', lineOf(event, 'OK'))
    },
    onError: ({ event, error }) => {
      const code = codeOf(error)
      const response = respondError(
        error,
        code === 'method_not_allowed' ? { Allow: methods[routeOf(event).resource] } : {},
      )
      const isFault = (response.statusCode ?? 500) >= 500
      measure('Requests', 1)
      measure(isFault ? 'Faults' : 'Refused', 1)
      const line = lineOf(event, code)
      if (isFault) log.error('mirror request', { ...line, error })
      else if (isPostOf(event, code)) log.info('mirror request', line)
      return response
    },
  }
}

// ---------------------------------------------------------------------------

function isPostOf(event: HttpEvent, code: string): boolean {
  const unrouted = code === 'resource_not_found' || code === 'method_not_allowed'
  return event.requestContext.http.method === 'POST' && !unrouted
}

function lineOf(event: HttpEvent, outcome: string) {
  const { http, requestId, authorizer } = event.requestContext
  const caller = authorizer?.iam?.userArn // with the session, which the principal goes without
  return { outcome, verb: http.method, path: event.rawPath, principal: callerOf(event), caller, requestId }
}
