import { isIP } from 'node:net'
import type { Environment } from '../credentials.ts'

export interface Settings {
  readonly url: string
  readonly zone: string
  /** The whole owner name. */
  readonly name: string
  readonly token?: string
  /** Of the instance; absent: that of the ECS task, or the host name. */
  readonly id?: string
  /** IP addresses; none: what the container finds. */
  readonly addresses: readonly string[]
  /** Seconds. */
  readonly lease: number
  readonly ttl?: number
  /** What is told by an SRV record besides: `_http._tcp` at a port. */
  readonly service?: { readonly prefix: string; readonly port: number }
  readonly health?: Health
  /** Milliseconds between the withdrawal and the end of the command. */
  readonly drainMs: number
}

/** What is asked whether the command is well. */
export type Health = { readonly url: string } | { readonly host: string; readonly port: number }

export const USAGE = `usage: node namestream-register.mjs [--] [COMMAND [ARGUMENT...]]

Registers this container with Namestream while COMMAND runs; without one, until a signal. The environment says what:

  NAMESTREAM_URL      of the registration API
  NAMESTREAM_ZONE     the zone: example.org
  NAMESTREAM_NAME     the whole owner name: web.example.org
  NAMESTREAM_TOKEN    shown instead of signing with the credentials of AWS; COMMAND does not get it
  NAMESTREAM_LEASE    seconds, 5 to 86400 (30)
  NAMESTREAM_TTL      seconds that resolvers may keep the address (10)
  NAMESTREAM_ADDRESS  IP addresses, with commas (that of the ECS task, or of the first network interface)
  NAMESTREAM_ID       of this instance (that of the ECS task, or the host name)
  NAMESTREAM_PORT     a port, also told as SRV record at NAMESTREAM_SERVICE.NAMESTREAM_NAME
  NAMESTREAM_SERVICE  of that SRV record (_http._tcp)
  NAMESTREAM_HEALTH   a URL, a port or tcp://HOST:PORT: it is registered only while that answers
  NAMESTREAM_DRAIN    seconds between the withdrawal and the end of COMMAND (0)
`

/** Reads the environment. Throws an Error whose message says which variable is wrong, and shows no secret. */
export function readSettings(environment: Environment): Settings {
  const { NAMESTREAM_TOKEN: token, NAMESTREAM_ID: id } = environment
  if (id && !/^[A-Za-z0-9._:-]{1,64}$/.test(id))
    throw new Error('NAMESTREAM_ID must be [A-Za-z0-9._:-], up to 64 characters')
  const ttl = number('NAMESTREAM_TTL', 0, 2_147_483_647)
  const port = number('NAMESTREAM_PORT', 1, 65_535)
  const health = healthOf(environment.NAMESTREAM_HEALTH)
  const lease = number('NAMESTREAM_LEASE', 5, 86_400) ?? 30
  if (ttl !== undefined && ttl > lease) throw new Error('NAMESTREAM_TTL must not be longer than the lease')
  return {
    url: needed('NAMESTREAM_URL'),
    zone: needed('NAMESTREAM_ZONE'),
    name: needed('NAMESTREAM_NAME'),
    ...(token && { token }),
    ...(id && { id }),
    addresses: addressesOf(environment.NAMESTREAM_ADDRESS),
    lease,
    ...(ttl !== undefined && { ttl }),
    ...(port !== undefined && { service: { prefix: environment.NAMESTREAM_SERVICE || '_http._tcp', port } }),
    ...(health && { health }),
    drainMs: (number('NAMESTREAM_DRAIN', 0, 3_600) ?? 0) * 1_000,
  }

  function needed(variable: string): string {
    const text = environment[variable]
    if (!text) throw new Error(`${variable} is not set`)
    return text
  }

  function number(variable: string, least: number, most: number): number | undefined {
    const text = environment[variable]
    if (!text) return undefined
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= least && value <= most)) throw new Error(`${variable} must be a number from ${least} to ${most}`)
    return value
  }
}

// ---------------------------------------------------------------------------

function addressesOf(text = ''): readonly string[] {
  const addresses = text.split(/[\s,]+/).filter(Boolean)
  if (!addresses.every(isIP)) throw new Error('NAMESTREAM_ADDRESS must be IP addresses, with commas')
  return addresses
}

function healthOf(text: string | undefined): Health | undefined {
  if (!text) return undefined
  const wrong = () => new Error('NAMESTREAM_HEALTH must be a URL, a port or tcp://HOST:PORT')
  const address = /^\d+$/.test(text) ? `tcp://127.0.0.1:${text}` : text
  if (!URL.canParse(address)) throw wrong()
  const { protocol, hostname, port, pathname } = new URL(address)
  if (protocol === 'http:' || protocol === 'https:') return { url: address }
  if (protocol !== 'tcp:' || !port || pathname.length > 1) throw wrong()
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) }
}
