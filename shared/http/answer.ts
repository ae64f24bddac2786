import type middy from '@middy/core'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { NamingError } from '../records/faults.ts'
import { callerOf } from './caller.ts'
import type { HttpEvent } from './event.ts'
import type { Log } from './log.ts'
import { codeOf, respondError } from './respond.ts'

export interface AnswerAndTellOptions {
  readonly log: Log
  readonly measure: (name: 'Requests' | 'Refused' | 'Faults', value: number) => void
  /** What the log lines are called. */
  readonly message: string
  /** Methods that are told where they succeed. What is refused is told of all that change something, faults of all. */
  readonly told: readonly string[]
  /** The methods that the path of a request takes. */
  readonly methodsAt: (event: HttpEvent) => readonly string[]
}

type Middleware = middy.MiddlewareObj<HttpEvent, APIGatewayProxyStructuredResultV2>

/** Makes the answer of an error, counts every request, and has one log line for those that are told: who asked for what. */
export function answerAndTell({ log, measure, message, told, methodsAt }: AnswerAndTellOptions): Middleware {
  return {
    after: ({ event }) => {
      measure('Requests', 1)
      if (told.includes(event.requestContext.http.method)) log.info(message, lineOf(event, 'OK'))
    },
    onError: ({ event, error }) => {
      const code = codeOf(error)
      const response = respondError(error, code === 'method_not_allowed' ? { Allow: methodsAt(event).join(', ') } : {})
      const isFault = (response.statusCode ?? 500) >= 500
      measure('Requests', 1)
      measure(isFault ? 'Faults' : 'Refused', 1)
      const line = lineOf(event, code)
      if (isFault) log.error(message, { ...line, error })
      else if (event.requestContext.http.method !== 'GET' && !UNROUTED.includes(code)) log.info(message, line)
      return response
    },
  }
}

/** What middy is to do where the time runs out: answer while there still is time to, rather than be ended without a word. */
export const TIMEOUT = {
  timeoutEarlyInMillis: 500,
  timeoutEarlyResponse(): never {
    throw new NamingError('unavailable')
  },
}

// ---------------------------------------------------------------------------

const UNROUTED = ['resource_not_found', 'method_not_allowed']

function lineOf(event: HttpEvent, outcome: string) {
  const { http, requestId, authorizer } = event.requestContext
  const caller = authorizer?.iam?.userArn // with the session, which the principal goes without
  return { outcome, verb: http.method, path: event.rawPath, principal: callerOf(event), caller, requestId }
}
