import { lowerCase } from './ascii.ts'
import { MAX_LABEL, MAX_NAME, type WireName } from './name.ts'

/** Octets that are not what the protocol allows there; `message` says what was expected. */
export class WireError extends Error {
  override name = 'WireError'
}

/** Octets a DNS message may take at most, and so its rdata (RFC 1035 4.2.2). */
export const MAX_MESSAGE = 65535

/** Reads numbers, octets and names in order; every method throws WireError at the end of the octets. */
export class WireReader {
  readonly octets: Uint8Array
  readonly end: number
  at: number
  readonly #pointers: boolean

  /** With `pointers`, names may be compressed against `octets`, which then is a whole message (RFC 1035 4.1.4). */
  constructor(octets: Uint8Array, at = 0, end = octets.length, pointers = false) {
    this.octets = octets
    this.at = at
    this.end = end
    this.#pointers = pointers
  }

  get left(): number {
    return this.end - this.at
  }

  u8(): number {
    return this.octets[this.#advance(1)] as number
  }

  u16(): number {
    return (this.u8() << 8) | this.u8()
  }

  u32(): number {
    return ((this.u16() << 16) | this.u16()) >>> 0
  }

  /** The next `length` octets, as a view. */
  take(length: number): Uint8Array {
    const from = this.#advance(length)
    return this.octets.subarray(from, from + length)
  }

  /** A domain name, in lower case. */
  name(): WireName {
    nameWriter.at = 0
    this.copyName(nameWriter)
    return nameOctets.toString('latin1', 0, nameWriter.at) as WireName
  }

  /** Copies a domain name, in full and in lower case. Pointers lead strictly backwards, so that reading ends. */
  copyName(to: WireWriter): void {
    const { octets } = this
    const out = to.octets
    const start = to.at
    let at = start
    let from = this.at
    let earliest = from // where what was read so far begins
    let end = this.end
    let after = -1 // behind the first pointer
    let hops = 0
    for (;;) {
      if (from >= end) throw new WireError('a name ends early')
      const length = octets[from] as number
      if (length > MAX_LABEL) {
        if (!this.#pointers || length < 0xc0) throw new WireError('a label is of an unknown kind')
        if (from + 1 >= end) throw new WireError('a compression pointer ends early')
        if (after === -1) after = from + 2
        from = ((length & 0x3f) << 8) | (octets[from + 1] as number)
        if (from >= earliest || from < HEADER_SIZE || ++hops > MAX_HOPS) {
          throw new WireError('a compression pointer does not lead back')
        }
        end = earliest
        earliest = from
        continue
      }
      const next = from + 1 + length
      if (next > end) throw new WireError('a label ends early')
      if (at - start + 1 + length > MAX_NAME) throw new WireError('a name is longer than 255 octets')
      while (from < next) out[at++] = lowerCase[octets[from++] as number] as number
      if (length === 0) break
    }
    this.at = after === -1 ? from : after
    to.at = at
  }

  #advance(length: number): number {
    const from = this.at
    if (from + length > this.end) throw new WireError(`${length} octets expected, ${this.left} are left`)
    this.at = from + length
    return from
  }
}

/** Appends numbers, octets and names; what goes beyond the room of `octets` is lost, so callers check `at`. */
export class WireWriter {
  readonly octets: Uint8Array
  at = 0

  constructor(octets: Uint8Array) {
    this.octets = octets
  }

  u8(value: number): void {
    this.octets[this.at++] = value
  }

  u16(value: number): void {
    this.octets[this.at++] = value >>> 8
    this.octets[this.at++] = value
  }

  u32(value: number): void {
    this.u16(value >>> 16)
    this.u16(value & 0xffff)
  }

  /** The first `length` octets of these. */
  bytes(octets: Uint8Array, length = octets.length): void {
    const { at, octets: out } = this
    if (length <= SMALL) for (let i = 0; i < length; i++) out[at + i] = octets[i] as number
    else if (at + length <= out.length) out.set(length === octets.length ? octets : octets.subarray(0, length), at)
    this.at = at + length
  }

  /** A domain name, in full. */
  name(name: WireName): void {
    const { at, octets: out } = this
    const { length } = name
    for (let i = 0; i < length; i++) out[at + i] = name.charCodeAt(i)
    this.at = at + length
  }

  /** Told that what was written from `start` on is a name that may be compressed (RFC 3597 4); here it stays in full. */
  compress(_start: number): void {}

  /** A copy of what was written from `start` on. */
  slice(start = 0): Uint8Array {
    return this.octets.slice(start, this.at)
  }
}

// ---------------------------------------------------------------------------

const HEADER_SIZE = 12
const MAX_HOPS = 127 // no name has more labels, so no honest one has more pointers
const SMALL = 64 // below this a loop is quicker than TypedArray.set
const nameOctets = Buffer.alloc(MAX_NAME)
const nameWriter = new WireWriter(nameOctets)
