import type { Principal } from './model.ts'

/** Text that names no principal; `message` says why, in words for the person who typed it. */
export class PrincipalError extends Error {
  override name = 'PrincipalError'
}

/**
 * The caller that API Gateway names by ARN; undefined for an ARN of another kind. A session counts as its role, and a role
 * goes without its path, which its sessions do not tell. Within an account names of roles are unique whatever the path.
 */
export function principalOfArn(arn: string): Principal | undefined {
  const { partition, service, account, kind = '', path = '' } = ARN.exec(arn)?.groups ?? {}
  if (account === undefined || arn.length > MAX_ARN) return undefined
  const named = resourceOf(`${service}:${kind}`, path.split('/'))
  if (named === undefined) return undefined
  const home = named.startsWith('federated-user/') ? 'sts' : 'iam'
  return `iam:arn:${partition}:${home}::${account}:${named}`
}

export function principalOfToken(id: string): Principal {
  return `token:${id}`
}

/** The caller that our authorizer or the local stack names; undefined for any other text. */
export function principalOfContext(text: unknown): Principal | undefined {
  if (text === 'local') return text
  return typeof text === 'string' && TOKEN.test(text) ? (text as Principal) : undefined
}

/** Reads what a grant may name: `iam:ARN`, `iam:arn:aws:iam::ACCOUNT:*`, `token:ID`. Throws PrincipalError. */
export function parsePrincipal(text: string): Principal {
  if (TOKEN.test(text) || WHOLE_ACCOUNT.test(text)) return text as Principal
  const principal = text.startsWith('iam:') ? principalOfArn(text.slice('iam:'.length)) : undefined
  if (principal !== undefined) return principal
  throw new PrincipalError(
    `${JSON.stringify(text)} is no principal: give iam:ARN with the ARN of a user or role, iam:arn:aws:iam::ACCOUNT:* for a whole account, or token:ID`,
  )
}

/** What grants call a caller: by its own name, and as one of its account. */
export function granteesOf(caller: Principal): readonly Principal[] {
  const [, partition, account] = /^iam:arn:([^:]+):(?:iam|sts)::(\d{12}):/.exec(caller) ?? []
  return account === undefined ? [caller] : [caller, `iam:arn:${partition}:iam::${account}:*`]
}

// ---------------------------------------------------------------------------

const MAX_ARN = 1_000 // octets; the longest path and name of IAM take 576
const TOKEN = /^token:[0-9a-f]{16}$/
const WHOLE_ACCOUNT = /^iam:arn:aws[a-z-]*:iam::\d{12}:\*$/
/** Printable characters but for the asterisk, which would look as if it stood for others. */
const ARN =
  /^arn:(?<partition>aws[a-z-]*):(?<service>iam|sts)::(?<account>\d{12}):(?<kind>root|[a-z-]+(?=\/))(?:\/(?<path>[!-)+-~]+))?$/

/** The resource of a principal's ARN; undefined where it is none that could sign a request. */
function resourceOf(kind: string, path: readonly string[]): string | undefined {
  const last = path.at(-1)
  const [first] = path
  if (kind === 'iam:root') return first === '' ? 'root' : undefined
  if (!first || !last) return undefined
  if (kind === 'iam:user') return `user/${path.join('/')}`
  if (kind === 'iam:role') return `role/${last}`
  if (kind === 'sts:assumed-role') return path.length === 2 ? `role/${first}` : undefined
  if (kind === 'sts:federated-user') return path.length === 1 ? `federated-user/${first}` : undefined
  return undefined
}
