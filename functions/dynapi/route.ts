import type middy from '@middy/core'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { type HttpEvent, pathOf } from '../../shared/http/event.ts'
import { respond } from './responses.ts'

/** Lets one path and some verbs through; answers all else at once, before the body is looked at. */
export function route(path: string, verbs: readonly string[]): middy.MiddlewareObj<HttpEvent> {
  return {
    before: ({ event }): APIGatewayProxyStructuredResultV2 | undefined => {
      if (pathOf(event) !== path) return respond('NOPATH')
      if (!verbs.includes(event.requestContext.http.method)) return respond('METHOD')
    },
  }
}
