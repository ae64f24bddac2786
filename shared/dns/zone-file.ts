import { NINE } from './ascii.ts'
import { Type } from './codes.ts'
import { parseDuration } from './duration.ts'
import { MAX_NAME, NameError, parseName, type WireName, writeName } from './name.ts'
import { PlainRecord } from './plain-record.ts'
import { parseRdataWords, RdataError, typeMnemonic, typeNumber } from './rdata.ts'
import type { RRset } from './rrset.ts'
import { MAX_MESSAGE, WireWriter } from './wire.ts'
import { shown, WordError, type Words } from './words.ts'
import { ZoneError, type ZoneName, ZoneRRsets } from './zone-rrsets.ts'
import { ZoneScanner } from './zone-scanner.ts'

/** A zone file that is refused; `message` is `FILE:LINE: REASON`. */
export class ZoneFileError extends Error {
  override name = 'ZoneFileError'
  readonly line: number

  constructor(file: string, line: number, reason: string, options?: ErrorOptions) {
    super(`${file}:${line}: ${reason}`, options)
    this.line = line
  }
}

export interface ZoneFileOptions {
  /** The zone's apex, and what relative names are relative to until `$ORIGIN` says otherwise. */
  readonly origin: WireName
  /** For messages only. */
  readonly file: string
}

/**
 * The names of a master file (RFC 1035 5, RFC 2308 4) with their RRsets, the apex with the SOA of the zone first.
 * Throws ZoneFileError at the first line that is not understood or does not belong in the zone.
 *
 * RRs given twice count once. Where the RRs of an RRset differ in TTL, all get the lowest, as a resolver would treat
 * them (RFC 2181 5.2).
 */
export function readZoneFile(text: string, { origin, file }: ZoneFileOptions): Iterable<ZoneName> {
  const scanner = new ZoneScanner(text, origin)
  const rrsets = new ZoneRRsets(origin, Math.ceil(text.length / NAME_LENGTH))
  const reader = new EntryReader(rrsets)
  const plain = new PlainRecord()
  try {
    for (;;) {
      if (scanner.nextPlain(plain)) reader.readPlain(plain)
      else if (scanner.next()) reader.read(scanner.words, scanner.ownerOmitted)
      else break
    }
    rrsets.finish()
    return rrsets.names()
  } catch (error) {
    if (!(error instanceof Error && isRefusal(error))) throw error
    throw new ZoneFileError(file, scanner.faultLine(), error.message, { cause: error })
  }
}

/** The RRsets that readZoneFile gives, all at once. */
export function parseZoneFile(text: string, options: ZoneFileOptions): readonly RRset[] {
  return Array.from(readZoneFile(text, options), ({ octets, start, end, rrsets }) => {
    const owner = Buffer.from(octets.subarray(start, end)).toString('latin1') as WireName
    return rrsets.map((rrset) => ({ owner, ...rrset }))
  }).flat()
}

// ---------------------------------------------------------------------------

const rdata = new WireWriter(new Uint8Array(MAX_MESSAGE))
/** Characters that a name takes in a file with its records; the least that is usual, as unused room costs nothing. */
const NAME_LENGTH = 20
const MAX_TTL = 2 ** 31 - 1 // RFC 2181 8

/** Reads entries one by one, each against what those before it said. */
class EntryReader {
  readonly #rrsets: ZoneRRsets
  readonly #name = new WireWriter(new Uint8Array(MAX_NAME))
  #owner: number | undefined
  #defaultTtl: number | undefined // of $TTL
  #lastTtl: number | undefined

  constructor(rrsets: ZoneRRsets) {
    this.#rrsets = rrsets
  }

