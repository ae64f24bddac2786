import middy from '@middy/core'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { NamingError } from '../../shared/records/faults.ts'
import type { Writable } from '../../shared/records/ports.ts'
import { answer, type Log } from './answer.ts'
import { bodyOf, type HttpEvent } from './event.ts'
import { type Outcome, operations, register, type Verb } from './register.ts'
import { route } from './route.ts'

/** The registration API, 2018 dialect of dynapi, over a store. */
export function dynapi(writable: Writable, log: Log) {
  return middy<HttpEvent, Outcome | APIGatewayProxyStructuredResultV2>({
    timeoutEarlyInMillis: 500,
    timeoutEarlyResponse,
  })
    .use(answer(log))
    .use(route('/dynapi', Object.keys(operations)))
    .handler((event) => register(writable, event.requestContext.http.method as Verb, bodyOf(event)))
}

// ---------------------------------------------------------------------------

/** Answers while there still is time to, rather than be ended by Lambda without a word. */
function timeoutEarlyResponse(): never {
  throw new NamingError('unavailable')
}
