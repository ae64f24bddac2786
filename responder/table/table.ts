import { randomInt } from 'node:crypto'
import { Type } from '../../shared/dns/codes.ts'
import { isAtOrBelow, type WireName } from '../../shared/dns/name.ts'
import { nextRRset, packedSize, packRRset, typeAt } from '../zones/packed.ts'
import { negativeSoa, type ZoneHeader } from '../zones/zone.ts'
import { Arena } from './arena.ts'
import {
  CHILDREN,
  flagsOf,
  GONE,
  HASH,
  HIDES,
  headWords,
  KEY,
  keyHash,
  keyOf,
  MAX_HEAD,
  MAX_ZONES,
  NAME,
  SIZE,
  WILDCARD,
  ZONES,
  zoneOf,
} from './entry.ts'
import { Epochs } from './epochs.ts'
import { IndexWriter } from './index-writer.ts'
import { LEADING, NameLabels } from './labels.ts'
import { createTableBuffer, DEPTHS_WORD, EPOCH_WORD, SEED_WORD, TableMemory, WORD } from './memory.ts'
import { TableReader } from './reader.ts'
import { Retired } from './retired.ts'
import { HIDING, NEAR, NUMBER, namesOf, negativeSection, POINTERS, SECTION, SECTION_SIZE } from './zone-entry.ts'

/** A zone as the writer knows it. */
export interface TableZone {
  readonly apex: WireName
  readonly number: number
  /** Labels of the apex. */
  readonly depth: number
  /** Names that own RRsets, the header not counted. */
  names: number
  /** Names that hide others. */
  hiding: number
  /** The entry that makes the zone one that can be found; 0 while it is not served. */
  entry: number
  header: ZoneHeader | undefined
  /** What the apex owns besides the header. */
  own: Int32Array
}

/**
 * The answer table: the names of all zones with what is sent for them, in memory that threads share. One writes, this;
 * any number reads beside it, each by a TableReader of its own, without ever waiting. An entry is made whole, then seen by
 * one store into the index, and given up only when no reader can be in it.
 *
 * A name exists if it owns RRsets or if one below it exists (empty non-terminals, RFC 8020 2). At the apex the header
 * stands for SOA and NS, whatever else the apex owns.
 */
export class Table {
  readonly memory: TableMemory
  readonly #arena: Arena
  readonly #epochs: Epochs
  readonly #retired: Retired
  readonly #index: IndexWriter
  readonly #reader: TableReader
  readonly #labels: NameLabels
  readonly #zones = new Map<WireName, TableZone>()
  /** Zones that are being made anew. */
  readonly #renewed = new Map<WireName, TableZone>()
  readonly #byNumber = new Map<number, TableZone>()
  /** Numbers of zones whose names are still to be removed, with the last epoch in which they could be found. */
  readonly #dropped = new Map<number, number>()
  /** Those of them whose names are being removed. */
  #swept: ReadonlySet<number> = NONE
  #lastNumber: number = ZONES
  #sweep: Generator<number> | undefined
  /** The index that is swept, of all there were. */
  #sweptIn = 0
  #evacuation: Generator<number> | undefined

  constructor(buffer = createTableBuffer()) {
    this.memory = new TableMemory(buffer)
    this.memory.words[SEED_WORD] = randomInt(2 ** 32) | 0
    this.memory.words[EPOCH_WORD] = 1
    this.#arena = new Arena(this.memory)
    this.#epochs = new Epochs(this.memory)
    this.#retired = new Retired(this.#epochs, (place, words) => this.#arena.give(place, words))
    this.#index = new IndexWriter(this.memory, this.#arena, this.#retired)
    this.#reader = new TableReader(this.memory, 0)
    this.#labels = new NameLabels(this.#reader.seed)
  }

