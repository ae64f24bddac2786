import { formatAddress6, parseAddress4, parseAddress6 } from './address.ts'
import { formatString, parseString } from './character-string.ts'
import { type Field, RdataError } from './rdata-fields.ts'
import type { WireReader, WireWriter } from './wire.ts'

/** The parameters of SVCB and HTTPS, to the end of the rdata, in the order of their keys (RFC 9460 2.1, 2.2). */
export const svcParams: Field = {
  parse(words, out) {
    const params = new Map<number, Uint8Array>()
    for (const word of words.rest()) {
      const [name = '', value] = splitOnce(word, '=')
      const key = keyNumber(name)
      if (params.has(key)) throw new RdataError(`the parameter ${name} is given twice`)
      params.set(key, parseValue(key, name, value === undefined ? NOTHING : parseString(value)))
    }
    check(params)
    for (const [key, value] of [...params].sort(([a], [b]) => a - b)) {
      out.u16(key)
      out.u16(value.length)
      out.bytes(value)
    }
  },

  format(rdata) {
    const params = new Map<number, Uint8Array>()
    const words: string[] = []
    for (let last = -1; rdata.left > 0; ) {
      const key = rdata.u16()
      if (key <= last) throw new RdataError('the parameters must be in the order of their keys, each key once')
      const value = rdata.take(rdata.u16())
      const text = (kinds.get(key) ?? opaque).format(value)
      words.push(text === '' ? keyName(key) : `${keyName(key)}=${text}`)
      params.set(key, value)
      last = key
    }
    check(params)
    return words.join(' ')
  },

  copy(from: WireReader, to: WireWriter) {
    to.bytes(from.take(from.left))
  },
}

// ---------------------------------------------------------------------------

/** How the value of a parameter is written. Both throw RdataError where a value is not valid. */
interface Kind {
  /** Wire form, from the octets of the presentation form with escapes resolved. */
  parse(value: Uint8Array): Uint8Array
  /** Presentation form, with quotes where they are needed; empty where there is no value. */
  format(value: Uint8Array): string
}

const NOTHING = new Uint8Array(0)

const opaque: Kind = {
  parse: (value) => value,
  format: (value) => (value.length === 0 ? '' : formatString(value)),
}

const none: Kind = {
  parse: (value) => refuse(value.length === 0, value, 'takes no value'),
  format(value) {
    refuse(value.length === 0, value, 'takes no value')
    return ''
  },
}

const port: Kind = {
  parse(value) {
    const text = latin1(value)
    const number = Number(text)
    refuse(/^\d{1,5}$/.test(text) && number <= 0xffff, value, 'must be a number from 0 to 65535')
    return Uint8Array.of(number >> 8, number)
  },
  format: (value) => String(u16s(refuse(value.length === 2, value, 'must be two octets'))[0]),
}

/** Addresses of `size` octets, separated by commas. */
function addresses(size: number, parse: (text: string) => Uint8Array | undefined, format: Kind['format']): Kind {
  return {
    parse(value) {
      const list = latin1(value).split(',').map(parse)
      return Uint8Array.from(
        list.flatMap((octets) => {
          if (octets === undefined) throw new RdataError('must be a list of addresses')
          return [...octets]
        }),
      )
    },
    format(value) {
      refuse(value.length > 0 && value.length % size === 0, value, `must be addresses of ${size} octets`)
      return Array.from({ length: value.length / size }, (_, i) =>
        format(value.subarray(i * size, (i + 1) * size)),
      ).join()
    },
  }
}

const ech: Kind = {
  parse(value) {
    const text = latin1(value)
    refuse(
      /^([\w+/]{4})*([\w+/]{2}==|[\w+/]{3}=)?$/.test(text) && !text.includes('_') && text !== '',
      value,
      'must be base64',
    )
    return Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
  },
  format: (value) => btoa(latin1(refuse(value.length > 0, value, 'must not be empty'))),
}

