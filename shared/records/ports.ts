/** What the pure core needs of the outside. Each port has one contract suite in `test/contract/` that every adapter passes. */
import type { Name } from '../dns/name.ts'
import type { NameRecord, Segment, Zone } from './model.ts'

/** Clock: milliseconds since the epoch. */
export type Now = () => number

export interface NameStore {
  /** Strongly consistent read; undefined if the name was never written or its tombstone is gone. */
  read(name: Name): Promise<NameRecord | undefined>
  /** The same of any number of names at once. */
  readAll(names: readonly Name[]): Promise<ReadNames>
  /** Stores `next` only if the stored version is still `expected` (0: no item). One atomic call. */
  write(next: NameRecord, expected: number): Promise<WriteOutcome>
  /** Every item, tombstones included, in pages of no particular order; not a point-in-time view. */
  scan(): AsyncIterable<readonly NameRecord[]>
}

/** What is stored of some names; one that is in neither is not there. */
export interface ReadNames {
  readonly records: ReadonlyMap<Name, NameRecord>
  /** Names whose item is there and cannot be read, because somebody edited it by hand. */
  readonly unreadable: ReadonlySet<Name>
}

export type WriteOutcome =
  | { readonly written: true }
  | { readonly written: false; readonly current: NameRecord | undefined }

export interface ZoneStore {
  list(): Promise<readonly Zone[]>
  /** Adds a zone; leaves one that is there as it is. True if it was added. */
  add(zone: Zone): Promise<boolean>
  /** Sets the hosted zone that mirrors a zone, or removes it, and nothing else. False if the zone is not there. */
  link(zone: Name, hostedZone: string | undefined): Promise<boolean>
}

/** The head of an empty log: the first segment is number 2, so that the serial of a zone, which begins at 1, moves with its first write. */
export const EMPTY_LOG = 1

export interface ChangeLogWriter {
  /** Number of the last segment, EMPTY_LOG if there is none. */
  head(): Promise<number>
  /**
   * In one transaction: the head moves from `segment.seq - 1` to `segment.seq`, the segment is stored, each changed
   * name's mark rises to its version, and the serial of each touched zone becomes the segment's number.
   */
  append(segment: Segment): Promise<AppendOutcome>
}

export type AppendOutcome =
  | { readonly kind: 'appended' }
  /** Another appender was first. */
  | { readonly kind: 'head-moved' }
  /** These names are in the log up to these versions already: a batch that was retried. */
  | { readonly kind: 'already-logged'; readonly versions: ReadonlyMap<Name, number> }

export interface ChangeLogReader {
  head(): Promise<number>
  /** Segments after `cursor` in order, as many as one page holds, and the head at that moment. */
  after(cursor: number): Promise<{ readonly segments: readonly Segment[]; readonly head: number }>
}
