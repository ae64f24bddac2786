import { endOfWord, WordError } from './words.ts'

/** Cuts a master file into entries: the words of a line, or of several that parentheses join (RFC 1035 5.1). */
export class ZoneScanner {
  /** Of the entry read last. */
  words: string[] = []
  /** The entry starts with a blank, so its owner name is that of the entry before. */
  ownerOmitted = false
  readonly #text: string
  #at: number
  #line = 1
  /** Where each word stands. */
  #lines: number[] = []

  constructor(text: string) {
    this.#text = text
    this.#at = text.startsWith('\ufeff') ? 1 : 0 // a byte order mark
  }

  /** Reads the next entry; false at the end of the file. Throws WordError. */
  next(): boolean {
    const text = this.#text
    this.words = []
    this.#lines = []
    let opened: number | undefined // line of the parenthesis that is open
    let at = this.#at
    let lineStart = at
    for (; at < text.length; ) {
      const c = text.charCodeAt(at)
      if (c === SPACE || c === TAB || c === RETURN) {
        at++
      } else if (c === NEWLINE) {
        at++
        this.#line++
        if (opened === undefined && this.words.length > 0) {
          this.#at = at
          return true
        }
        if (opened === undefined) lineStart = at
      } else if (c === SEMICOLON) {
        const end = text.indexOf('\n', at)
        at = end === -1 ? text.length : end
      } else if (c === OPEN) {
        if (opened !== undefined) throw new WordError('parentheses cannot be nested')
        opened = this.#line
        at++
      } else if (c === CLOSE) {
        if (opened === undefined) throw new WordError('a parenthesis is closed that was not opened')
        opened = undefined
        at++
      } else {
        if (this.words.length === 0) this.ownerOmitted = at > lineStart && isBlank(text.charCodeAt(lineStart))
        const end = endOfWord(text, at)
        this.words.push(text.slice(at, end))
        this.#lines.push(this.#line)
        at = end
      }
    }
    this.#at = at
    if (opened !== undefined) {
      this.#line = opened
      this.#lines = []
      throw new WordError('a parenthesis is opened that is not closed')
    }
    return this.words.length > 0
  }

  /** The line of the word before the entry's word number `position`, for messages. */
  lineOf(position: number): number {
    return this.#lines[position - 1] ?? this.#line
  }
}

// ---------------------------------------------------------------------------

const TAB = 0x09
const NEWLINE = 0x0a
const RETURN = 0x0d
const SPACE = 0x20
const OPEN = 0x28
const CLOSE = 0x29
const SEMICOLON = 0x3b

function isBlank(c: number): boolean {
  return c === SPACE || c === TAB
}
