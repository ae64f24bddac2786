import middy from '@middy/core'
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda'
import type { PermissionsOf } from '../../shared/access/permissions.ts'
import { TIMEOUT } from '../../shared/http/answer.ts'
import { callerOf } from '../../shared/http/caller.ts'
import { bodyOf, type HttpEvent } from '../../shared/http/event.ts'
import type { Writable } from '../../shared/records/writable.ts'
import { answer, type Reporting } from './answer.ts'
import { type Outcome, operations, register, type Verb } from './register.ts'
import { route } from './route.ts'

export interface DynapiParts extends Reporting {
  readonly writable: Writable
  readonly permissionsOf: PermissionsOf
  /** Milliseconds of a clock that is never set. */
  readonly now: () => number
}

/** The registration API, 2018 dialect of dynapi, over a store. */
export function createDynapi({ writable, permissionsOf, now, ...reporting }: DynapiParts) {
  const carryOut = middy<HttpEvent, Outcome>(TIMEOUT)
    .use(route('/dynapi', Object.keys(operations)))
    .handler(async (event) => {
      const verb = event.requestContext.http.method as Verb
      const writer = await permissionsOf(callerOf(event))
      return register(writable, writer, verb, bodyOf(event))
    })

  return async (event: HttpEvent, context: Context): Promise<APIGatewayProxyStructuredResultV2> => {
    const began = now()
    const outcome = await carryOut(event, context).catch((error: unknown): Outcome => ({ error }))
    return answer(reporting, event, outcome, now() - began)
  }
}
