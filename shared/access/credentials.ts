import { parseToken, type ShownToken } from './tokens.ts'

/**
 * The token in an Authorization header: as `Bearer TOKEN` (RFC 6750 2.1), or as the password of `Basic` with any user name
 * (RFC 7617 2), which is what clients make of `https://any:TOKEN@host`. Undefined for whatever else it may hold.
 */
export function tokenOf(header: string): ShownToken | undefined {
  if (header.length > MAX_HEADER) return undefined
  const { scheme, credentials = '' } = HEADER.exec(header)?.groups ?? {}
  switch (scheme?.toLowerCase()) {
    case 'bearer':
      return parseToken(credentials)
    case 'basic':
      return parseToken(passwordOf(credentials))
    default:
      return undefined
  }
}

// ---------------------------------------------------------------------------

const MAX_HEADER = 1_024 // characters; a token takes 64, the rest is for long user names
const HEADER = /^(?<scheme>bearer|basic) +(?<credentials>[^ ]+)$/i
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/

/** The user name ends at the first colon. Empty for what is no pair of user name and password. */
function passwordOf(credentials: string): string {
  if (!BASE64.test(credentials)) return ''
  const [, password = ''] = /^[^:]*:(.*)$/s.exec(Buffer.from(credentials, 'base64').toString('latin1')) ?? []
  return password
}
