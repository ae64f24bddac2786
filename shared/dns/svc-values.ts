import { formatAddress6, parseAddress4, parseAddress6 } from './address.ts'
import { formatString } from './character-string.ts'
import { RdataError } from './rdata-fields.ts'
import { shown } from './words.ts'

/** How the value of a parameter of SVCB and HTTPS is written. Both throw RdataError where a value is not valid. */
interface SvcValue {
  /** Wire form, from the octets of the presentation form with escapes resolved. */
  parse(value: Uint8Array): Uint8Array
  /** Presentation form, with quotes where they are needed; empty where there is no value. */
  format(value: Uint8Array): string
}

export const MANDATORY = 0
export const ALPN = 1
export const NO_DEFAULT_ALPN = 2
/** Stands for no key (RFC 9460 14.3.2). */
export const INVALID_KEY = 0xffff

/** How values of `key` are written: any octets where the key is not known (RFC 9460 7, RFC 9461 5, RFC 9540 4). */
export function svcValue(key: number): SvcValue {
  return values[key] ?? opaque
}

export function keyName(key: number): string {
  return names[key] ?? `key${key}`
}

/** The key of `alpn` or `key667`. Throws RdataError. */
export function keyNumber(name: string): number {
  const named = names.indexOf(name)
  if (named !== -1) return named
  const digits = /^key(0|[1-9]\d{0,4})$/.exec(name)?.[1]
  if (digits === undefined || Number(digits) >= INVALID_KEY)
    throw new RdataError(`${shown(name)} is not a parameter key`)
  return Number(digits)
}

/** The keys that a value of `mandatory` lists. */
export function keysOf(value: Uint8Array): number[] {
  return Array.from(
    { length: value.length / 2 },
    (_, i) => ((value[2 * i] as number) << 8) | (value[2 * i + 1] as number),
  )
}

// ---------------------------------------------------------------------------

const opaque: SvcValue = {
  parse: (value) => value,
  format: (value) => (value.length === 0 ? '' : formatString(value)),
}

const none: SvcValue = {
  parse(value) {
    demand(value.length === 0, 'takes no value')
    return value
  },
  format(value) {
    demand(value.length === 0, 'takes no value')
    return ''
  },
}

const port: SvcValue = {
  parse(value) {
    const text = latin1(value)
    demand(/^\d{1,5}$/.test(text) && Number(text) <= 0xffff, 'must be a number from 0 to 65535')
    return Uint8Array.of(Number(text) >> 8, Number(text))
  },
  format(value) {
    demand(value.length === 2, 'must be two octets')
    return String(keysOf(value)[0])
  },
}

/** Addresses of `size` octets, with commas between them. */
function addresses(size: 4 | 16): SvcValue {
  const parse = size === 4 ? octetsOfAddress4 : parseAddress6
  const format = size === 4 ? (octets: Uint8Array) => octets.join('.') : formatAddress6
  return {
    parse(value) {
      const list = latin1(value).split(',').map(parse)
      return Uint8Array.from(
        list.flatMap((octets) => {
          if (octets === undefined) throw new RdataError(`must be a list of ${size === 4 ? 'IPv4' : 'IPv6'} addresses`)
          return [...octets]
        }),
      )
    },
    format(value) {
      demand(value.length > 0 && value.length % size === 0, `must be addresses of ${size} octets`)
      const count = value.length / size
      return Array.from({ length: count }, (_, i) => format(value.subarray(i * size, (i + 1) * size))).join()
    },
  }
}

const ech: SvcValue = {
  parse(value) {
    const text = latin1(value)
    demand(text !== '' && BASE64.test(text), 'must be base64')
    return octetsOf(atob(text))
  },
  format(value) {
    demand(value.length > 0, 'must not be empty')
    return btoa(latin1(value))
  },
}

const BASE64 = /^([a-z0-9+/]{4})*([a-z0-9+/]{2}==|[a-z0-9+/]{3}=)?$/i

/** Protocol ids behind length octets; in text a comma separates them and a backslash escapes (RFC 9460 A.1). */
const alpn: SvcValue = {
  parse(value) {
    const ids = splitList(latin1(value))
    demand(
      ids.every((id) => id !== '' && id.length <= 255),
      'must be a list of protocol ids of 1 to 255 octets',
    )
    return octetsOf(ids.map((id) => String.fromCharCode(id.length) + id).join(''))
  },
  format(value) {
    demand(value.length > 0, 'must not be empty')
    const ids: string[] = []
    for (let at = 0; at < value.length; ) {
      const end = at + 1 + (value[at] as number)
      demand(value[at] !== 0 && end <= value.length, 'must be protocol ids of 1 to 255 octets')
      ids.push(latin1(value.subarray(at + 1, end)).replace(/[\\,]/g, '\\$&'))
      at = end
    }
    return formatString(octetsOf(ids.join()))
  },
}

/** Keys that a client must understand, in their order (RFC 9460 8). */
const mandatory: SvcValue = {
  parse(value) {
    const keys = latin1(value).split(',').map(keyNumber)
    keys.sort((a, b) => a - b)
    const octets = Uint8Array.from(keys.flatMap((key) => [key >> 8, key]))
    mandatory.format(octets)
    return octets
  },
  format(value) {
    demand(value.length > 0 && value.length % 2 === 0, 'must be a list of keys')
    const keys = keysOf(value)
    const ordered = keys.every((key, i) => key > (keys[i - 1] ?? MANDATORY) && key !== INVALID_KEY)
    demand(ordered, 'must list keys once each, in their order, and not itself')
    return keys.map(keyName).join()
  },
}

/** By key (IANA "Service Parameter Keys"). */
const names = ['mandatory', 'alpn', 'no-default-alpn', 'port', 'ipv4hint', 'ech', 'ipv6hint', 'dohpath', 'ohttp']
const values = [mandatory, alpn, none, port, addresses(4), ech, addresses(16), opaque, none]

/** The items between commas; a backslash takes the next character as it is. */
function splitList(text: string): string[] {
  const items: string[] = []
  let item = ''
  for (let i = 0; i < text.length; i++) {
    if (text[i] === ',') {
      items.push(item)
      item = ''
    } else {
      if (text[i] === '\\') i++
      item += text[i] ?? ''
    }
  }
  return [...items, item]
}

function octetsOfAddress4(text: string): Uint8Array | undefined {
  const address = parseAddress4(text)
  return address === undefined ? undefined : Uint8Array.of(address >>> 24, address >>> 16, address >>> 8, address)
}

function latin1(octets: Uint8Array): string {
  return Buffer.from(octets).toString('latin1')
}

function octetsOf(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0))
}

function demand(valid: boolean, rule: string): void {
  if (!valid) throw new RdataError(rule)
}
