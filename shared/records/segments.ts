import type { Name } from '../dns/name.ts'
import type { NameChange, NameRecord, StoredRRset } from './model.ts'

/** What DynamoDB allows: actions in one transaction, and octets in one item with room left for its other attributes. */
export const MAX_ACTIONS = 100
export const MAX_CHANGES_SIZE = 300_000

/** One write as the store's stream tells it: the name's record before and after. */
export interface Write {
  readonly old?: NameRecord
  readonly new?: NameRecord
}

/** Writes summed up for one segment: the first `taken` of those given, each name once. */
export interface Packed {
  readonly changes: readonly NameChange[]
  readonly taken: number
}

/**
 * Sums up as many of the leading writes as one segment holds. Several writes to a name become one change. At least one
 * write is taken, so that a change beyond every limit fails where it is stored and not here for ever.
 *
 * A sum that leads back to where it began is kept: if the log has its first half already, it needs the second.
 */
export function packWrites(writes: readonly Write[]): Packed {
  const changes = new Map<Name, Sized>()
  const zones = new Set<Name>()
  let size = 0
  let taken = 0
  for (const write of writes) {
    const step = changeOf(write)
    if (step !== undefined) {
      const before = changes.get(step.name)
      const sum = sized(before === undefined ? step : follow(before.change, step))
      const grown = size - (before?.size ?? 0) + sum.size
      const actions = HEAD_AND_SEGMENT + changes.size + (before ? 0 : 1) + zones.size + (zones.has(step.zone) ? 0 : 1)
      if (taken > 0 && (grown > MAX_CHANGES_SIZE || actions > MAX_ACTIONS)) break
      changes.set(step.name, sum)
      zones.add(step.zone)
      size = grown
    }
    taken++
  }
  return { changes: [...changes.values()].map(({ change }) => change), taken }
}

/**
 * The change that one write makes to what is answered; undefined if it makes none, as when a tombstone's time is up.
 * An item that somebody removed by hand counts as a write of a tombstone.
 */
export function changeOf({ old, new: next }: Write): NameChange | undefined {
  if (next === undefined) {
    if (old === undefined || Object.keys(old.rrsets).length === 0) return undefined
    const version = old.version + 1
    return { name: old.name, zone: old.zone, from: old.version, first: version, version, old: old.rrsets, new: {} }
  }
  const { name, zone, version, rrsets, by } = next
  const before = old?.rrsets ?? {}
  if (sameRRsets(before, rrsets)) return undefined
  const change = { name, zone, from: old?.version ?? 0, first: version, version, old: before, new: rrsets }
  return by === undefined ? change : { ...change, by }
}

/** True if both hold the same RRsets, TTLs included. */
export function sameRRsets(a: NameRecord['rrsets'], b: NameRecord['rrsets']): boolean {
  const types = Object.keys(a)
  if (types.length !== Object.keys(b).length) return false
  return types.every((type) => sameRRset(a[type], b[type]))
}

/** True if both are there and the same, TTL included. Rdata is canonical and sorted, so this is plain equality. */
export function sameRRset(a: StoredRRset | undefined, b: StoredRRset | undefined): boolean {
  if (a === undefined || b === undefined || a.ttl !== b.ttl) return false
  return a.rdata.length === b.rdata.length && a.rdata.every((rdata, i) => rdata === b.rdata[i])
}

// ---------------------------------------------------------------------------

interface Sized {
  readonly change: NameChange
  readonly size: number
}

const HEAD_AND_SEGMENT = 2
const utf8 = new TextEncoder()

function follow(earlier: NameChange, later: NameChange): NameChange {
  return { ...later, from: earlier.from, first: earlier.first, old: earlier.old }
}

/** JSON takes no less room than DynamoDB's form: two quotes and a comma against one octet an element, three a map. */
function sized(change: NameChange): Sized {
  return { change, size: utf8.encode(JSON.stringify(change)).length }
}
