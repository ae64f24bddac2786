import { NameError, ROOT, type WireName } from './name.ts'
import {
  characterString,
  characterStrings,
  compressibleName,
  duration,
  type Field,
  formatHex,
  hex,
  ipv4,
  ipv6,
  name,
  parseHex,
  RdataError,
  tag,
  text,
  unsigned,
} from './rdata-fields.ts'
import { svcParams } from './svc-params.ts'
import { MAX_MESSAGE, WireError, WireReader, WireWriter } from './wire.ts'
import { splitWords, WordError, Words } from './words.ts'

export { RdataError }

interface RdataType {
  readonly mnemonic: string
  readonly type: number
  readonly rfc: string
  /** In the order in which they stand, in both forms. */
  readonly fields: readonly Field[]
}

const svcb = [unsigned(16, 'priority'), name('target'), svcParams]

/** The types whose rdata is understood; every other type is read and written in the form of RFC 3597 5. */
const rdataTypes: readonly RdataType[] = [
  { mnemonic: 'A', type: 1, rfc: 'RFC 1035 3.4.1', fields: [ipv4] },
  { mnemonic: 'NS', type: 2, rfc: 'RFC 1035 3.3.11', fields: [compressibleName('name server')] },
  { mnemonic: 'CNAME', type: 5, rfc: 'RFC 1035 3.3.1', fields: [compressibleName('target')] },
  {
    mnemonic: 'SOA',
    type: 6,
    rfc: 'RFC 1035 3.3.13',
    fields: [
      compressibleName('primary server'),
      compressibleName('mailbox'),
      unsigned(32, 'serial'),
      duration('refresh time'),
      duration('retry time'),
      duration('expire time'),
      duration('minimum'),
    ],
  },
  { mnemonic: 'PTR', type: 12, rfc: 'RFC 1035 3.3.12', fields: [compressibleName('target')] },
  { mnemonic: 'HINFO', type: 13, rfc: 'RFC 1035 3.3.2', fields: [characterString('CPU'), characterString('OS')] },
  {
    mnemonic: 'MX',
    type: 15,
    rfc: 'RFC 1035 3.3.9',
    fields: [unsigned(16, 'preference'), compressibleName('exchange')],
  },
  { mnemonic: 'TXT', type: 16, rfc: 'RFC 1035 3.3.14', fields: [characterStrings] },
  { mnemonic: 'AAAA', type: 28, rfc: 'RFC 3596 2.2', fields: [ipv6] },
  {
    mnemonic: 'SRV',
    type: 33,
    rfc: 'RFC 2782',
    fields: [unsigned(16, 'priority'), unsigned(16, 'weight'), unsigned(16, 'port'), name('target')],
  },
  {
    mnemonic: 'NAPTR',
    type: 35,
    rfc: 'RFC 3403 4.1',
    fields: [
      unsigned(16, 'order'),
      unsigned(16, 'preference'),
      characterString('flags'),
      characterString('services'),
      characterString('regular expression'),
      name('replacement'),
    ],
  },
  { mnemonic: 'DNAME', type: 39, rfc: 'RFC 6672 2.1', fields: [name('target')] },
  {
    mnemonic: 'DS',
    type: 43,
    rfc: 'RFC 4034 5.1',
    fields: [unsigned(16, 'key tag'), unsigned(8, 'algorithm'), unsigned(8, 'digest type'), hex('digest')],
  },
  {
    mnemonic: 'SSHFP',
    type: 44,
    rfc: 'RFC 4255 3.1',
    fields: [unsigned(8, 'algorithm'), unsigned(8, 'fingerprint type'), hex('fingerprint')],
  },
  {
    mnemonic: 'TLSA',
    type: 52,
    rfc: 'RFC 6698 2.1',
    fields: [unsigned(8, 'usage'), unsigned(8, 'selector'), unsigned(8, 'matching type'), hex('certificate data')],
  },
  { mnemonic: 'SVCB', type: 64, rfc: 'RFC 9460 2', fields: svcb },
  { mnemonic: 'HTTPS', type: 65, rfc: 'RFC 9460 9', fields: svcb },
  { mnemonic: 'SPF', type: 99, rfc: 'RFC 7208 3.1', fields: [characterStrings] },
  { mnemonic: 'CAA', type: 257, rfc: 'RFC 8659 4.1', fields: [unsigned(8, 'flags'), tag, text('value')] },
]

/** Types that are asked for or belong to a message but hold no data (RFC 6895 3.1). */
const metaTypes: Readonly<Record<string, number>> = { OPT: 41, TKEY: 249, TSIG: 250, IXFR: 251, AXFR: 252, ANY: 255 }

/** The number of `A`, `any` or `TYPE65400`, in any letter case; undefined if there is no such type. */
export function typeNumber(mnemonic: string): number | undefined {
  const known = numbers.get(mnemonic)
  if (known !== undefined || !/^[A-Z0-9]+$/i.test(mnemonic)) return known
  if (/[a-z]/.test(mnemonic)) return typeNumber(mnemonic.toUpperCase())
  const digits = /^TYPE(0|[1-9]\d{0,4})$/.exec(mnemonic)?.[1]
  return digits === undefined || Number(digits) > 0xffff ? undefined : Number(digits)
}