  /** The zone of that apex that takes names, made if it is not there. */
  zone(apex: WireName): TableZone {
    const known = this.#renewed.get(apex) ?? this.#zones.get(apex)
    if (known !== undefined) return known
    const made = this.#makeZone(apex)
    this.#zones.set(apex, made)
    return made
  }

  /** Begins the zone anew: empty, and seen by nobody until `serve`. */
  renew(apex: WireName): void {
    const unfinished = this.#renewed.get(apex)
    this.#renewed.delete(apex)
    if (unfinished !== undefined) this.#drop(unfinished)
    this.#renewed.set(apex, this.#makeZone(apex))
  }

  /** Serves the zone as it is now, in place of an older one. Without header it is no longer served. */
  serve(apex: WireName, header: ZoneHeader | undefined): void {
    const before = this.#zones.get(apex)
    const zone = this.zone(apex)
    if (header !== undefined) this.#writeApex(zone, header, zone.own)
    else zone.header = undefined // at the apex it stays, for readers that have found the zone
    this.#zones.set(apex, zone)
    this.#renewed.delete(apex)
    zone.entry = before?.entry ?? 0 // which stands for this zone from now on
    this.#writeZone(zone)
    if (before !== undefined && before !== zone) this.#drop(before)
    if (header === undefined && zone.names === 0) {
      this.#zones.delete(apex)
      this.#drop(zone)
    }
  }

  /**
   * Replaces all RRsets of the name of so many octets at `at`, which is at or below the apex, by what is packed in `size`
   * words from `from` on; none removes it.
   */
  put(
    zone: TableZone,
    octets: Uint8Array,
    at: number,
    length: number,
    packed: Int32Array,
    from: number,
    size: number,
  ): void {
    const labels = this.#labels.copy(octets, at, length)
    if (labels.count === zone.depth) {
      const owned = zone.own.length > 0
      this.#writeApex(zone, zone.header, packed.slice(from, from + size))
      zone.names += Number(size > 0) - Number(owned)
      return
    }
    const { words } = this.memory
    const before = this.#find(zone, 0)
    const had = before !== 0 && (words[before + SIZE] as number) > 0
    if (size > 0) this.#write(zone, before, packed, from, size)
    else if (had) this.#clear(zone, before)
    zone.names += Number(size > 0) - Number(had)
  }

  /** A reader is gone for good, in the middle of reading perhaps. */
  forget(reader: number): void {
    this.#epochs.forget(reader)
  }

  /** Does a part of what is left to do when there is time; false if nothing is left. */
  tidy(): boolean {
    const released = this.#retired.release()
    if (this.#dropped.size > 0)
      this.#removeDropped() // not yet, perhaps
    else if (this.#evacuation !== undefined) this.#evacuate(this.#evacuation)
    else {
      this.#evacuation = this.#isSparse() ? this.#arena.evacuate() : undefined
      return this.#evacuation !== undefined || !released
    }
    return true
  }

  /** What there is, in numbers. */
  status(): TableStatus {
    const { size } = this.#index
    return {
      entries: size,
      usedOctets: (this.#arena.taken - this.#arena.wasted) * WORD,
      octets: this.memory.octets.length,
    }
  }

  // The names of a zone -----------------------------------------------------

  #find(zone: TableZone, from: number): number {
    return this.#reader.find(zone.number, this.#labels, from, this.#labels.count - zone.depth)
  }

  /** Gives the name that was read last these RRsets, in place of the entry before, if there is one. */
  #write(zone: TableZone, before: number, packed: Int32Array, from: number, size: number): void {
    const isApex = this.#labels.count === zone.depth
    const hides = doHide(packed, from, from + size, isApex)
    this.#makeRoom(size)
    const entry = this.#make(zone, 0, size, hides ? HIDES : 0)
    const { words } = this.memory
    words.set(packed.subarray(from, from + size), this.#reader.dataOf(entry))
    if (hides) this.#countHiding(zone, 1) // before anybody can find it
    if (before === 0) this.#add(zone, 0, entry)
    else this.#replace(zone, before, entry)
  }

  /** Leaves no RRsets to a name, and no name if there is none below. */
  #clear(zone: TableZone, before: number): void {
    const { words } = this.memory
    const isApex = this.#labels.count === zone.depth
    if (isApex || (words[before + CHILDREN] as number) > 0) this.#replace(zone, before, this.#make(zone, 0, 0, 0))
    else this.#remove(zone, 0, before)
  }

  /** For a name and all above it. Throws a RangeError if there is none: a change is made whole, or not begun. */
  #makeRoom(size: number): void {
    this.#index.reserve(MAX_ENTRIES)
    this.#arena.reserve(size + MAX_HEAD)
  }

