import { Class, Rcode, Type } from '../../shared/dns/codes.ts'
import { encodeReply } from '../../shared/dns/encode-reply.ts'
import type { WireName } from '../../shared/dns/name.ts'
import type { RRset } from '../../shared/dns/rrset.ts'

/**
 * The data of the entry of a zone, in words: its number, how many of its names hide others, and the authority section of
 * its negative answers: number of octets (0 if the zone is not served), the places in it of compression pointers (RFC 1035
 * 4.1.4), which depend on where the apex stands in the question, two hashes, and the octets.
 */
export const NUMBER = 0
/** Comes and goes in place. */
export const HIDING = 1
export const SECTION_SIZE = 2
/** MAX_POINTERS words, each one more than the place of a pointer, and above that what to add to where the apex stands; 0 is none. */
export const POINTERS = 3
export const MAX_POINTERS = 3
/** Hashes of the names one label below the apex that MNAME and RNAME are at or below: a question there could be pointed at, too. */
export const NEAR = POINTERS + MAX_POINTERS
export const SECTION = NEAR + 2

/** A pointer to within the section itself, whose place is that of the section and not of the apex. */
export const WITHIN = 0x8000

/** The authority section of negative answers of a zone, as the encoder makes it for a question for the apex. */
export interface NegativeSection {
  readonly octets: Uint8Array
  readonly pointers: readonly number[]
}

export function negativeSection(soa: RRset): NegativeSection {
  const { owner: apex } = soa
  const wire = new Uint8Array(apex.length + 4)
  for (let i = 0; i < apex.length; i++) wire[i] = apex.charCodeAt(i)
  const question = { name: apex, type: Type.A, class: Class.IN, wire }
  const query = { id: 0, opcode: 0, rd: false, cd: false, questions: 1, question, edns: undefined }
  const reply = { rcode: Rcode.NOERROR, aa: true, answer: [], authority: [soa], additional: [] }
  const start = HEADER_SIZE + wire.length
  const message = encodeReply(query, reply, 65535)
  const octets = message.slice(start)
  const rdata = skipName(octets, 0) + RR_FIXED
  const rname = skipName(octets, rdata)
  const ends = [skipName(octets, 0), rname, skipName(octets, rname)]
  const pointers = ends.flatMap((end) => {
    const at = end - 2
    const target = ((octets[at] as number) << 8) | (octets[at + 1] as number)
    if (target < 0xc000) return [] // a name that is written whole ends with the root
    const place = target - 0xc000
    return [(at + 1) | ((place < start ? place - HEADER_SIZE : (place - start) | WITHIN) << 16)]
  })
  return { octets, pointers }
}

/** Of the names in an SOA: MNAME and RNAME (RFC 1035 3.3.13). */
export function namesOf(soa: RRset): readonly [WireName, WireName] {
  const text = Buffer.from(soa.rdata[0] ?? new Uint8Array()).toString('latin1')
  const end = nameEnd(text, 0)
  return [text.slice(0, end) as WireName, text.slice(end, nameEnd(text, end)) as WireName]
}

// ---------------------------------------------------------------------------

const HEADER_SIZE = 12
const RR_FIXED = 10

/** Where a name ends, which may do so with a pointer. */
function skipName(octets: Uint8Array, start: number): number {
  for (let at = start; ; at += 1 + (octets[at] as number)) {
    const length = octets[at] as number
    if (length >= 0xc0) return at + 2
    if (length === 0) return at + 1
  }
}

function nameEnd(text: string, start: number): number {
  let at = start
  while (text.charCodeAt(at) > 0) at += 1 + text.charCodeAt(at)
  return at + 1
}
