/**
 * Domain names, in the two forms the project uses:
 *
 * - `Name`: canonical presentation form, absolute, lower case, final dot, escapes as in
 *   RFC 1035 5.1 (`a\.b.example.org.`). It is the form of stores, logs and people.
 * - `WireName`: wire form (RFC 1035 3.1) in lower case, kept as a string of one character per
 *   octet (`\x01h\x07example\x03org\x00`). Equality, map keys and "one label up" are plain string
 *   operations on it, whatever octets the labels hold. It is the form of look-ups and messages.
 *
 * Case is folded for ASCII only (RFC 4343 3).
 */

import { BACKSLASH, CLOSE, DOT, lowerCase, OPEN, QUOTE, SEMICOLON } from './ascii.ts'
import type { WireWriter } from './wire.ts'

declare const presentation: unique symbol
declare const wire: unique symbol
export type Name = string & { readonly [presentation]: true }
export type WireName = string & { readonly [wire]: true }

/** Text that is not a domain name; `message` says why, in words for the person who typed it. */
export class NameError extends Error {
  override name = 'NameError'
}

export const MAX_LABEL = 63 // octets, RFC 1035 2.3.4
export const MAX_NAME = 255 // octets on the wire, length octets and root included
export const ROOT = '\0' as WireName

/**
 * Reads presentation form. A text without final dot is relative to `origin`; without origin it is
 * taken as absolute. `@` alone is the origin (RFC 1035 5.1). Throws NameError.
 */
export function parseName(text: string, origin: WireName = ROOT): WireName {
  if (text === '@') return origin
  if (text === '.') return ROOT
  return scratch.toString('latin1', 0, readName(text, origin)) as WireName
}

/** As parseName, and written to `out`. */
export function writeName(text: string, origin: WireName, out: WireWriter): void {
  if (text === '@') out.name(origin)
  else if (text === '.') out.name(ROOT)
  else out.bytes(scratch, readName(text, origin))
}

/** Writes the canonical presentation form. */
export function formatName(name: WireName): Name {
  if (name === ROOT) return '.' as Name
  let text = ''
  for (let at = 0; name.charCodeAt(at) !== 0; ) {
    const end = at + 1 + name.charCodeAt(at)
    for (let i = at + 1; i < end; i++) text += ESCAPED[name.charCodeAt(i)]
    text += '.'
    at = end
  }
  return text as Name
}

/** Canonical presentation form of a text: `canonicalName('Api.Example.ORG')` is `api.example.org.`. Throws NameError. */
export function canonicalName(text: string): Name {
  return formatName(parseName(text))
}

/** The name without its leftmost label. The root has no parent: the caller stops there. */
export function parentName(name: WireName): WireName {
  return name.slice(1 + name.charCodeAt(0)) as WireName
}

/** True if `name` is `ancestor` or below it, at a label boundary. */
export function isAtOrBelow(name: WireName, ancestor: WireName): boolean {
  if (!name.endsWith(ancestor)) return false
  const boundary = name.length - ancestor.length
  let at = 0
  while (at < boundary) at += 1 + name.charCodeAt(at)
  return at === boundary
}

/** Number of labels, root not counted. */
export function countLabels(name: WireName): number {
  let count = 0
  for (let at = 0; name.charCodeAt(at) !== 0; at += 1 + name.charCodeAt(at)) count++
  return count
}

/** `*.name`, the wildcard directly below `name` (RFC 4592 2.1.1); undefined if that would be too long. */
export function wildcardOf(name: WireName): WireName | undefined {
  return name.length + 2 > MAX_NAME ? undefined : (`\x01*${name}` as WireName)
}

/** ASCII lower case only: octets above 0x7f stay as they are (RFC 4343 3.2). */
export function foldCase(text: string): string {
  return /[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase()) : text
}

// ---------------------------------------------------------------------------

/** The name that is being read, in lower case. What is too long for any name is counted but not kept. */
const scratch = Buffer.alloc(MAX_NAME)

/** Reads a name that is neither `@` nor `.` into `scratch`; gives its length. */
function readName(text: string, origin: WireName): number {
  if (text === '') throw new NameError('the name is empty')
  let size = 1 // octets so far, the length octet of the label that is being read included
  let start = 0 // of that label
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === DOT) {
      endLabel(start, size)
      start = size++
    } else if (c === BACKSLASH) {
      const [octet, used] = readEscape(text, i)
      append(size++, octet)
      i += used - 1
    } else if (c < 0x21 || c > 0x7e || c === QUOTE || c === SEMICOLON || c === OPEN || c === CLOSE) {
      throw new NameError(`the character ${JSON.stringify(text[i])} must be escaped in a name (RFC 1035 5.1)`)
    } else append(size++, c)
  }
  const absolute = size === start + 1
  if (!absolute) endLabel(start, size)
  const length = absolute ? size : size + origin.length
  if (length > MAX_NAME) {
    throw new NameError(`the name takes ${length} octets on the wire, at most ${MAX_NAME} are allowed`)
  }
  if (absolute) scratch[start] = 0
  else for (let i = 0; i < origin.length; i++) scratch[size + i] = origin.charCodeAt(i)
  return length
}

function append(at: number, octet: number): void {
  if (at < MAX_NAME) scratch[at] = lowerCase[octet] as number
}

/** Writes the length of the label from `start` to `end`. */
function endLabel(start: number, end: number): void {
  const length = end - start - 1
  if (length === 0) throw new NameError('the name has an empty label')
  if (length > MAX_LABEL) throw new NameError(`a label has ${length} octets, at most ${MAX_LABEL} are allowed`)
  append(start, length)
}

/** The octet that the escape at `at` stands for, and how many characters the escape takes. */
function readEscape(text: string, at: number): [octet: number, used: number] {
  const digits = /^\d{3}/.exec(text.slice(at + 1, at + 4))?.[0]
  if (digits !== undefined) {
    if (Number(digits) > 255) throw new NameError(`the escape \\${digits} is above 255`)
    return [Number(digits), 4]
  }
  const next = text[at + 1]
  if (next === undefined || next < ' ' || next > '~' || (next >= '0' && next <= '9')) {
    throw new NameError('a backslash must be followed by three digits or a printable character')
  }
  return [next.charCodeAt(0), 2]
}

const ESCAPED: readonly string[] = Array.from({ length: 256 }, (_, octet) => {
  const c = String.fromCharCode(octet)
  if (octet < 0x21 || octet > 0x7e) return `\\${String(octet).padStart(3, '0')}`
  return '.\\"();@$'.includes(c) ? `\\${c}` : c
})
