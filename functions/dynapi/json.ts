import { NamingError } from '../../shared/records/faults.ts'
import { quote } from './quote.ts'
import { decodeUtf8 } from './utf8.ts'

/** A JSON value: strings decoded, numbers as spelled, members in the order of the text, repeated keys too. */
export type Value =
  | { readonly kind: 'string' | 'number'; readonly text: string }
  | { readonly kind: 'object'; readonly members: readonly (readonly [key: string, value: Value])[] }
  | { readonly kind: 'array' | 'bool' | 'null' }

/**
 * Reads a text by the rules and with the error texts of Go's encoding/json; throws NamingError `invalid_json`.
 *
 * JSON.parse cannot stand in: it loses how a number was spelled (`60.0` and `6e1` become 60) and where a repeated key
 * stood (the second `TTL` of `{"TTL":5,"ttl":6,"TTL":7}` moves before `ttl`).
 */
export function readJson(body: Uint8Array): Value {
  return new Cursor(body).document()
}

// ---------------------------------------------------------------------------

const MAX_DEPTH = 1000 // of the call stack, too: Go's own bound of 10,000 would not fit it
const WHITESPACE = ' \t\r\n'

/** Walks over the octets of the text, one character each, so that offsets and invalid UTF-8 are as Go sees them. */
class Cursor {
  readonly #text: string
  #at = 0
  #depth = 0

  constructor(body: Uint8Array) {
    this.#text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1')
  }

  document(): Value {
    const value = this.#value()
    this.#skipWhitespace()
    if (this.#at < this.#text.length) this.#fail(this.#next(), 'after top-level value')
    return value
  }

  #value(): Value {
    const c = this.#token()
    if (c === '{') return { kind: 'object', members: this.#nested(c, () => this.#members()) }
    if (c === '[') return this.#nested(c, () => this.#elements())
    if (c === '"') return { kind: 'string', text: this.#string() }
    if (c === 't') return this.#literal('true', 'bool')
    if (c === 'f') return this.#literal('false', 'bool')
    if (c === 'n') return this.#literal('null', 'null')
    if (c === '-' || isDigit(c)) return { kind: 'number', text: this.#number(c) }
    return this.#fail(c, 'looking for beginning of value')
  }

  #members(): [string, Value][] {
    const members: [string, Value][] = []
    if (this.#skipToken('}')) return members
    do {
      const quoted = this.#token()
      if (quoted !== '"') this.#fail(quoted, 'looking for beginning of object key string')
      const key = this.#string()
      const colon = this.#token()
      if (colon !== ':') this.#fail(colon, 'after object key')
      members.push([key, this.#value()])
    } while (this.#another('}', 'after object key:value pair'))
    return members
  }

  #elements(): Value {
    if (!this.#skipToken(']')) {
      do this.#value()
      while (this.#another(']', 'after array element'))
    }
    return { kind: 'array' }
  }

  #nested<T>(opener: string, read: () => T): T {
    if (++this.#depth > MAX_DEPTH) this.#fail(opener, 'exceeded max depth')
    const content = read()
    this.#depth--
    return content
  }

  /** True at a comma, false at the closing bracket. */
  #another(closer: string, context: string): boolean {
    const c = this.#token()
    if (c !== ',' && c !== closer) this.#fail(c, context)
    return c === ','
  }

  #literal(word: string, kind: 'bool' | 'null'): Value {
    for (const expected of word.slice(1)) {
      const c = this.#next()
      if (c !== expected) this.#fail(c, `in literal ${word} (expecting '${expected}')`)
    }
    return { kind }
  }

  /** The spelling of a number whose first character, `c`, has been read. */
  #number(c: string): string {
    const start = this.#at - 1
    if (c === '-') c = this.#digit('in numeric literal')
    if (c !== '0') this.#skipDigits()
    if (this.#skip('.')) {
      this.#digit('after decimal point in numeric literal')
      this.#skipDigits()
    }
    if (this.#skip('e') || this.#skip('E')) {
      if (!this.#skip('+')) this.#skip('-')
      this.#digit('in exponent of numeric literal')
      this.#skipDigits()
    }
    return this.#text.slice(start, this.#at)
  }

  /** The characters of a string whose opening quote has been read. */
  #string(): string {
    const start = this.#at - 1
    for (let c = this.#next(); c !== '"'; c = this.#next()) {
      if (c === '\\') this.#escape()
      else if (c < ' ') this.#fail(c, 'in string literal')
    }
    return JSON.parse(decodeUtf8(this.#text.slice(start, this.#at))).toWellFormed()
  }

  #escape(): void {
    const c = this.#next()
    if (c === 'u') {
      for (let i = 0; i < 4; i++) {
        const digit = this.#next()
        if (!/[0-9a-fA-F]/.test(digit)) this.#fail(digit, 'in \\u hexadecimal character escape')
      }
    } else if (!'"\\/bfnrt'.includes(c)) {
      this.#fail(c, 'in string escape code')
    }
  }

  #digit(context: string): string {
    const c = this.#next()
    return isDigit(c) ? c : this.#fail(c, context)
  }

  #skipDigits(): void {
    while (isDigit(this.#text[this.#at])) this.#at++
  }

  #skipWhitespace(): void {
    while (this.#at < this.#text.length && WHITESPACE.includes(this.#text[this.#at] as string)) this.#at++
  }

  #skip(c: string): boolean {
    const found = this.#text[this.#at] === c
    if (found) this.#at++
    return found
  }

  #skipToken(c: string): boolean {
    this.#skipWhitespace()
    return this.#skip(c)
  }

  #token(): string {
    this.#skipWhitespace()
    return this.#next()
  }

  #next(): string {
    const c = this.#text[this.#at++]
    if (c === undefined) throw new NamingError('invalid_json', 'unexpected end of JSON input')
    return c
  }

  #fail(c: string, context: string): never {
    throw new NamingError('invalid_json', `invalid character ${quote(c, "'")} ${context}`)
  }
}

function isDigit(c: string | undefined): boolean {
  return c !== undefined && c >= '0' && c <= '9'
}
