import { CLOSE, NEWLINE, OPEN, RETURN, SEMICOLON, SPACE, TAB } from './ascii.ts'
import type { WireName } from './name.ts'
import type { PlainRecord } from './plain-record.ts'
import { endOfWord, WordError, Words } from './words.ts'

/** Cuts a master file into entries: the words of a line, or of several that parentheses join (RFC 1035 5.1). */
export class ZoneScanner {
  /** Of the entry read last. */
  readonly words: Words
  /** The entry starts with a blank, so its owner name is that of the entry before. */
  ownerOmitted = false
  readonly #text: string
  #at: number
  #line = 1
  /** Where the entry starts, at first the file. */
  #start: number
  #startLine = 1
  #complete = false

  constructor(text: string, origin: WireName) {
    this.words = new Words(origin, [])
    this.#text = text
    this.#start = text.startsWith('\ufeff') ? 1 : 0 // a byte order mark
    this.#at = this.#start
  }

  /** Reads the next entry; false at the end of the file. Throws WordError. */
  next(): boolean {
    this.#start = this.#at
    this.#startLine = this.#line
    this.#complete = false
    const words = this.#read(Number.POSITIVE_INFINITY)
    this.#complete = true
    this.words.refill(words)
    return words.length > 0
  }

  /** Reads the next entry if it is a plain one of one line; false if it is to be read with `next`. */
  nextPlain(record: PlainRecord): boolean {
    const isBehindLine = this.#text.charCodeAt(this.#at) === NEWLINE
    const end = record.read(this.#text, isBehindLine ? this.#at + 1 : this.#at, this.words.origin)
    if (end === -1) return false
    if (isBehindLine) this.#line++
    this.#at = end
    this.#complete = false // a fault is in its only line
    return true
  }

  /** Where a fault is, for messages: the line of the last word taken, or of what no entry could be made of. */
  faultLine(): number {
    if (this.#complete && this.words.taken > 0) {
      this.#at = this.#start
      this.#line = this.#startLine
      this.#read(this.words.taken)
    }
    return this.#line
  }

  /** The words up to the end of the entry, at most `limit`. */
  #read(limit: number): string[] {
    const text = this.#text
    const words: string[] = []
    let opened = 0 // line of the parenthesis that is open
    let lineStart = this.#at
    let at = lineStart
    while (at < text.length && words.length < limit) {
      const c = text.charCodeAt(at)
      if (c === SPACE || c === TAB || c === RETURN) {
        at++
      } else if (c === NEWLINE) {
        if (opened === 0 && words.length > 0) break
        at++
        this.#line++
        if (opened === 0) lineStart = at
      } else if (c === SEMICOLON) {
        const end = text.indexOf('\n', at)
        at = end === -1 ? text.length : end
      } else if (c === OPEN) {
        if (opened > 0) throw new WordError('parentheses cannot be nested')
        opened = this.#line
        at++
      } else if (c === CLOSE) {
        if (opened === 0) throw new WordError('a parenthesis is closed that was not opened')
        opened = 0
        at++
      } else {
        if (words.length === 0) this.ownerOmitted = isBlank(text.charCodeAt(lineStart))
        if (words.length === MAX_WORDS) throw new WordError(`a record of more than ${MAX_WORDS} words is too long`)
        const end = endOfWord(text, at)
        words.push(text.slice(at, end))
        at = end
      }
    }
    this.#at = at
    if (opened > 0 && words.length < limit) {
      this.#line = opened
      throw new WordError('a parenthesis is opened that is not closed')
    }
    return words
  }
}

// ---------------------------------------------------------------------------

const MAX_WORDS = 1 << 18 // more than rdata of 65535 octets takes, be it one hexadecimal digit a word

function isBlank(c: number): boolean {
  return c === SPACE || c === TAB
}
