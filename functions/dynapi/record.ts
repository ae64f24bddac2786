import { formatAddress6, parseAddress4, parseAddress6 } from '../../shared/dns/address.ts'
import { formatName, isAtOrBelow, type Name, NameError, parseName } from '../../shared/dns/name.ts'
import { NamingError } from '../../shared/records/faults.ts'
import type { RecordRequest } from '../../shared/records/writable.ts'
import type { Body } from './body.ts'
import { quote } from './quote.ts'

/**
 * The record that a body asks for, in canonical form. Built from parsed labels and one address literal, never from
 * spliced zone-file text, so nothing a client sends can name another owner or a second record.
 * Throws NamingError `unsupported_type`, `invalid_name` or `invalid_record`, with the texts of the 2018 dialect.
 */
export function parseRecord(body: Body, zone: Name): RecordRequest {
  const type = parseType(body.type)
  const name = parseOwner(body.name, zone)
  const address = parseAddress(type, body)
  return { zone, name, type, address, ttl: parseTtl(body.TTL) }
}

// ---------------------------------------------------------------------------

const DEFAULT_TTL = 3600
const MAX_TTL = 0x7fffffff // RFC 2181 8

function parseType(type: string): 'A' | 'AAAA' {
  if (type === 'A' || type === 'AAAA') return type
  throw new NamingError('unsupported_type', `unsupported DNS record resource type: ${type}. Only A or AAAA are allowed`)
}

/** The full owner name of a name that is always relative: a final dot would be an empty label, `@` alone is the apex. */
function parseOwner(name: string, zone: Name): Name {
  if (name === '@') return zone
  const text = `${name}.${zone}`
  try {
    const owner = parseName(text)
    if (!isAtOrBelow(owner, parseName(zone))) throw new NameError('the name ends in the middle of an escape')
    return formatName(owner)
  } catch (cause) {
    if (!(cause instanceof NameError)) throw cause
    throw new NamingError('invalid_name', `dns: bad owner name: ${quote(text)} at line: 1:${octets(text) + 1}`, {
      cause,
    })
  }
}

/** The canonical form of an address of the family that the type has; an IPv4-mapped one is of neither (RFC 4291 2.5.5.2). */
function parseAddress(type: 'A' | 'AAAA', { name, zone, address }: Body): string {
  if (type === 'A' && parseAddress4(address) !== undefined) return address
  const six = type === 'AAAA' ? parseAddress6(address) : undefined
  const canonical = six && formatAddress6(six)
  if (canonical !== undefined && !canonical.includes('.')) return canonical
  const line = `${name}.${zone} IN ${type} ${address}`
  const shown = quote(address === '' ? '\n' : address)
  throw new NamingError('invalid_record', `dns: bad ${type} ${type}: ${shown} at line: 1:${octets(line)}`)
}

function parseTtl(ttl: number): number {
  if (ttl > MAX_TTL) throw new NamingError('invalid_record', `dns: bad TTL: ${ttl} is above ${MAX_TTL} (RFC 2181 8)`)
  return ttl === 0 ? DEFAULT_TTL : ttl
}

function octets(text: string): number {
  return Buffer.byteLength(text)
}
