import type { Name } from '../dns/name.ts'

/** An RRset as stored: TTL in seconds and canonical rdata in presentation form, sorted, without duplicates. */
export interface StoredRRset {
  readonly ttl: number
  readonly rdata: readonly string[]
}

/** The RRsets of one owner name, by type mnemonic (`A`, `TXT`, `TYPE65400`). */
export type RRsets = Readonly<Record<string, StoredRRset>>

/**
 * All that is registered for one owner name: the unit of storage, so that what DNS demands of a name
 * (CNAME stands alone, an address replaces another) is one conditional write.
 *
 * `version` is the optimistic lock and the replay order. It rises by one with every write; a name that is
 * not in the store starts at the time in milliseconds, so it stays higher than in any earlier life.
 * Without RRsets the record is a tombstone, kept until `expires` so that no late change revives it.
 */
export interface NameRecord {
  readonly name: Name
  readonly zone: Name
  readonly version: number
  readonly rrsets: RRsets
  /** Seconds since the epoch; tombstones only. DynamoDB's time to live removes the item some time after it. */
  readonly expires?: number
  /** The write that made this version; absent where that was before anybody asked. */
  readonly by?: WrittenBy
  /** Which of the RRs are there because of which registration, by its id; absent if none is. */
  readonly claims?: Claims
}

export type Claims = Readonly<Record<string, Claim>>

/** RRs that go with a registration; see `registrations/model.ts`. A TTL in it is what was asked for, not what is answered. */
export interface Claim {
  readonly nonce: string
  readonly rrsets: RRsets
}

/** Who made a write: `iam:ARN`, `token:ID`, `local`, or the part of the system that did; and when, in milliseconds. */
export interface WrittenBy {
  readonly principal: string
  readonly at: number
}

/** A zone that is served, and the data at its apex that nobody registers. */
export interface Zone {
  readonly zone: Name
  /** Number of the last change-log segment that touched the zone; 1 if none did. */
  readonly serial: number
  readonly soa: SoaTemplate
  readonly ns: StoredRRset
  /** Id of the Route 53 hosted zone that mirrors it, without the prefix `/hostedzone/`. */
  readonly hostedZone?: string
}

/** The fields of the SOA record but for the serial (RFC 1035 3.3.13), times in seconds. */
export interface SoaTemplate {
  readonly ttl: number
  readonly mname: Name
  readonly rname: Name
  readonly refresh: number
  readonly retry: number
  readonly expire: number
  /** TTL of negative answers (RFC 2308 4). */
  readonly minimum: number
}

/** One name's step from one state to a later one, the sum of one or more writes. */
export interface NameChange {
  readonly name: Name
  readonly zone: Name
  /** Version before the first of these writes; 0 where the name was not in the store. */
  readonly from: number
  /** Version that the first of these writes made. */
  readonly first: number
  /** Version that the last of these writes made. */
  readonly version: number
  readonly old: RRsets
  readonly new: RRsets
  /** Of the last of these writes. */
  readonly by?: WrittenBy
}

/** One entry of the change log. Numbers are gap-free: segment `seq` follows segment `seq - 1`. */
export interface Segment {
  readonly seq: number
  /** Milliseconds since the epoch, when it was appended. */
  readonly at: number
  readonly changes: readonly NameChange[]
}
