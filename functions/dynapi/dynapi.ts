import middy from '@middy/core'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { PermissionsOf } from '../../shared/access/permissions.ts'
import { callerOf } from '../../shared/http/caller.ts'
import { bodyOf, type HttpEvent } from '../../shared/http/event.ts'
import type { Log } from '../../shared/http/log.ts'
import { NamingError } from '../../shared/records/faults.ts'
import type { Writable } from '../../shared/records/writable.ts'
import { answer, answerErrors } from './answer.ts'
import { operations, register, type Verb } from './register.ts'
import { route } from './route.ts'

/** The registration API, 2018 dialect of dynapi, over a store. */
export function createDynapi(writable: Writable, permissionsOf: PermissionsOf, log: Log) {
  return middy<HttpEvent, APIGatewayProxyStructuredResultV2>({ timeoutEarlyInMillis: 500, timeoutEarlyResponse })
    .use(answerErrors(log))
    .use(route('/dynapi', Object.keys(operations)))
    .handler(async (event) => {
      const verb = event.requestContext.http.method as Verb
      const writer = await permissionsOf(callerOf(event))
      return answer(log, event, await register(writable, writer, verb, bodyOf(event)))
    })
}

// ---------------------------------------------------------------------------

/** Answers while there still is time to, rather than be ended by Lambda without a word. */
function timeoutEarlyResponse(): never {
  throw new NamingError('unavailable')
}
