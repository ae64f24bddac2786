import { canonicalName, type Name, NameError } from '../../shared/dns/name.ts'
import { NamingError } from '../../shared/records/faults.ts'

/**
 * The name that a request was sent to: its Host header in any letter case, without port, with or without the final dot.
 * Throws NamingError `invalid_host` if there is no such header, several, or one that is no name, and `function_not_found`
 * for an address in brackets.
 */
export function nameOfHost(headers: readonly string[]): Name {
  const [host = '', ...others] = headers
  if (others.length > 0 || host.length > MAX_HOST) throw new NamingError('invalid_host')
  if (IPV6.test(host)) throw new NamingError('function_not_found')
  const { name } = HOST.exec(host)?.groups ?? {}
  if (name === undefined) throw new NamingError('invalid_host')
  try {
    return canonicalName(name)
  } catch (cause) {
    if (cause instanceof NameError) throw new NamingError('invalid_host', undefined, { cause })
    throw cause
  }
}

// ---------------------------------------------------------------------------

const MAX_HOST = 260 // a name of 253 characters, its final dot, a port
const HOST = /^(?<name>[\w-]+(?:\.[\w-]+)*\.?)(?::\d{1,5})?$/
const IPV6 = /^\[[\da-f:.]+\](?::\d{1,5})?$/i