/** Protocol ids behind length octets; in text a comma separates them and a backslash escapes (RFC 9460 A.1). */
const alpn: Kind = {
  parse(value) {
    const octets: number[] = []
    for (const id of splitList(latin1(value))) {
      if (id === '' || id.length > 255) throw new RdataError('must be a list of protocol ids of 1 to 255 octets')
      octets.push(id.length, ...Array.from(id, (c) => c.charCodeAt(0)))
    }
    return Uint8Array.from(octets)
  },
  format(value) {
    const ids: string[] = []
    for (let at = 0; at < value.length; at += 1 + (value[at] as number)) {
      const end = at + 1 + (value[at] as number)
      refuse(value[at] !== 0 && end <= value.length, value, 'must be protocol ids of 1 to 255 octets')
      ids.push(latin1(value.subarray(at + 1, end)).replace(/[\\,]/g, '\\$&'))
    }
    refuse(ids.length > 0, value, 'must not be empty')
    return formatString(Uint8Array.from(ids.join(), (c) => c.charCodeAt(0)))
  },
}

/** Keys that a client must understand, in their order (RFC 9460 8). */
const mandatory: Kind = {
  parse(value) {
    const keys = latin1(value)
      .split(',')
      .map(keyNumber)
      .sort((a, b) => a - b)
    const octets = Uint8Array.from(keys.flatMap((key) => [key >> 8, key & 0xff]))
    mandatory.format(octets)
    return octets
  },
  format(value) {
    const keys = u16s(refuse(value.length > 0 && value.length % 2 === 0, value, 'must be a list of keys'))
    const ordered = keys.every((key, i) => key > (keys[i - 1] ?? MANDATORY))
    refuse(ordered, value, 'must list keys once each, in their order, and not itself')
    return keys.map(keyName).join()
  },
}

const MANDATORY = 0
const ALPN = 1
const NO_DEFAULT_ALPN = 2

const kinds: ReadonlyMap<number, Kind> = new Map([
  [MANDATORY, mandatory],
  [ALPN, alpn],
  [NO_DEFAULT_ALPN, none],
  [3, port],
  [4, addresses(4, address4Octets, (octets) => octets.join('.'))],
  [5, ech],
  [6, addresses(16, parseAddress6, formatAddress6)],
  [7, opaque],
  [8, none],
])

/** IANA "Service Parameter Keys", by key. */
const names = ['mandatory', 'alpn', 'no-default-alpn', 'port', 'ipv4hint', 'ech', 'ipv6hint', 'dohpath', 'ohttp']

function keyName(key: number): string {
  return names[key] ?? `key${key}`
}

function keyNumber(name: string): number {
  const named = names.indexOf(name)
  if (named !== -1) return named
  const digits = /^key(0|[1-9]\d{0,4})$/.exec(name)?.[1]
  if (digits === undefined || Number(digits) >= 0xffff) throw new RdataError(`${name} is not a parameter key`)
  return Number(digits)
}

/** A known key that is written `keyNNN` has its value in wire form. */
function parseValue(key: number, name: string, value: Uint8Array): Uint8Array {
  const kind = kinds.get(key) ?? opaque
  try {
    if (name === names[key]) return kind.parse(value)
    kind.format(value)
    return value
  } catch (error) {
    if (error instanceof RdataError) throw new RdataError(`the parameter ${name} ${error.message}`, { cause: error })
    throw error
  }
}

/** What parameters demand of each other (RFC 9460 7.1, 8). */
function check(params: ReadonlyMap<number, Uint8Array>): void {
  for (const key of u16s(params.get(MANDATORY) ?? NOTHING)) {
    if (!params.has(key)) throw new RdataError(`the parameter ${keyName(key)} is mandatory but missing`)
  }
  if (params.has(NO_DEFAULT_ALPN) && !params.has(ALPN)) throw new RdataError('no-default-alpn needs alpn beside it')
}

function refuse(valid: boolean, value: Uint8Array, rule: string): Uint8Array {
  if (!valid) throw new RdataError(rule)
  return value
}

function u16s(octets: Uint8Array): number[] {
  return Array.from(
    { length: octets.length / 2 },
    (_, i) => ((octets[2 * i] as number) << 8) | (octets[2 * i + 1] as number),
  )
}

function address4Octets(text: string): Uint8Array | undefined {
  const address = parseAddress4(text)
  return address === undefined ? undefined : Uint8Array.of(address >>> 24, address >>> 16, address >>> 8, address)
}

function latin1(octets: Uint8Array): string {
  let text = ''
  for (const octet of octets) text += String.fromCharCode(octet)
  return text
}

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

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator)
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}