/** `A` for 1, `TYPE65400` for a type without mnemonic. */
export function typeMnemonic(type: number): string {
  return mnemonics.get(type) ?? `TYPE${type}`
}

/** True if records may have this type (RFC 6895 3.1). */
function isDataType(type: number): boolean {
  return type > 0 && type <= 0xffff && type !== 41 && !(type >= 128 && type <= 255)
}

/**
 * Rdata in uncompressed wire form, read from presentation form. Relative names are relative to `origin`, or taken as
 * absolute without one. Throws RdataError.
 */
export function parseRdata(type: number, text: string, origin: WireName = ROOT): Uint8Array {
  try {
    return parseWords(type, new Words(origin, splitWords(text)))
  } catch (error) {
    throw asRdataError(error)
  }
}

/** As parseRdata, from words that are split already. */
export function parseRdataWords(type: number, words: Words): Uint8Array {
  try {
    return parseWords(type, words)
  } catch (error) {
    throw asRdataError(error)
  }
}

/** Canonical presentation form of rdata in uncompressed wire form. Throws RdataError if the type does not allow it. */
export function formatRdata(type: number, rdata: Uint8Array): string {
  const fields = fieldsOf.get(type)
  if (fields === undefined) return rdata.length === 0 ? '\\# 0' : `\\# ${rdata.length} ${formatHex(rdata)}`
  try {
    const from = new WireReader(rdata)
    const words = fields.map((field) => field.format(from)).filter((word) => word !== '')
    if (from.left > 0) throw new RdataError(`${from.left} octets are left over`)
    return words.join(' ')
  } catch (error) {
    throw asRdataError(error)
  }
}

/** Canonical presentation form of a text: `canonicalRdata(28, '2001:DB8:0:0::1')` is `2001:db8::1`. Throws RdataError. */
export function canonicalRdata(type: number, text: string): string {
  return formatRdata(type, parseRdata(type, text))
}

/** The fields of a type that has names among them, to copy rdata field by field. */
export function fieldsWithNames(type: number): readonly Field[] | undefined {
  return withNames.get(type)
}

/** The fields of a type that has names among them that may be compressed. */
export function compressibleFields(type: number): readonly Field[] | undefined {
  return compressible.get(type)
}

// ---------------------------------------------------------------------------

const numbers = new Map([...rdataTypes.map((row) => [row.mnemonic, row.type] as const), ...Object.entries(metaTypes)])
const mnemonics = new Map(Array.from(numbers, ([mnemonic, type]) => [type, mnemonic]))
const fieldsOf = new Map(rdataTypes.map(({ type, fields }) => [type, fields]))
const compressible = new Map([...fieldsOf].filter(([, fields]) => fields.some((field) => field.compressible)))
const withNames = new Map([...fieldsOf].filter(([, fields]) => fields.some((field) => field.isName)))

const writer = new WireWriter(new Uint8Array(MAX_MESSAGE))

function parseWords(type: number, words: Words): Uint8Array {
  if (!isDataType(type)) throw new RdataError(`records cannot have the type ${typeMnemonic(type)}`)
  const fields = fieldsOf.get(type)
  if (words.peek() === '\\#') {
    const rdata = parseUnknown(words)
    // RFC 3597 5: also allowed for known types, whose canonical form it then takes.
    return fields === undefined ? rdata : parseRdata(type, formatRdata(type, rdata))
  }
  if (fields === undefined) {
    throw new RdataError(
      `the data of type ${typeMnemonic(type)} must be written as \\# LENGTH HEXADECIMAL (RFC 3597 5)`,
    )
  }
  writer.at = 0
  for (const field of fields) field.parse(words, writer)
  if (words.left > 0) throw new RdataError(`there is more than the type takes: ${words.take('rest')}`)
  if (writer.at > MAX_MESSAGE) throw new RdataError(`the data takes ${writer.at} octets, at most 65535 are allowed`)
  return writer.slice()
}

function parseUnknown(words: Words): Uint8Array {
  words.take('\\#')
  const length = words.take('length behind \\#')
  const octets = parseHex(words.rest().join(''), 'data behind \\#')
  if (!/^\d{1,5}$/.test(length) || Number(length) !== octets.length) {
    throw new RdataError(`the length behind \\# is ${length}, but there are ${octets.length} octets`)
  }
  if (octets.length > MAX_MESSAGE) throw new RdataError('the data takes more than 65535 octets')
  return octets
}

/** The faults of names, words and octets, told as one of the rdata they are in. */
function asRdataError(error: unknown): unknown {
  const inside = error instanceof NameError || error instanceof WordError || error instanceof WireError
  return inside ? new RdataError(error.message, { cause: error }) : error
}
