import { Type } from '../../shared/dns/codes.ts'
import { ZONES } from '../table/entry.ts'
import { Labels } from '../table/labels.ts'
import type { TableReader } from '../table/reader.ts'
import { canBeAsked } from './plain-types.ts'

/** An ordinary question, as it stands in a message: what of it is needed to answer it. */
export class Question {
  readonly labels: Labels
  start = 0
  /** Octets of the message. */
  length = 0
  /** Where the question ends, and where an answer begins. */
  end = 0
  type = 0
  /** OPT records, one at most. */
  options = 0
  dnssecOk = false
  /** Octets that the reply may have. */
  limit = 0
  /** The entry of the closest zone above the name, and the label that its apex begins with. */
  zone = 0
  apex = 0

  constructor(octets: Uint8Array, seed: number) {
    this.labels = new Labels(octets, seed)
  }

  /** Reads a message. False if it is not ordinary, or about no zone that is served; then all of this means nothing. */
  read(start: number, length: number, udpSize: number, reader: TableReader): boolean {
    const { labels } = this
    const { view } = labels
    const end = start + length
    if (length < MIN_SIZE) return false
    if ((view.getUint16(start + 2) & UNUSUAL) !== 0 || view.getInt32(start + 4) !== ONE_QUESTION) return false
    const options = view.getInt32(start + 8)
    if (options > 1 || options < 0 || !labels.read(start + HEADER_SIZE, end)) return false
    const nameEnd = (labels.starts[labels.count] as number) + 1
    const questionEnd = nameEnd + 4
    if (questionEnd + options * OPT_SIZE !== end || view.getUint16(nameEnd + 2) !== CLASS_IN) return false
    const type = view.getUint16(nameEnd)
    if (canBeAsked[type] === 0) return false
    let limit = MIN_UDP
    let dnssecOk = false
    if (options === 1) {
      // The root, the type and the upper half of the size; then rcode, version and flags; no options.
      if (view.getInt32(questionEnd) >>> 8 !== Type.OPT) return false
      if (view.getUint8(questionEnd + 6) !== 0 || view.getUint16(questionEnd + 9) !== 0) return false
      limit = Math.min(Math.max(view.getUint16(questionEnd + 3), MIN_UDP), udpSize)
      dnssecOk = (view.getUint8(questionEnd + 7) & 0x80) !== 0
    }
    this.start = start
    this.length = length
    this.end = questionEnd
    this.type = type
    this.options = options
    this.dnssecOk = dnssecOk
    this.limit = limit
    return this.#findZone(reader)
  }

  /** Octets that records may take. */
  get room(): number {
    return this.limit - this.options * OPT_SIZE - (this.end - this.start)
  }

  #findZone(reader: TableReader): boolean {
    const { labels } = this
    const { count } = labels
    for (let apex = 0; apex <= count; apex++) {
      if (!reader.mayBeApex(count - apex)) continue
      const zone = reader.find(ZONES, labels, apex, count)
      if (zone === 0) continue
      this.zone = zone
      this.apex = apex
      return true
    }
    return false
  }
}

export const OPT_SIZE = 11
/** The counts of questions and answers in the header of a message with one question. */
export const ONE_QUESTION = 0x00010000

// ---------------------------------------------------------------------------

const HEADER_SIZE = 12
/** A header, the root, a type and a class. */
const MIN_SIZE = HEADER_SIZE + 5
const CLASS_IN = 1
const MIN_UDP = 512
/** QR, opcode, AA, TC and rcode: all but RD and the bits of resolvers. */
const UNUSUAL = 0xfe0f
