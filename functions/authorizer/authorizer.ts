import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda'
import { tokenOf } from '../../shared/access/credentials.ts'
import type { Principal } from '../../shared/access/model.ts'
import type { AccessStore } from '../../shared/access/ports.ts'
import { principalOfToken } from '../../shared/access/principal.ts'
import { isValid } from '../../shared/access/tokens.ts'
import type { Log } from '../../shared/http/log.ts'
import type { Measure } from '../../shared/metrics/measure.ts'

/** A simple response of a Lambda authorizer; the context is what functions find in `requestContext.authorizer.lambda`. */
export interface Verdict {
  readonly isAuthorized: boolean
  readonly context?: { readonly principal: Principal }
}

export interface AuthorizerParts {
  readonly store: Pick<AccessStore, 'token'>
  readonly now: () => number
  readonly log: Log
  readonly measure: Measure<'authorizer'>
}

/**
 * Lets in who shows a token that is valid now, whatever is asked for: what the token may do, the functions look up. Rejects
 * if the store cannot be asked, and API Gateway then answers 500. Of what was shown, only the id of a token is logged.
 */
export function createAuthorizer({ store, now, log, measure }: AuthorizerParts) {
  return async ({ identitySource, requestContext }: AuthorizerEvent): Promise<Verdict> => {
    const [header = '', ...others] = identitySource ?? []
    const shown = others.length === 0 ? tokenOf(header) : undefined
    const { requestId } = requestContext
    if (shown === undefined) return refuse({ reason: 'no token', requestId })
    const { id, secret } = shown
    if (!isValid(await store.token(id), secret, now())) return refuse({ reason: 'not valid', token: id, requestId })
    measure('TokensAccepted', 1)
    return { isAuthorized: true, context: { principal: principalOfToken(id) } }
  }

  function refuse(why: Record<string, unknown>): Verdict {
    measure('TokensRefused', 1)
    log.info('refused', why)
    return { isAuthorized: false }
  }
}

/** What of the event is looked at. */
export interface AuthorizerEvent {
  /** The Authorization header; null or absent where there was none and API Gateway let that through. */
  readonly identitySource?: APIGatewayRequestAuthorizerEventV2['identitySource'] | null
  readonly requestContext: Pick<APIGatewayRequestAuthorizerEventV2['requestContext'], 'requestId'>
}
