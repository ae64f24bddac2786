import type { Principal } from '../access/model.ts'
import { principalOfArn, principalOfContext } from '../access/principal.ts'
import type { HttpEvent } from './event.ts'

/** Who sent a request, by the word of API Gateway; undefined where no authorizer stood before the function. */
export function callerOf({ requestContext: { authorizer } }: HttpEvent): Principal | undefined {
  const arn = authorizer?.iam?.userArn
  return arn === undefined ? principalOfContext(authorizer?.lambda?.principal) : principalOfArn(arn)
}
