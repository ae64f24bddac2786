import { Class } from '../../shared/dns/codes.ts'
import type { WireName } from '../../shared/dns/name.ts'
import type { OwnedRRset, RRset } from '../../shared/dns/rrset.ts'
import type { TableMemory } from '../table/memory.ts'

export type { OwnedRRset }

/**
 * RRsets as the answer table holds them, ready to be sent: for each its type and number of RRs (a word, the type in its
 * lower half), the octets of its RRs (a word), and the RRs as they stand behind a question for their owner, filled up to
 * whole words. Words are little-endian, as all machines are that Node runs on here; what is sent is big-endian.
 */

/** Octets that an RRset takes, a multiple of four. */
export function packedSize({ rdata }: OwnedRRset): number {
  let size = 0
  for (const one of rdata) size += RR_HEAD + one.length
  return RRSET_HEAD + ((size + 3) & ~3)
}

/** Packs an RRset at `start`, a multiple of four; gives where it ends. */
export function packRRset(into: DataView, start: number, { type, ttl, rdata }: OwnedRRset): number {
  let at = start + RRSET_HEAD
  for (const one of rdata) {
    into.setUint16(at, OWNER)
    into.setUint16(at + 2, type)
    into.setUint16(at + 4, Class.IN)
    into.setUint32(at + 6, ttl)
    into.setUint16(at + 10, one.length)
    at += RR_HEAD
    for (let i = 0; i < one.length; i++) into.setUint8(at++, one[i] as number)
  }
  into.setUint32(start, type | (rdata.length << 16), true)
  into.setUint32(start + 4, at - start - RRSET_HEAD, true)
  while ((at & 3) !== 0) into.setUint8(at++, 0)
  return at
}

/** The place of the RRset of one type among those between two places, in words; 0 if there is none. */
export function placeOf(words: Int32Array, start: number, end: number, type: number): number {
  for (let at = start; at < end; at = nextRRset(words, at)) if (typeAt(words, at) === type) return at
  return 0
}

export function typeAt(words: Int32Array, at: number): number {
  return (words[at] as number) & 0xffff
}

export function countAt(words: Int32Array, at: number): number {
  return (words[at] as number) >>> 16
}

/** Octets of the RRs, which begin at word `at + RRSET_WORDS`. */
export function octetsAt(words: Int32Array, at: number): number {
  return words[at + 1] as number
}

export function nextRRset(words: Int32Array, at: number): number {
  return at + RRSET_WORDS + ((octetsAt(words, at) + 3) >>> 2)
}

export const RRSET_WORDS = 2

/** A copy of the RRset at a place of the table. */
export function unpackRRset({ words, octets, view }: TableMemory, place: number, owner: WireName): RRset {
  let at = 4 * (place + RRSET_WORDS)
  const ttl = view.getUint32(at + 6)
  const rdata: Uint8Array[] = []
  for (let left = countAt(words, place); left > 0; left--) {
    const one = new Uint8Array(view.getUint16(at + 10))
    at += RR_HEAD
    for (let i = 0; i < one.length; i++) one[i] = octets[at++] as number
    rdata.push(one)
  }
  return { owner, type: typeAt(words, place), ttl, rdata }
}

// ---------------------------------------------------------------------------

const RRSET_HEAD = 4 * RRSET_WORDS
/** Octets of an RR before its rdata, when its owner is a pointer. */
const RR_HEAD = 12
/** A pointer to the name in the question (RFC 1035 4.1.4). */
const OWNER = 0xc00c
