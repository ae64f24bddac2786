import type { APIGatewayEventRequestContextV2, APIGatewayProxyEventV2WithRequestContext } from 'aws-lambda'
import { NamingError } from '../records/faults.ts'

/** An HTTP API event (payload format 2.0), with what the authorizer of its route says of the caller: IAM, or our own. */
export type HttpEvent = APIGatewayProxyEventV2WithRequestContext<
  APIGatewayEventRequestContextV2 & {
    readonly authorizer?: {
      readonly iam?: { readonly userArn?: string }
      readonly lambda?: { readonly principal?: unknown }
    }
  }
>

/** The path of a request without the stage, which stands before it unless it is the default stage. */
export function pathOf({ rawPath, requestContext: { stage } }: HttpEvent): string {
  return stage !== '$default' && rawPath.startsWith(`/${stage}/`) ? rawPath.slice(stage.length + 1) : rawPath
}

/** The octets of the body, empty without one; throws NamingError `body_too_large`. Content-Type does not matter. */
export function bodyOf({ body = '', isBase64Encoded }: HttpEvent): Uint8Array {
  const octets = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')
  if (octets.length > MAX_BODY) throw new NamingError('body_too_large', `the body is over ${MAX_BODY} octets`)
  return octets
}

// ---------------------------------------------------------------------------

const MAX_BODY = 64 * 1024 // octets