  read(words: Words, ownerOmitted: boolean): void {
    if (ownerOmitted) {
      if (this.#owner === undefined) throw new ZoneError('there is no line before that gives an owner name')
    } else {
      const first = words.take('owner name')
      if (first.startsWith('$')) {
        this.#readDirective(first, words)
        return
      }
      this.#name.at = 0
      writeName(first, words.origin, this.#name)
      this.#owner = this.#rrsets.owner(this.#name)
    }
    this.#readRecord(this.#owner, words)
  }

  /** As `read`, of an entry that says what the record says. */
  readPlain(record: PlainRecord): void {
    this.#owner = this.#rrsets.owner(record.owner)
    this.#rrsets.add(this.#owner, Type.A, this.#ttlOf(Type.A, record.ttl), record.rdata)
  }

  #readDirective(directive: string, words: Words): void {
    const name = directive.toUpperCase()
    if (name === '$ORIGIN') words.origin = parseName(words.take('origin'), words.origin)
    else if (name === '$TTL') this.#defaultTtl = readTtl(words.take('TTL'))
    else if (name === '$INCLUDE') throw new ZoneError('$INCLUDE is not supported: put the records into this file')
    else throw new ZoneError(`${shown(directive)} is not a directive: there are $ORIGIN and $TTL`)
    if (words.left > 0) throw new ZoneError(`${shown(words.take('rest'))} is more than ${name} takes`)
  }

  /** The TTL and the class, in either order, both of which may be left out, then type and rdata (RFC 1035 5.1). */
  #readRecord(owner: number, words: Words): void {
    let ttl: number | undefined
    let classGiven = false
    let word = words.take('type')
    for (;;) {
      const isTtl = word.charCodeAt(0) <= NINE // no mnemonic starts with a digit
      if (isTtl ? ttl !== undefined : classGiven || !isClass(word)) break
      if (isTtl) ttl = readTtl(word)
      else classGiven = true
      word = words.take('type')
    }
    const type = typeNumber(word)
    if (type === undefined)
      throw new ZoneError(
        `${shown(word)} is not a record type known here: others are written as TYPE65400 \\# LENGTH HEXADECIMAL (RFC 3597 5)`,
      )
    rdata.at = 0
    readRdata(type, words, rdata)
    this.#rrsets.add(owner, type, this.#ttlOf(type, ttl), rdata)
  }

  /** RFC 2308 4: what is given, else `$TTL`, else the last one given (RFC 1035 5.1), else the minimum of the SOA. */
  #ttlOf(type: number, given: number | undefined): number {
    const ttl = given ?? this.#defaultTtl ?? this.#lastTtl ?? (type === Type.SOA ? minimumOf(rdata) : undefined)
    if (ttl === undefined) throw new ZoneError('there is no TTL: give one here or with $TTL')
    if (given !== undefined || this.#lastTtl === undefined) this.#lastTtl = ttl
    return ttl
  }
}

function isRefusal(error: Error): boolean {
  return [NameError, RdataError, WordError, ZoneError].some((kind) => error instanceof kind)
}

function isClass(word: string): boolean {
  if (word === 'IN' || word === 'in') return true
  if (!/^(IN|CH|CS|HS|CLASS\d+)$/i.test(word)) return false
  if (!/^(IN|CLASS1)$/i.test(word)) throw new ZoneError(`the class must be IN, not ${shown(word)}`)
  return true
}

function readTtl(word: string): number {
  const ttl = parseDuration(word)
  if (ttl === undefined) throw new ZoneError(`the TTL must be a time as 3600 or 1h30m, not ${shown(word)}`)
  if (ttl > MAX_TTL)
    throw new ZoneError(`the TTL is ${shown(word)}, at most ${MAX_TTL} seconds are allowed (RFC 2181 8)`)
  return ttl
}

function readRdata(type: number, words: Words, out: WireWriter): void {
  try {
    parseRdataWords(type, words, out)
  } catch (error) {
    if (error instanceof RdataError) throw new ZoneError(`${typeMnemonic(type)}: ${error.message}`, { cause: error })
    throw error
  }
}

/** The last field of an SOA (RFC 1035 3.3.13). */
function minimumOf({ octets, at }: WireWriter): number {
  return new DataView(octets.buffer, octets.byteOffset + at - 4).getUint32(0)
}
