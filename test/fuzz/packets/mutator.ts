import type { WireName } from '../../../shared/dns/name.ts'
import type { Random } from '../../random.ts'
import { COUNTS, HEADER, Layout, MAX_MESSAGE } from './layout.ts'
import { CLASSES, DAMAGES, OCTETS, OPT_RECORD, RECORDS, TYPES, VALUES } from './values.ts'

/** Damages messages with an eye for their structure. */
export class Mutator {
  readonly #seeds: readonly Uint8Array[]
  readonly #names: readonly WireName[]
  readonly #random: Random
  readonly #octets = Buffer.alloc(3 * MAX_MESSAGE)
  readonly #layout = new Layout(this.#octets)
  #length = 0

  /** Makes packets of `seeds`, which ask for `names` where the question is left whole. */
  constructor(seeds: readonly Uint8Array[], names: readonly WireName[], random: Random) {
    this.#seeds = seeds
    this.#names = names
    this.#random = random
  }

  /** A packet: one of the seeds, with another question, and a few kinds of damage done to it. */
  next(): Buffer {
    this.#load(this.#pick(this.#seeds))
    const random = this.#random
    this.#octets.writeUInt16BE(random(0x10000), 0)
    if (random(2) > 0) this.#octets[2] = (this.#octets[2] as number) & 0x87 // a query, be it shaped as an update
    if (random(4) > 0) this.#replaceQuestion()
    for (let left = this.#pick(DAMAGES); left > 0 && this.#length > 0; left--) this.#damage()
    return Buffer.from(this.#octets.subarray(0, this.#length)) // a copy: what is kept of it shows the packet, not the next
  }

  #damage(): void {
    const octets = this.#octets
    const { fields, labels, parts } = this.#layout.read(this.#length)
    const random = this.#random
    const at = random(this.#length)
    switch (random(14)) {
      case 0:
        octets[at] = (octets[at] as number) ^ (1 << random(8))
        break
      case 1:
        octets[at] = this.#pick(OCTETS)
        break
      case 2: {
        const field = fields.length > 0 && random(3) > 0 ? this.#pick(fields) : this.#pick(COUNTS)
        const near = octets.readUInt16BE(field) + random(5) - 2
        octets.writeUInt16BE((random(3) === 0 ? near : this.#pick(VALUES)) & 0xffff, field)
        break
      }
      case 3: {
        const target = this.#pick([at, HEADER, 0, 0x3fff, labels.length > 0 ? this.#pick(labels) : at])
        octets.writeUInt16BE(0xc000 | (target & 0x3fff), labels.length > 0 ? this.#pick(labels) : at)
        break
      }
      case 4:
        this.#length = parts.length > 0 && random(3) > 0 ? this.#pick(parts) : at
        break
      case 5:
        this.#append(this.#noise(random(random(50) === 0 ? MAX_MESSAGE : 80)))
        break
      case 6:
        this.#repeatRecord(parts)
        break
      case 7:
        this.#splice(parts)
        break
      case 8:
        this.#addOption()
        break
      case 9:
        this.#addRecord(OPT_RECORD)
        break
      case 10:
        this.#addRecord(this.#pick(RECORDS))
        break
      case 11:
        octets[2] = random(256) & (random(8) === 0 ? 0xff : 0x7f)
        octets[3] = random(256)
        break
      case 12:
        this.#insert(at, this.#noise(1 + random(8)))
        break
      case 13:
        octets.copyWithin(at, at + 1 + random(8), this.#length)
        this.#length -= Math.min(this.#length - at, 1 + random(8))
        break
    }
  }

  #load(seed: Uint8Array): void {
    this.#octets.set(seed)
    this.#length = seed.length
  }

  #append(octets: Uint8Array): void {
    this.#octets.set(octets, this.#length)
    this.#length = Math.min(this.#length + octets.length, MAX_MESSAGE)
  }

  #insert(at: number, octets: Uint8Array): void {
    this.#octets.copyWithin(at + octets.length, at, this.#length)
    this.#octets.set(octets, at)
    this.#length = Math.min(this.#length + octets.length, MAX_MESSAGE)
  }

  /** Asks for a name of the zones or one below it, in any letter case, and for any type. */
  #replaceQuestion(): void {
    const octets = this.#octets
    const { parts } = this.#layout.read(this.#length)
    const [start, end] = parts
    if (octets.readUInt16BE(4) !== 1 || start === undefined || end === undefined) return
    const random = this.#random
    const below = random(3) === 0 ? `\x03${'abc'.repeat(random(2))}www`.slice(0, 4) : ''
    const question = Buffer.from(`${below}${this.#pick(this.#names)}\0\0\0\x01`, 'latin1')
    if (random(3) === 0) swapCase(question, random)
    question.writeUInt16BE(this.#pick(TYPES), question.length - 4)
    if (random(20) === 0) question.writeUInt16BE(this.#pick(CLASSES), question.length - 2)
    octets.copyWithin(start + question.length, end, this.#length)
    octets.set(question, start)
    this.#length += question.length - (end - start)
  }

  #repeatRecord(parts: readonly number[]): void {
    const part = this.#random(Math.max(1, parts.length - 1))
    const [start, end] = [parts[part], parts[part + 1]]
    if (start === undefined || end === undefined) return
    const copy = Buffer.from(this.#octets.subarray(start, end))
    const times = this.#random(20) === 0 ? this.#random(300) : 1
    for (let left = times; left > 0; left--) this.#append(copy)
    this.#count(this.#pick(COUNTS), times)
  }

  /** Goes on as another message does. */
  #splice(parts: readonly number[]): void {
    const other = this.#pick(this.#seeds)
    const random = this.#random
    this.#length = parts.length > 0 && random(2) === 0 ? this.#pick(parts) : random(this.#length)
    this.#append(other.subarray(random(2) === 0 ? Math.min(HEADER, other.length) : random(other.length)))
  }

  #addOption(): void {
    const { opt } = this.#layout
    if (opt === 0) {
      this.#addRecord(OPT_RECORD)
      return
    }
    const body = this.#noise(this.#random(this.#random(10) === 0 ? 300 : 41))
    const option = Buffer.alloc(4 + body.length)
    option.writeUInt16BE(this.#random(3) === 0 ? this.#random(0x10000) : this.#random(20), 0)
    option.writeUInt16BE(body.length, 2)
    option.set(body, 4)
    this.#insert(opt, option)
    const size = this.#octets.readUInt16BE(opt - 2) + option.length
    this.#octets.writeUInt16BE(size & 0xffff, opt - 2)
  }

  #addRecord(record: Uint8Array): void {
    this.#append(record)
    this.#count(this.#random(5) === 0 ? this.#pick(COUNTS) : 10, 1)
  }

  #count(field: number, more: number): void {
    this.#octets.writeUInt16BE((this.#octets.readUInt16BE(field) + more) & 0xffff, field)
  }

  #noise(size: number): Buffer {
    const kind = this.#random(3)
    const noise = Buffer.alloc(size, kind === 0 ? 0 : 0xc0)
    if (kind === 2) for (let i = 0; i < size; i++) noise[i] = this.#random(256)
    return noise
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#random(list.length)] as T
  }
}

// ---------------------------------------------------------------------------

function swapCase(question: Buffer, random: Random): void {
  for (let at = 0; at < question.length - 4; at++) {
    const octet = question[at] as number
    if (octet >= 0x61 && octet <= 0x7a && random(2) === 0) question[at] = octet - 0x20
  }
}
