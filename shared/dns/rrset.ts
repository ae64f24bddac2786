import type { WireName } from './name.ts'

/**
 * An RRset in the form in which it is answered (RFC 2181 5): one owner name, one type, one TTL in
 * seconds, class IN, and the rdata of each RR in uncompressed wire form.
 */
export interface RRset {
  readonly owner: WireName
  readonly type: number
  readonly ttl: number
  readonly rdata: readonly Uint8Array[]
}

/** An RRset whose owner is known from elsewhere. */
export type OwnedRRset = Omit<RRset, 'owner'>
