import { DOT, lowerCase, NEWLINE, RETURN, SPACE, TAB, ZERO } from './ascii.ts'
import { MAX_LABEL, MAX_NAME, type WireName } from './name.ts'
import { WireWriter } from './wire.ts'

/**
 * What most lines of most large master files are: a relative owner name of letters, digits, hyphens and underscores, a TTL and
 * IN, both of which may be left out, A, an address. It is read in half the time that its words would take one by one. All
 * else is left to who reads those, whatever is wrong among it.
 */
export class PlainRecord {
  readonly owner = new WireWriter(new Uint8Array(MAX_NAME))
  readonly rdata = new WireWriter(new Uint8Array(4))
  ttl: number | undefined
  #text = ''
  #at = 0

  /** Reads the line that begins at `at`. Gives where it ends, or -1 if it is no such line. */
  read(text: string, at: number, origin: WireName): number {
    this.#text = text
    this.#at = at
    this.ttl = undefined
    if (!this.#readOwner(origin) || !this.#readTtl()) return -1
    if (this.#skip(CAPITAL_I)) {
      if (!this.#skip(CAPITAL_N) || !this.#skipBlanks()) return -1
      if (this.ttl === undefined && !this.#readTtl()) return -1
    }
    if (!this.#skip(CAPITAL_A) || !this.#skipBlanks() || !this.#readAddress()) return -1
    this.#skipBlanks()
    return this.#at === text.length || text.charCodeAt(this.#at) === NEWLINE ? this.#at : -1
  }

  /** Reads the name and the blanks behind it. */
  #readOwner(origin: WireName): boolean {
    const { octets } = this.owner
    const start = this.#at
    let label = start // where the one that is being read begins
    let at = start
    for (; ; at++) {
      const c = this.#text.charCodeAt(at)
      const length = at - label
      if (isPlain[c] === 1) {
        if (length === MAX_LABEL || at - start + 2 + origin.length > MAX_NAME) return false
        octets[at - start + 1] = lowerCase[c] as number
      } else {
        if (length === 0) return false
        octets[label - start] = length
        if (c !== DOT) break
        label = at + 1
      }
    }
    this.owner.at = at - start + 1
    this.owner.name(origin)
    this.#at = at
    return this.#skipBlanks()
  }

  /** Reads a TTL in seconds and the blanks behind it, if there is one. */
  #readTtl(): boolean {
    let at = this.#at
    let ttl = 0
    for (;;) {
      const digit = this.#text.charCodeAt(at) - ZERO
      if (!(digit >= 0 && digit <= 9)) break
      ttl = 10 * ttl + digit
      at++
    }
    const digits = at - this.#at
    if (digits === 0) return true
    this.ttl = ttl
    this.#at = at
    return digits <= MAX_DIGITS && this.#skipBlanks()
  }

  /** Four numbers from 0 to 255, no leading zeros, with dots. */
  #readAddress(): boolean {
    const { octets } = this.rdata
    let at = this.#at
    for (let i = 0; i < 4; i++) {
      const start = at
      let octet = 0
      for (;;) {
        const digit = this.#text.charCodeAt(at) - ZERO
        if (!(digit >= 0 && digit <= 9)) break
        octet = 10 * octet + digit
        at++
      }
      const digits = at - start
      const leads = digits > 1 && this.#text.charCodeAt(start) === ZERO
      if (digits === 0 || digits > 3 || leads || octet > 255) return false
      octets[i] = octet
      if (i < 3 && this.#text.charCodeAt(at++) !== DOT) return false
    }
    this.rdata.at = 4
    this.#at = at
    return true
  }

  /** Skips a letter, in either case. */
  #skip(capital: number): boolean {
    if ((this.#text.charCodeAt(this.#at) & ~0x20) !== capital) return false
    this.#at++
    return true
  }

  /** False if there are none. */
  #skipBlanks(): boolean {
    const start = this.#at
    while (isBlank(this.#text.charCodeAt(this.#at))) this.#at++
    return this.#at > start
  }
}

// ---------------------------------------------------------------------------

const MAX_DIGITS = 9 // of a TTL that is surely not too large
const CAPITAL_A = 0x41
const CAPITAL_I = 0x49
const CAPITAL_N = 0x4e

const isPlain = Uint8Array.from({ length: 128 }, (_, c) => Number(/[\w-]/.test(String.fromCharCode(c))))

function isBlank(c: number): boolean {
  return c === SPACE || c === TAB || c === RETURN
}
