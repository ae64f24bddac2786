import { parseAddress4, parseAddress6 } from '../shared/dns/address.ts'
import { readable, some } from './config/readable.ts'
import { clientAddress } from './listeners/client.ts'

/** Tells whether an address, as Node writes it, is in some set. */
export interface Clients {
  (address: string): boolean
  /** The same for an address in words, see `wordsOf`. */
  readonly words: WordsOfClients
}

export type WordsOfClients = (address: Uint32Array) => boolean

/** The addresses that are in one of these blocks: `192.0.2.0/24`, `2001:db8::/32`, or one address. Throws an Error that says what is wrong. */
export function clientsIn(blocks: readonly string[]): Clients {
  const parsed = blocks.map(parseBlock)
  // Two lists, for ::/0 does not hold IPv4.
  const [ipv4, ipv6] = [1, 4].map(
    (width) =>
      new Ranges(
        parsed.filter((block) => block.width === width),
        width,
      ),
  )
  const words: WordsOfClients = (address) =>
    address.length > 0 && ((address.length === 1 ? ipv4 : ipv6)?.holds(address) ?? false)
  return Object.assign((address: string) => words(wordsOf(address)), { words })
}

/** What a configuration may say of blocks. */
export const blocks = some(readable(parseBlock))

/**
 * The words of 32 bits of an address as Node writes it: one of IPv4, four of IPv6, none of what is no address. Good until
 * the next call.
 */
export function wordsOf(address: string): Uint32Array {
  if (address === parsedLast) return words // of one request, by several links and rules
  parsedLast = address
  const plain = clientAddress(address)
  const quad = parseAddress4(plain)
  if (quad === undefined) {
    words = read6(plain)
  } else {
    words4[0] = quad
    words = words4
  }
  return words
}

// ---------------------------------------------------------------------------

const NONE = new Uint32Array(0)
const words4 = new Uint32Array(1)
const words6 = new Uint32Array(4)
let words: Uint32Array = NONE
let parsedLast = ''

function read6(address: string): Uint32Array {
  const octets = parseAddress6(address)
  if (octets === undefined) return NONE
  const view = new DataView(octets.buffer, octets.byteOffset)
  for (let i = 0; i < words6.length; i++) words6[i] = view.getUint32(4 * i)
  return words6
}

interface Block {
  readonly first: bigint
  readonly last: bigint
  /** Words of an address. */
  readonly width: 1 | 4
}

function parseBlock(text: string): Block {
  const [, address = '', digits] = /^([^/%]*)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const quad = parseAddress4(address)
  const octets = quad === undefined ? parseAddress6(address) : undefined
  if (quad === undefined && octets === undefined) {
    throw new Error(`"${text}" is not an address block as 192.0.2.0/24 or 2001:db8::/32`)
  }
  const value = octets === undefined ? BigInt(quad ?? 0) : BigInt(`0x${Buffer.from(octets).toString('hex')}`)
  if (octets !== undefined && value >> 32n === 0xffffn) throw new Error(`"${text}": IPv4 is written as IPv4`)
  const bits = octets === undefined ? 32 : 128
  const prefix = digits === undefined ? bits : Number(digits)
  if (prefix > bits) throw new Error(`"${text}": a prefix of IPv${bits === 32 ? 4 : 6} has at most ${bits} bits`)
  const size = 1n << BigInt(bits - prefix)
  const first = value - (value % size)
  return { first, last: first + size - 1n, width: bits === 32 ? 1 : 4 }
}

/** Ranges of numbers of so many words, sorted and apart from each other, so that the one to look into is found by halving. */
class Ranges {
  readonly #firsts: Uint32Array
  readonly #lasts: Uint32Array
  readonly #count: number
  readonly #width: number

  constructor(blocks: readonly Block[], width: number) {
    const apart = outermost(blocks)
    this.#count = apart.length
    this.#width = width
    this.#firsts = Uint32Array.from(apart.flatMap(({ first }) => toWords(first, width)))
    this.#lasts = Uint32Array.from(apart.flatMap(({ last }) => toWords(last, width)))
  }

  holds(value: Uint32Array): boolean {
    let low = 0
    let high = this.#count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#compare(this.#firsts, middle, value) <= 0) low = middle + 1
      else high = middle
    }
    return low > 0 && this.#compare(this.#lasts, low - 1, value) >= 0
  }

  #compare(list: Uint32Array, index: number, value: Uint32Array): number {
    const start = index * this.#width
    for (let i = 0; i < this.#width; i++) {
      const difference = (list[start + i] as number) - (value[i] as number)
      if (difference !== 0) return difference
    }
    return 0
  }
}

/** Blocks lie within each other or apart: those that lie in no other, in order. */
function outermost(blocks: readonly Block[]): Block[] {
  const largestFirst = blocks.toSorted((a, b) => compare(a.first, b.first) || compare(b.last, a.last))
  const apart: Block[] = []
  for (const block of largestFirst) {
    const before = apart.at(-1)
    if (before === undefined || block.first > before.last) apart.push(block)
  }
  return apart
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b)
}

function toWords(value: bigint, width: number): number[] {
  return Array.from({ length: width }, (_, i) => Number((value >> BigInt(32 * (width - 1 - i))) & 0xffffffffn))
}
