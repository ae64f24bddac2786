import { MAX_NAME, type WireName } from '../../shared/dns/name.ts'
import type { Table } from '../table/table.ts'
import { type OwnedRRset, packedSize, packRRset } from './packed.ts'
import type { ZoneHeader } from './zone.ts'

/** A step of what is served, in a form that passes between threads. */
export type Update =
  /** The steps that follow make the zone anew, beside the one that is served, until its header puts it in the place of that. */
  | { readonly kind: 'renew'; readonly apex: WireName }
  /** Serves a zone with this header from now on; without header the zone is no longer served. */
  | { readonly kind: 'zone'; readonly apex: WireName; readonly header?: ZoneHeader }
  /** All RRsets of each of `count` names; a name that comes without any is removed. */
  | { readonly kind: 'names'; readonly apex: WireName; readonly count: number; readonly packed: PackedNames }

/**
 * Names with their RRsets. For each its length, the octets of its RRsets (words), the name filled up to whole words, and
 * the RRsets as `packed.ts` has them, by rising type.
 */
export type PackedNames = Uint8Array<ArrayBuffer>

/** Gathers names of one zone for an update. */
export class NamesPacker {
  count = 0
  #view = new DataView(new ArrayBuffer(1 << 12))
  #at = 0

  add(name: WireName, rrsets: readonly OwnedRRset[]): void {
    this.addOctets(scratch, 0, scratch.write(name, 'latin1'), rrsets)
  }

  /** Adds the name that stands between two places among octets. */
  addOctets(octets: Uint8Array, start: number, end: number, rrsets: readonly OwnedRRset[]): void {
    const length = end - start
    const sorted = rrsets.length > 1 ? rrsets.toSorted((a, b) => a.type - b.type) : rrsets
    let size = 0
    for (const rrset of sorted) size += packedSize(rrset)
    let at = this.#at
    this.#makeRoom(HEAD + length + 3 + size)
    const view = this.#view
    view.setUint32(at, length, true)
    view.setUint32(at + 4, size, true)
    at += HEAD
    for (let i = start; i < end; i++) view.setUint8(at++, octets[i] as number)
    while ((at & 3) !== 0) view.setUint8(at++, 0)
    for (const rrset of sorted) at = packRRset(view, at, rrset)
    this.#at = at
    this.count++
  }

  /** The update of what was added since the last one. */
  take(apex: WireName): Update {
    const packed = new Uint8Array(this.#view.buffer.slice(0, this.#at))
    const update: Update = { kind: 'names', apex, count: this.count, packed }
    this.#at = 0
    this.count = 0
    return update
  }

  #makeRoom(more: number): void {
    const { buffer } = this.#view
    const size = this.#at + more
    if (size <= buffer.byteLength) return
    const larger = new Uint8Array(2 * size)
    larger.set(new Uint8Array(buffer, 0, this.#at))
    this.#view = new DataView(larger.buffer)
  }
}

export function applyUpdates(table: Table, updates: readonly Update[]): void {
  for (const update of updates) {
    if (update.kind === 'renew') table.renew(update.apex)
    else if (update.kind === 'zone') table.serve(update.apex, update.header)
    else putNames(table, update.apex, update.packed)
  }
}

/** Gives back the memory of an update that is done with: where hardly anything happens, no garbage is collected for days. */
export function release(update: Update): void {
  if (update.kind === 'names') update.packed.buffer.transfer(0)
}

/** Names that the updates are about. */
export function namesIn(updates: readonly Update[]): number {
  return updates.reduce((sum, update) => sum + (update.kind === 'names' ? update.count : 0), 0)
}

// ---------------------------------------------------------------------------

const HEAD = 8
const scratch = Buffer.alloc(MAX_NAME)

function putNames(table: Table, apex: WireName, packed: PackedNames): void {
  const zone = table.zone(apex)
  const words = new Int32Array(packed.buffer)
  for (let at = 0; at < words.length; ) {
    const length = words[at] as number
    const size = (words[at + 1] as number) >>> 2
    const rrsets = at + 2 + ((length + 3) >>> 2)
    table.put(zone, packed, 4 * at + HEAD, length, words, rrsets, size)
    at = rrsets + size
  }
}
