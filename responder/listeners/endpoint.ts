import { isIP, isIPv6 } from 'node:net'

/** An IP address and a port to listen on; port 0 is any free one. */
export interface Endpoint {
  readonly host: string
  readonly port: number
}

/** Reads `192.0.2.1:53` or `[2001:db8::1]:53`, and `localhost` for 127.0.0.1. Throws an Error that says what is wrong. */
export function parseEndpoint(text: string): Endpoint {
  const [, bracketed, plain, digits] = /^(?:\[(.*)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? []
  const host = bracketed ?? (plain === 'localhost' ? '127.0.0.1' : plain)
  if (host === undefined || digits === undefined) throw new Error(`"${text}" is not HOST:PORT`)
  if (isIP(host) !== (bracketed === undefined ? 4 : 6)) throw new Error(`"${text}": ${host} is not an IP address`)
  const port = Number(digits)
  if (port > 65535) throw new Error(`"${text}": ports end at 65535`)
  return { host, port }
}

export function formatEndpoint({ host, port }: Endpoint): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`
}

/** Why a port cannot be listened on, in words. */
export function listenError(endpoint: Endpoint, cause: NodeJS.ErrnoException): Error {
  const reason = REASONS[cause.code ?? ''] ?? cause.message
  return new Error(`cannot listen on ${formatEndpoint(endpoint)}: ${reason}`, { cause })
}

// ---------------------------------------------------------------------------

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is taken',
  EACCES: 'ports below 1024 need a privilege',
  EADDRNOTAVAIL: 'this machine does not have that address',
  EAFNOSUPPORT: 'this machine does not have that kind of address',
}
