import { BACKSLASH, CLOSE, NEWLINE, OPEN, QUOTE, RETURN, SEMICOLON, SPACE, TAB } from './ascii.ts'
import type { WireName } from './name.ts'

/** Text that cannot be split into words; `message` says why. */
export class WordError extends Error {
  override name = 'WordError'
}

/**
 * Splits presentation form at blanks (RFC 1035 5.1). Words keep their escapes and a quoted word its quotes, since what
 * these mean depends on where the word stands. Throws WordError.
 */
export function splitWords(text: string): string[] {
  const words: string[] = []
  for (let at = 0; at < text.length; ) {
    const c = text.charCodeAt(at)
    if (c === SPACE || c === TAB) {
      at++
      continue
    }
    const end = endOfWord(text, at)
    if (end === at) throw new WordError(`${JSON.stringify(text[at])} must be quoted or escaped`)
    words.push(text.slice(at, end))
    at = end
  }
  return words
}

/**
 * Where the word at `at` ends: behind the closing quote if it starts with one, otherwise before a blank, a line end or
 * one of `( ) ;`, none of which ends it inside quotes (as in `alpn="h2 h3"`). `at` itself if no word starts there.
 */
export function endOfWord(text: string, at: number): number {
  const quoted = text.charCodeAt(at) === QUOTE
  let inQuotes = false
  for (let i = at; ; i++) {
    const c = i < text.length ? text.charCodeAt(i) : NEWLINE
    if (c > SEMICOLON && c !== BACKSLASH) continue
    if (c === QUOTE) {
      inQuotes = !inQuotes
      if (quoted && !inQuotes) return i + 1
    } else if (c === BACKSLASH) {
      if (i + 1 >= text.length || text.charCodeAt(i + 1) === NEWLINE) throw new WordError('a backslash ends the line')
      i++
    } else if (inQuotes) {
      if (c === NEWLINE) throw new WordError('a quoted string is not closed on its line')
    } else if (isDelimiter(c)) return i
  }
}

/** A word as messages show it: in one short line, whatever was typed. */
export function shown(word: string): string {
  const short = word.length > 60 ? `${word.slice(0, 60)}…` : word
  return /^[!-~…]*$/.test(short) ? short : JSON.stringify(short)
}

/** The words of one record, taken one after the other. */
export class Words {
  /** What relative names among them are relative to. */
  origin: WireName
  #words: readonly string[]
  #taken = 0

  constructor(origin: WireName, words: readonly string[]) {
    this.origin = origin
    this.#words = words
  }

  /** Starts over with other words. */
  refill(words: readonly string[]): void {
    this.#words = words
    this.#taken = 0
  }

  get taken(): number {
    return this.#taken
  }

  get left(): number {
    return this.#words.length - this.#taken
  }

  /** The next word, undefined at the end. */
  peek(): string | undefined {
    return this.#words[this.#taken]
  }

  /** The next word, which is the `what`. Throws WordError if there is none. */
  take(what: string): string {
    const word = this.#words[this.#taken]
    if (word === undefined) throw new WordError(`the ${what} is missing`)
    this.#taken++
    return word
  }

  rest(): readonly string[] {
    const rest = this.#words.slice(this.#taken)
    this.#taken = this.#words.length
    return rest
  }
}

// ---------------------------------------------------------------------------

function isDelimiter(c: number): boolean {
  return c === SPACE || c === TAB || c === NEWLINE || c === RETURN || c === OPEN || c === CLOSE || c === SEMICOLON
}
