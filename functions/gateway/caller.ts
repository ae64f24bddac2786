import { tokenOf } from '../../shared/access/credentials.ts'
import type { Principal } from '../../shared/access/model.ts'
import type { PermissionsOf } from '../../shared/access/permissions.ts'
import type { AccessStore } from '../../shared/access/ports.ts'
import { principalOfToken } from '../../shared/access/principal.ts'
import { isValid } from '../../shared/access/tokens.ts'
import { NamingError } from '../../shared/records/faults.ts'
import type { Now } from '../../shared/records/ports.ts'
import type { Published } from './functions.ts'

export interface CallerParts {
  readonly tokens: Pick<AccessStore, 'token'>
  readonly permissionsOf: PermissionsOf
  readonly now: Now
}

/**
 * Who calls a function that wants a token, by the Authorization headers; undefined where anybody may. Throws NamingError
 * `token_needed` without a valid token, `invoke_denied` where no grant allows it, and `unavailable`.
 */
export async function callerOf(
  { tokens, permissionsOf, now }: CallerParts,
  { auth, zone, name }: Published,
  [header = '', ...others]: readonly string[],
): Promise<Principal | undefined> {
  if (auth === 'none') return undefined
  const shown = others.length === 0 ? tokenOf(header) : undefined
  if (shown === undefined) throw new NamingError('token_needed')
  if (!isValid(await tokens.token(shown.id), shown.secret, now())) throw new NamingError('token_needed')
  const principal = principalOfToken(shown.id)
  const permissions = await permissionsOf(principal).catch(denied)
  if (permissions.mayInvoke(zone, name)) return principal
  throw new NamingError('invoke_denied')
}

// ---------------------------------------------------------------------------

/** Who may do nothing at all may not call functions either. */
function denied(error: unknown): never {
  const nothing = error instanceof NamingError && error.code === 'update_denied'
  throw nothing ? new NamingError('invoke_denied', undefined, { cause: error }) : error
}