  /** A new entry, not to be found yet, for the name that begins at a label of the one that was read last. */
  #make(zone: TableZone, from: number, size: number, flags: number): number {
    return this.#makeEntry(zone.number, from, this.#labels.count - zone.depth, size, flags)
  }

  #makeEntry(zone: number, from: number, apex: number, size: number, flags: number): number {
    const { starts, hashes, view } = this.#labels
    const start = starts[from] as number
    const length = (starts[apex] as number) - start
    const key = keyOf(zone, length) | flags
    const entry = this.#arena.take(headWords(key) + size)
    const { words } = this.memory // which may just have grown
    words[entry + HASH] = keyHash(hashes[from] as number, zone)
    words[entry + KEY] = key
    words[entry + SIZE] = size
    words[entry + CHILDREN] = 0
    let done = 0
    let at = entry + NAME
    for (; done + 4 <= length; done += 4) words[at++] = view.getInt32(start + done, true)
    if (done < length) words[at] = view.getInt32(start + done, true) & (LEADING[length - done] as number)
    return entry
  }

  /** Makes an entry one that can be found, once there is something at all names above it. */
  #add(zone: TableZone, from: number, entry: number): void {
    const { words } = this.memory
    if (from < this.#labels.count - zone.depth) {
      const parent = this.#find(zone, from + 1)
      const above = parent === 0 ? this.#make(zone, from + 1, 0, 0) : parent
      const now = this.memory.words
      now[above + CHILDREN] = (now[above + CHILDREN] as number) + 1
      if (this.#isWildcard(from)) Atomics.or(now, above + KEY, WILDCARD)
      if (parent === 0) this.#add(zone, from + 1, above)
    }
    this.#index.add(words[entry + HASH] as number, entry)
  }

  /** Puts an entry in the place of another of the same name. */
  #replace(zone: TableZone, before: number, entry: number): void {
    const { words } = this.memory
    words[entry + CHILDREN] = words[before + CHILDREN] as number
    words[entry + KEY] = (words[entry + KEY] as number) | (flagsOf(words[before + KEY] as number) & WILDCARD)
    this.#index.replace(words[entry + HASH] as number, before, entry)
    this.#retire(zone, before)
  }

  /** Removes an entry, and those of names above that only it made exist. */
  #remove(zone: TableZone, from: number, entry: number): void {
    const { words } = this.memory
    const parent = this.#find(zone, from + 1)
    this.#index.remove(words[entry + HASH] as number, entry)
    this.#retire(zone, entry)
    const children = (words[parent + CHILDREN] as number) - 1
    words[parent + CHILDREN] = children
    if (this.#isWildcard(from)) Atomics.and(words, parent + KEY, ~WILDCARD)
    const isApex = from + 1 === this.#labels.count - zone.depth
    if (children === 0 && words[parent + SIZE] === 0 && !isApex) this.#remove(zone, from + 1, parent)
  }

  #isWildcard(from: number): boolean {
    const { octets, starts } = this.#labels
    const at = starts[from] as number
    return octets[at] === 1 && octets[at + 1] === ASTERISK
  }

  #retire(zone: TableZone, entry: number): void {
    if ((flagsOf(this.memory.words[entry + KEY] as number) & HIDES) !== 0) this.#countHiding(zone, -1)
    this.#putAside(entry)
  }

  // Zones -------------------------------------------------------------------

  #makeZone(apex: WireName): TableZone {
    this.#index.reserve(1)
    const number = this.#freeNumber()
    const { count } = this.#labels.of(apex)
    const zone: TableZone = {
      apex,
      number,
      depth: count,
      names: 0,
      hiding: 0,
      entry: 0,
      header: undefined,
      own: NOTHING,
    }
    this.#add(zone, 0, this.#make(zone, 0, 0, 0))
    this.#byNumber.set(number, zone)
    return zone
  }

  #freeNumber(): number {
    if (this.#byNumber.size + this.#dropped.size + 1 >= MAX_ZONES) throw new RangeError(`there are ${MAX_ZONES} zones`)
    do this.#lastNumber = (this.#lastNumber + 1) % MAX_ZONES
    while (this.#lastNumber === ZONES || this.#byNumber.has(this.#lastNumber) || this.#dropped.has(this.#lastNumber))
    return this.#lastNumber
  }

  /** SOA and NS of the header first, then what else the apex owns. */
  #writeApex(zone: TableZone, header: ZoneHeader | undefined, own: Int32Array): void {
    const packed = header === undefined ? own : apexRRsets(header, own)
    this.#labels.of(zone.apex)
    const before = this.#find(zone, 0)
    if (packed.length > 0) this.#write(zone, before, packed, 0, packed.length)
    else this.#clear(zone, before)
    zone.header = header
    zone.own = own
  }

  /** Lets the zone be found by its apex, or no longer. */
  #writeZone(zone: TableZone): void {
    const { apex, header, number, hiding } = zone
    const labels = this.#labels.of(apex)
    const before = zone.entry
    const hash = keyHash(labels.hashes[0] as number, ZONES)
    if (header === undefined) {
      if (before === 0) return
      zone.entry = 0
      this.#index.remove(hash, before)
    } else {
      const { octets, pointers } = negativeSection(negativeSoa(header))
      const near = namesOf(header.soa).map((name) => this.#nearOf(name, zone))
      labels.of(apex)
      const entry = this.#makeEntry(ZONES, 0, labels.count, SECTION + ((octets.length + 3) >>> 2), 0)
      const data = this.#reader.dataOf(entry)
      const { words } = this.memory
      words.fill(0, data, data + SECTION)
      words[data + NUMBER] = number
      words[data + HIDING] = hiding
      words[data + SECTION_SIZE] = octets.length
      words.set(pointers, data + POINTERS)
      words.set(near, data + NEAR)
      this.memory.octets.set(octets, WORD * (data + SECTION))
      zone.entry = entry
      Atomics.or(words, DEPTHS_WORD + (zone.depth >>> 5), 1 << (zone.depth & 31))
      if (before === 0) this.#index.add(hash, entry)
      else this.#index.replace(hash, before, entry)
    }
    if (before !== 0) this.#putAside(before)
  }

  #putAside(entry: number): void {
    const { words } = this.memory
    words[entry + CHILDREN] = GONE
    this.#retired.add(entry, headWords(words[entry + KEY] as number) + (words[entry + SIZE] as number))
  }

  /** The hash of the ancestor of a name one label below the apex, or 0. */
  #nearOf(name: WireName, { apex, depth }: TableZone): number {
    if (name === apex || !isAtOrBelow(name, apex)) return 0
    const { count, hashes } = this.#labels.of(name)
    return hashes[count - depth - 1] as number
  }

  #countHiding(zone: TableZone, more: number): void {
    zone.hiding += more
    if (zone.entry === 0) return
    Atomics.store(this.memory.words, this.#reader.dataOf(zone.entry) + HIDING, zone.hiding)
  }

  /** The names of a zone that nobody finds any more are removed when there is time. */
  #drop(zone: TableZone): void {
    zone.entry = 0
    this.#byNumber.delete(zone.number)
    this.#dropped.set(zone.number, this.#epochs.end())
  }

  // What is done when there is time -----------------------------------------

  /** A reader that found a zone before another took its place has all its names until it leaves. */
  #removeDropped(): void {
    if (this.#sweep === undefined) {
      const over = [...this.#dropped].filter(([, epoch]) => this.#epochs.isOver(epoch))
      this.#swept = new Set(over.map(([number]) => number))
      if (this.#swept.size === 0) return
    }
    if (this.#index.rebuilds !== this.#sweptIn) this.#sweep = undefined
    this.#sweptIn = this.#index.rebuilds
    this.#sweep ??= this.#index.entries()
    for (let left = AT_ONCE; left > 0; left--) {
      const { value: entry, done } = this.#sweep.next()
      if (done) {
        this.#sweep = undefined
        for (const number of this.#swept) this.#dropped.delete(number)
        return
      }
      const { words } = this.memory
      if (!this.#swept.has(zoneOf(words[entry + KEY] as number))) continue
      this.#index.remove(words[entry + HASH] as number, entry)
      this.#putAside(entry)
    }
  }

  #isSparse(): boolean {
    const { wasted, taken } = this.#arena
    return wasted > SPARSE && wasted > taken / 4
  }

  /** Moves some entries out of a page that holds few, so that it becomes free. */
  #evacuate(entries: Generator<number>): void {
    for (let left = AT_ONCE; left > 0; left--) {
      const { value: entry, done } = entries.next()
      if (done) {
        this.#evacuation = undefined
        return
      }
      this.#move(entry)
    }
  }

  #move(entry: number): void {
    const size = headWords(this.memory.words[entry + KEY] as number) + (this.memory.words[entry + SIZE] as number)
    const moved = this.#arena.take(size)
    const { words } = this.memory
    words.copyWithin(moved, entry, entry + size)
    this.#index.replace(words[entry + HASH] as number, entry, moved)
    const key = words[entry + KEY] as number
    if (zoneOf(key) === ZONES) {
      const zone = this.#byNumber.get(words[this.#reader.dataOf(entry) + NUMBER] as number)
      if (zone !== undefined) zone.entry = moved
    }
    this.#putAside(entry)
  }
}

