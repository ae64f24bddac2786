import { formatAddress6, parseAddress4, parseAddress6 } from './address.ts'
import { formatString, parseString } from './character-string.ts'
import { parseDuration } from './duration.ts'
import { formatHex, parseHex } from './hex.ts'
import { formatName, writeName } from './name.ts'
import type { WireReader, WireWriter } from './wire.ts'
import { shown, type Words } from './words.ts'

/** Record data that is not valid for its type; `message` says why, in words for the person who typed it. */
export class RdataError extends Error {
  override name = 'RdataError'
}

/** One field of rdata in its two forms. */
export interface Field {
  /** Reads presentation form. Throws RdataError, NameError or WordError. */
  parse(words: Words, out: WireWriter): void
  /** Writes canonical presentation form. Throws WireError or RdataError. */
  format(rdata: WireReader): string
  /** Copies wire form; names are expanded and compressed as reader and writer do. Throws WireError. */
  copy(from: WireReader, to: WireWriter): void
  /** A name that may be compressed (RFC 3597 4). */
  readonly compressible?: boolean
  readonly isName?: boolean
}

/** An unsigned number of 8, 16 or 32 bits. */
export function unsigned(bits: 8 | 16 | 32, what: string): Field {
  const max = 2 ** bits - 1
  return {
    parse(words, out) {
      const word = words.take(what)
      const value = /^\d{1,10}$/.test(word) ? Number(word) : Number.NaN
      if (!(value <= max)) throw new RdataError(`the ${what} must be a number from 0 to ${max}, not ${shown(word)}`)
      writeUnsigned(out, bits, value)
    },
    format: (rdata) => String(readUnsigned(rdata, bits)),
    copy: (from, to) => writeUnsigned(to, bits, readUnsigned(from, bits)),
  }
}

/** A time in seconds, 32 bits, which may be written with units as in `1h30m`. */
export function duration(what: string): Field {
  return {
    ...unsigned(32, what),
    parse(words, out) {
      const word = words.take(what)
      const seconds = parseDuration(word)
      if (seconds === undefined || seconds > 0xffffffff) {
        throw new RdataError(`the ${what} must be a time as 3600 or 1h30m, not ${shown(word)}`)
      }
      out.u32(seconds)
    },
  }
}

export const ipv4: Field = {
  parse(words, out) {
    const word = words.take('IPv4 address')
    const address = parseAddress4(word)
    if (address === undefined) {
      throw new RdataError(
        `${shown(word)} is not an IPv4 address: four numbers from 0 to 255, no leading zeros, with dots`,
      )
    }
    out.u32(address)
  },
  format: (rdata) => rdata.take(4).join('.'),
  copy: (from, to) => to.bytes(from.take(4)),
}

export const ipv6: Field = {
  parse(words, out) {
    const word = words.take('IPv6 address')
    const address = parseAddress6(word)
    if (address === undefined) throw new RdataError(`${shown(word)} is not an IPv6 address`)
    out.bytes(address)
  },
  format: (rdata) => formatAddress6(rdata.take(16)),
  copy: (from, to) => to.bytes(from.take(16)),
}

/** A domain name that is never compressed. */
export function name(what: string): Field {
  return {
    parse: (words, out) => writeName(words.take(what), words.origin, out),
    format: (rdata) => formatName(rdata.name()),
    copy: (from, to) => from.copyName(to),
    isName: true,
  }
}

/** A domain name of one of the types of RFC 1035, which may be compressed. */
export function compressibleName(what: string): Field {
  return {
    ...name(what),
    copy(from, to) {
      const start = to.at
      from.copyName(to)
      to.compress(start)
    },
    compressible: true,
  }
}

/** A character-string: up to 255 octets behind a length octet (RFC 1035 3.3). */
export function characterString(what: string): Field {
  return {
    parse: (words, out) => writeString(out, what, parseString(words.take(what))),
    format: (rdata) => formatString(rdata.take(rdata.u8())),
    copy: copyString,
  }
}

/** One character-string or more, to the end of the rdata. */
export const characterStrings: Field = {
  parse(words, out) {
    do writeString(out, 'string', parseString(words.take('string')))
    while (words.left > 0)
  },
  format(rdata) {
    const strings: string[] = []
    do strings.push(formatString(rdata.take(rdata.u8())))
    while (rdata.left > 0)
    return strings.join(' ')
  },
  copy(from, to) {
    do copyString(from, to)
    while (from.left > 0)
  },
}

/** A CAA property tag: letters and digits behind a length octet (RFC 8659 4.1). */
export const tag: Field = {
  parse(words, out) {
    const word = words.take('tag')
    if (!TAG.test(word)) throw new RdataError(`the tag must be letters and digits, at most 255, not ${shown(word)}`)
    writeString(out, 'tag', new TextEncoder().encode(word))
  },
  format(rdata) {
    const word = String.fromCharCode(...rdata.take(rdata.u8()))
    if (!TAG.test(word)) throw new RdataError('the tag must be letters and digits')
    return word
  },
  copy: copyString,
}

/** Octets to the end of the rdata, written as one string. */
export function text(what: string, least = 0): Field {
  const checked = (octets: Uint8Array) => {
    if (octets.length < least) throw new RdataError(`the ${what} is empty`)
    return octets
  }
  return {
    parse: (words, out) => out.bytes(checked(parseString(words.take(what)))),
    format: (rdata) => formatString(checked(rdata.take(rdata.left))),
    copy: copyRest,
  }
}

/** Octets to the end of the rdata, at least one, in hexadecimal; blanks between the digits are allowed. */
export function hex(what: string): Field {
  return {
    parse(words, out) {
      const digits = words.rest().join('')
      if (digits === '') throw new RdataError(`the ${what} is missing`)
      const octets = parseHex(digits)
      if (octets === undefined) throw new RdataError(`the ${what} must be pairs of hexadecimal digits`)
      out.bytes(octets)
    },
    format(rdata) {
      if (rdata.left === 0) throw new RdataError(`the ${what} is missing`)
      return formatHex(rdata.take(rdata.left))
    },
    copy: copyRest,
  }
}

// ---------------------------------------------------------------------------

const TAG = /^[0-9a-z]{1,255}$/i

function writeUnsigned(out: WireWriter, bits: 8 | 16 | 32, value: number): void {
  if (bits === 8) out.u8(value)
  else if (bits === 16) out.u16(value)
  else out.u32(value)
}

function readUnsigned(rdata: WireReader, bits: 8 | 16 | 32): number {
  return bits === 8 ? rdata.u8() : bits === 16 ? rdata.u16() : rdata.u32()
}

function writeString(out: WireWriter, what: string, octets: Uint8Array): void {
  if (octets.length > 255) throw new RdataError(`the ${what} takes ${octets.length} octets, at most 255 are allowed`)
  out.u8(octets.length)
  out.bytes(octets)
}

function copyString(from: WireReader, to: WireWriter): void {
  const length = from.u8()
  to.u8(length)
  to.bytes(from.take(length))
}

function copyRest(from: WireReader, to: WireWriter): void {
  to.bytes(from.take(from.left))
}
