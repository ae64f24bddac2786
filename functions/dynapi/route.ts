import type middy from '@middy/core'
import { type HttpEvent, pathOf } from '../../shared/http/event.ts'
import { NamingError } from '../../shared/records/faults.ts'

/** Lets one path and some verbs through; throws for all else, before the body is looked at. */
export function route(path: string, verbs: readonly string[]): middy.MiddlewareObj<HttpEvent> {
  return {
    before: ({ event }) => {
      if (pathOf(event) !== path) throw new NamingError('resource_not_found')
      if (!verbs.includes(event.requestContext.http.method)) throw new NamingError('method_not_allowed')
    },
  }
}
