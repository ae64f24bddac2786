import { WordError } from './words.ts'

/**
 * The octets of a word, quoted or not, with its escapes resolved (RFC 1035 5.1). Characters outside ASCII stand for
 * their UTF-8 octets. Throws WordError.
 */
export function parseString(word: string): Uint8Array {
  const quoted = word.length > 1 && word.startsWith('"')
  const text = quoted ? word.slice(1, -1) : word
  if (!/[\\"]|[^\x20-\x7e]/.test(text)) return encoder.encode(text)
  const octets: number[] = []
  for (const [part, escaped] of text.matchAll(/\\(\d{3}|.)|[^\\]+/gsu)) {
    if (escaped === undefined) octets.push(...plain(part))
    else if (escaped.length === 3) octets.push(decimal(escaped))
    else if (/\d/.test(escaped)) throw new WordError(`the escape \\${escaped} must have three digits`)
    else octets.push(...encoder.encode(escaped))
  }
  return Uint8Array.from(octets)
}

/** The canonical word for octets: always quoted, no escape that is not needed. */
export function formatString(octets: Uint8Array): string {
  let text = '"'
  for (const octet of octets) text += ESCAPED[octet]
  return `${text}"`
}

// ---------------------------------------------------------------------------

const encoder = new TextEncoder()

function plain(text: string): Uint8Array {
  if (text.includes('"')) throw new WordError('a quote inside a word must be escaped')
  if (text.includes('\ufffd') || !text.isWellFormed()) {
    throw new WordError('the text is not UTF-8: other octets are written as \\DDD')
  }
  return encoder.encode(text)
}

function decimal(digits: string): number {
  if (Number(digits) > 255) throw new WordError(`the escape \\${digits} is above 255`)
  return Number(digits)
}

const ESCAPED: readonly string[] = Array.from({ length: 256 }, (_, octet) => {
  const c = String.fromCharCode(octet)
  if (octet < 0x20 || octet > 0x7e) return `\\${String(octet).padStart(3, '0')}`
  return c === '"' || c === '\\' ? `\\${c}` : c
})
