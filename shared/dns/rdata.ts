import { formatHex, parseHex } from './hex.ts'
import { NameError, ROOT, type WireName } from './name.ts'
import { type Field, RdataError } from './rdata-fields.ts'
import { metaTypes, rdataTypes } from './rdata-types.ts'
import { MAX_MESSAGE, WireError, WireReader, WireWriter } from './wire.ts'
import { shown, splitWords, WordError, Words } from './words.ts'

export { RdataError }

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
export function isDataType(type: number): boolean {
  return type > 0 && type <= 0xffff && type !== 41 && !(type >= 128 && type <= 255)
}

/**
 * Rdata in uncompressed wire form, read from presentation form. Relative names are relative to `origin`, or taken as
 * absolute without one. Throws RdataError.
 */
export function parseRdata(type: number, text: string, origin: WireName = ROOT): Uint8Array {
  try {
    writer.at = 0
    parseWords(type, new Words(origin, splitWords(text)), writer)
    return writer.slice()
  } catch (error) {
    throw asRdataError(error)
  }
}

/** As parseRdata, from words that are split already, and written to `out`, which has room for all that a message has. */
export function parseRdataWords(type: number, words: Words, out: WireWriter): void {
  try {
    parseWords(type, words, out)
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

function parseWords(type: number, words: Words, out: WireWriter): void {
  if (!isDataType(type)) throw new RdataError(`records cannot have the type ${typeMnemonic(type)}`)
  const fields = fieldsOf.get(type)
  if (words.peek() === '\\#') {
    const rdata = parseUnknown(words)
    // RFC 3597 5: also allowed for known types, whose canonical form it then takes.
    if (fields === undefined) out.bytes(rdata)
    else parseWords(type, new Words(ROOT, splitWords(formatRdata(type, rdata))), out)
    return
  }
  if (fields === undefined) {
    throw new RdataError(
      `the data of type ${typeMnemonic(type)} must be written as \\# LENGTH HEXADECIMAL (RFC 3597 5)`,
    )
  }
  const start = out.at
  for (const field of fields) field.parse(words, out)
  if (words.left > 0) throw new RdataError(`there is more than the type takes: ${shown(words.take('rest'))}`)
  const length = out.at - start
  if (length > MAX_MESSAGE) throw new RdataError(`the data takes ${length} octets, at most 65535 are allowed`)
}

function parseUnknown(words: Words): Uint8Array {
  words.take('\\#')
  const length = words.take('length behind \\#')
  const octets = parseHex(words.rest().join(''))
  if (octets === undefined) throw new RdataError('the data behind \\# must be pairs of hexadecimal digits')
  if (octets.length > MAX_MESSAGE) throw new RdataError('the data takes more than 65535 octets')
  if (!/^\d{1,5}$/.test(length) || Number(length) !== octets.length) {
    throw new RdataError(`the length behind \\# is ${shown(length)}, but there are ${octets.length} octets`)
  }
  return octets
}

/** The faults of names, words and octets, told as one of the rdata they are in. */
function asRdataError(error: unknown): unknown {
  const inside = error instanceof NameError || error instanceof WordError || error instanceof WireError
  return inside ? new RdataError(error.message, { cause: error }) : error
}