export interface TableStatus {
  readonly entries: number
  /** Octets that hold something. */
  readonly usedOctets: number
  /** Octets of the memory, those among them that nothing was written to yet. */
  readonly octets: number
}

// ---------------------------------------------------------------------------

const NOTHING = new Int32Array()
const NONE: ReadonlySet<number> = new Set()
const ASTERISK = 0x2a
/** That one change adds at most: a name of 127 labels, all above it with the root, and a zone. */
const MAX_ENTRIES = 129
/** Entries that are looked at before others have a turn. */
const AT_ONCE = 4096
/** Words that may be wasted before entries are moved. */
const SPARSE = 1 << 20

/** True if RRsets between these places make their owner hide the names below. */
function doHide(words: Int32Array, start: number, end: number, isApex: boolean): boolean {
  for (let at = start; at < end; at = nextRRset(words, at)) {
    const type = typeAt(words, at)
    if (type === Type.DNAME || (type === Type.NS && !isApex)) return true
  }
  return false
}

function apexRRsets({ soa, ns }: ZoneHeader, own: Int32Array): Int32Array {
  const size = packedSize(soa) + packedSize(ns)
  const all = new Int32Array(size / WORD + own.length)
  const view = new DataView(all.buffer)
  packRRset(view, packRRset(view, 0, soa), ns)
  let end = size / WORD
  for (let at = 0, next = 0; at < own.length; at = next) {
    next = nextRRset(own, at)
    const type = typeAt(own, at)
    if (type === Type.SOA || type === Type.NS) continue
    all.set(own.subarray(at, next), end)
    end += next - at
  }
  return all.subarray(0, end)
}
