/** Regular expressions as CoreDNS takes them (RE2), without what needs backtracking: references back and looking around. */

/** What one character may be: 1 at the codes that are allowed. */
export type Characters = Uint8Array

export type Node =
  | { readonly kind: 'one'; readonly of: Characters }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'sequence' | 'either'; readonly of: readonly Node[] }
  | { readonly kind: 'group'; readonly number: number; readonly of: Node }
  | {
      readonly kind: 'repeat'
      readonly of: Node
      readonly least: number
      readonly most: number
      readonly lazy: boolean
    }

export interface Syntax {
  readonly node: Node
  /** Groups that capture, the whole match counted. */
  readonly groups: number
}

/** Characters of names in presentation form, which is ASCII. */
export const CODES = 128

/** Reads a pattern; letters match whatever their case is in it, as names are in lower case. Throws an Error that says what is wrong. */
export function parsePattern(text: string): Syntax {
  const parser = new Parser(text)
  return { node: parser.whole(), groups: parser.groups }
}

// ---------------------------------------------------------------------------

const MAX_REPEAT = 255 // no name has more octets
const MAX_DEPTH = 50
const MAX_GROUPS = 20 // each of them costs time at each step

class Parser {
  groups = 1
  readonly #text: string
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  whole(): Node {
    const node = this.#either()
    if (this.#at < this.#text.length) throw new Error('a ) closes no group')
    return node
  }

  #either(): Node {
    const of = [this.#sequence()]
    while (this.#takes('|')) of.push(this.#sequence())
    return of.length === 1 ? (of[0] as Node) : { kind: 'either', of }
  }

  #sequence(): Node {
    const of: Node[] = []
    for (let next = this.#peek(); next !== '' && next !== '|' && next !== ')'; next = this.#peek()) {
      of.push(this.#repeated(this.#atom()))
    }
    return { kind: 'sequence', of }
  }

  #atom(): Node {
    const c = this.#take()
    if (c === '(') return this.#group()
    if (c === '[') return { kind: 'one', of: this.#class() }
    if (c === '.') return { kind: 'one', of: new Uint8Array(CODES).fill(1) }
    if (c === '^') return { kind: 'start' }
    if (c === '$') return { kind: 'end' }
    if (c === '\\') return { kind: 'one', of: this.#escape() }
    if ('*+?{'.includes(c)) throw new Error(`there is nothing before ${c} that it could repeat`)
    return { kind: 'one', of: range(codeOf(c), codeOf(c)) }
  }

  #group(): Node {
    if (++this.#depth > MAX_DEPTH) throw new Error('groups are nested too deeply')
    const captures = !this.#takes('?:')
    if (this.#peek() === '?') throw new Error('of groups that begin with (? there is (?: only')
    const number = captures ? this.groups++ : 0
    if (number > MAX_GROUPS) throw new Error(`there are at most ${MAX_GROUPS} groups that capture`)
    const of = this.#either()
    if (!this.#takes(')')) throw new Error('a group is not closed')
    this.#depth--
    return captures ? { kind: 'group', number, of } : of
  }

  #class(): Characters {
    const negated = this.#takes('^')
    const of = new Uint8Array(CODES)
    for (let first = true; first || this.#peek() !== ']'; first = false) {
      const low = this.#member()
      const isRange = typeof low === 'number' && this.#peek() === '-' && this.#text[this.#at + 1] !== ']'
      if (!isRange) {
        add(of, typeof low === 'number' ? range(low, low) : low)
        continue
      }
      this.#take()
      const high = this.#member()
      if (typeof high !== 'number' || high < low) throw new Error('a range in [ ] does not rise')
      add(of, range(low, high))
    }
    this.#take()
    return negated ? of.map((allowed) => 1 - allowed) : of
  }

  /** One character of a class, or what an escape such as \d stands for. */
  #member(): number | Characters {
    const c = this.#take()
    if (c === '') throw new Error('a [ is not closed')
    if (c !== '\\') return codeOf(c)
    return SETS[this.#peek()] === undefined ? this.#literal() : this.#escape()
  }

  #escape(): Characters {
    const set = SETS[this.#peek()]
    if (set === undefined) {
      const code = this.#literal()
      return range(code, code)
    }
    this.#take()
    return set
  }

  #literal(): number {
    const c = this.#take()
    if (c === '' || /[a-z0-9]/i.test(c))
      throw new Error(`\\${c} is not known: there are \\d \\w \\s \\D \\W \\S and \\.`)
    return codeOf(c)
  }

  #repeated(of: Node): Node {
    const bounds = this.#bounds()
    if (bounds === undefined) return of
    if (of.kind === 'start' || of.kind === 'end') throw new Error('^ and $ cannot be repeated')
    const [least, most] = bounds
    const repeat: Node = { kind: 'repeat', of, least, most, lazy: this.#takes('?') }
    if (this.#bounds() !== undefined) throw new Error('a repetition is repeated')
    return repeat
  }

  #bounds(): readonly [number, number] | undefined {
    if (this.#takes('*')) return [0, Number.POSITIVE_INFINITY]
    if (this.#takes('+')) return [1, Number.POSITIVE_INFINITY]
    if (this.#takes('?')) return [0, 1]
    if (this.#peek() !== '{') return undefined
    const [all, low, comma, high] = /^\{(\d{1,3})(,?)(\d{0,3})\}/.exec(this.#text.slice(this.#at)) ?? []
    if (all === undefined) throw new Error('a { does not begin a repetition such as {2} or {1,3}')
    this.#at += all.length
    const least = Number(low)
    const most = comma === '' ? least : high === '' ? Number.POSITIVE_INFINITY : Number(high)
    const ends = most === Number.POSITIVE_INFINITY ? least : most
    if (least > most || ends > MAX_REPEAT) throw new Error(`${all} is no repetition of at most ${MAX_REPEAT} times`)
    return [least, most]
  }

  #peek(): string {
    return this.#text[this.#at] ?? ''
  }

  #take(): string {
    return this.#text[this.#at++] ?? ''
  }

  #takes(text: string): boolean {
    const is = this.#text.startsWith(text, this.#at)
    if (is) this.#at += text.length
    return is
  }
}

function codeOf(c: string): number {
  const code = c.charCodeAt(0)
  if (code >= CODES) throw new Error(`${JSON.stringify(c)} is in no name: octets above 127 are written as \\\\DDD`)
  return code
}

/** The characters from one to another, capitals as small letters, too. */
function range(low: number, high: number): Characters {
  const of = new Uint8Array(CODES)
  for (let code = low; code <= high; code++) of[String.fromCharCode(code).toLowerCase().charCodeAt(0)] = 1
  return of
}

function add(to: Characters, of: Characters): void {
  for (let code = 0; code < CODES; code++) if (of[code] === 1) to[code] = 1
}

function matching(pattern: RegExp): Characters {
  return Uint8Array.from({ length: CODES }, (_, code) => Number(pattern.test(String.fromCharCode(code))))
}

const SETS: Readonly<Record<string, Characters>> = {
  d: matching(/\d/),
  D: matching(/\D/),
  w: matching(/\w/),
  W: matching(/\W/),
  s: matching(/\s/),
  S: matching(/\S/),
}
