/**
 * Names and record data in the text forms of Route 53, which differ from those of master files: any octet that is not
 * plain is written in octal (`\052`), where RFC 1035 5.1 has decimal (`\042`). Route 53 Developer Guide, "DNS domain name
 * format" and "Supported DNS record types".
 */

import { canonicalName, type Name, NameError, parseName, ROOT } from '../dns/name.ts'
import { canonicalRdata, fieldsWithNames, RdataError, typeNumber } from '../dns/rdata.ts'
import { splitWords, WordError } from '../dns/words.ts'

/** Absolute and in lower case: `*.example.org.`, `\052\052.example.org.` */
export function route53Name(name: Name): string {
  const [first, ...others] = route53Labels(name)
  if (first === undefined) return '.'
  return `${[first === ESCAPED['*'] ? '*' : first, ...others].join('.')}.`
}

/** The labels of a name, leftmost first, as ListResourceRecordSets tells them: a wildcard is `\052`. */
export function route53Labels(name: Name): string[] {
  const wire = parseName(name)
  const labels: string[] = []
  for (let at = 0; wire !== ROOT && wire.charCodeAt(at) !== 0; ) {
    const end = at + 1 + wire.charCodeAt(at)
    labels.push(wire.slice(at + 1, end).replace(/[^a-z0-9_-]/g, octalEscape))
    at = end
  }
  return labels
}

/** The name that Route 53 writes like this, in any letter case, with or without final dot. Throws NameError. */
export function nameFromRoute53(text: string): Name {
  const escaped = decimalEscapes(text.replace(/(\\.)|[@();"]/gs, (c, pair?: string) => pair ?? `\\${c}`))
  if (escaped === undefined) throw new NameError('a backslash must be followed by three octal digits')
  return canonicalName(escaped)
}

/** The `Value` element for canonical rdata. Throws RdataError if the type is not known. */
export function route53Value(type: string, rdata: string): string {
  return mapWords(type, rdata, (word, isName) => (isName ? route53Name(word as Name) : octalEscapes(word)))
}

/** Canonical rdata of a `Value` element. Throws RdataError if it cannot be read. */
export function rdataFromRoute53(type: string, value: string): string {
  const text = mapWords(type, value, (word, isName) => {
    if (isName) return inside(() => nameFromRoute53(word))
    const escaped = decimalEscapes(word)
    if (escaped === undefined) throw new RdataError('a backslash must be followed by three octal digits')
    return escaped
  })
  return canonicalRdata(knownType(type), text)
}

/** Rdata as it is stored: canonical, sorted, each once. Throws RdataError. */
export function storedRdata(type: string, texts: readonly string[]): string[] {
  const number = knownType(type)
  return [...new Set(texts.map((text) => canonicalRdata(number, text)))].sort()
}

// ---------------------------------------------------------------------------

function octalEscape(c: string): string {
  return `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`
}

const ESCAPED = { '*': octalEscape('*') }

/** `\DDD` becomes `\ooo`; a backslash that takes the next character as it is stays, so that `\\101` is none of these. */
function octalEscapes(word: string): string {
  return word.replace(/\\(\d{3}|.)/gs, (whole, what: string) =>
    what.length === 3 ? octalEscape(String.fromCharCode(Number(what))) : whole,
  )
}

/** `\ooo` becomes `\DDD`; undefined if a backslash is followed by other digits, or by nothing. */
function decimalEscapes(text: string): string | undefined {
  let valid = true
  const escaped = text.replace(/\\([0-3][0-7]{2}|.?)/gs, (whole, what: string) => {
    if (what.length === 3) return `\\${String(Number.parseInt(what, 8)).padStart(3, '0')}`
    if (!/^\D$/.test(what)) valid = false
    return whole
  })
  return valid ? escaped : undefined
}

/** Rewrites rdata word by word; in a type that has names, words and fields are the same up to the last field. */
function mapWords(type: string, text: string, map: (word: string, isName: boolean) => string): string {
  const fields = fieldsWithNames(knownType(type))
  const words = inside(() => splitWords(text))
  return words.map((word, i) => map(word, fields?.[i]?.isName === true)).join(' ')
}

function knownType(type: string): number {
  const number = typeNumber(type)
  if (number === undefined) throw new RdataError(`${type} is not a record type`)
  return number
}

/** The faults of names and words, told as one of the rdata they are in. */
function inside<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    const known = error instanceof NameError || error instanceof WordError
    throw known ? new RdataError(error.message, { cause: error }) : error
  }
}
