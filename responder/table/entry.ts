/**
 * An entry of the table is what there is of one name in one zone; it is never changed once readers can find it, but for
 * the words that say so. Words: hash, key, number of words of its data, children, then the part of the name that is above
 * the zone's apex, in lower case and filled up with zeros, then its data:
 *
 * - for a name its RRsets as `packed.ts` has them;
 * - for a zone, kept under the number 0 by its whole name, what `zone-entry.ts` has.
 */
export const HASH = 0
/** Number of the zone (20 bits), octets of the name (8), flags (4). */
export const KEY = 1
export const SIZE = 2
/** Names that exist directly below, which are for the writer only; GONE once it is out of use. */
export const CHILDREN = 3
export const NAME = 4

export const GONE = -1

/** Flag: names below are not answered from, and the name itself perhaps not (a zone cut, or the owner of a DNAME). */
export const HIDES = 1
/** Flag: there is a wildcard directly below. It comes and goes in place. */
export const WILDCARD = 2
const FLAGS = 15

/** Numbers of zones are below. */
export const MAX_ZONES = 1 << 20
/** The number under which zones themselves are found. */
export const ZONES = 0

export function keyOf(zone: number, length: number): number {
  return (zone << 12) | (length << 4)
}

export function zoneOf(key: number): number {
  return key >>> 12
}

export function isKey(word: number, key: number): boolean {
  return (word & ~FLAGS) === key
}

export function flagsOf(key: number): number {
  return key & FLAGS
}

/** Words from the beginning of an entry with that key to its data. */
export function headWords(key: number): number {
  return NAME + ((((key >>> 4) & 255) + 3) >>> 2)
}

/** No data begins later. */
export const MAX_HEAD = NAME + 64

/** The hash under which a name is found in a zone, from that of the name. */
export function keyHash(hash: number, zone: number): number {
  const product = Math.imul(hash ^ Math.imul(zone, 0x85ebca6b), 0xc2b2ae35)
  return product ^ (product >>> 16)
}
