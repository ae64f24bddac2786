import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { invoke, type LocalFunction } from '../lambda.ts'
import { gatewayReply, type HttpReply } from './reply.ts'

/** What functions find of the caller where nobody is asked who they are. */
export const ANYBODY = { lambda: { principal: 'local' } }

/** What an authorizer made of a request: what functions find of the caller, or the answer that ends it. */
export type Authorized = { readonly authorizer: object } | { readonly refused: HttpReply }

/**
 * Asks a Lambda authorizer as an HTTP API does (payload 2.0, simple responses, the Authorization header as identity
 * source, nothing cached): without the header it is not asked. Rejects if it fails.
 */
export async function authorize(authorizer: LocalFunction, event: APIGatewayProxyEventV2): Promise<Authorized> {
  const { authorization } = event.headers
  if (!authorization) return { refused: gatewayReply(401, 'Unauthorized') }
  const { version, routeKey, rawPath, rawQueryString, headers, requestContext } = event
  const asked = { version, type: 'REQUEST', identitySource: [authorization], routeKey, rawPath, rawQueryString }
  const answer = await invoke(authorizer, { ...asked, headers, requestContext })
  const { isAuthorized, context } = answer as { isAuthorized?: unknown; context?: object }
  return isAuthorized === true ? { authorizer: { lambda: context ?? {} } } : { refused: gatewayReply(403, 'Forbidden') }
}
