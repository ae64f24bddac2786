/**
 * A names table whose writes are told by a stream of two shards, and the rules that a change log of it must keep.
 */
import assert from 'node:assert/strict'
import type { DynamoDBRecord } from 'aws-lambda'
import { canonicalName, type Name } from '../../shared/dns/name.ts'
import type { NameChange, NameRecord, RRsets, Segment, Zone } from '../../shared/records/model.ts'
import { EMPTY_LOG } from '../../shared/records/ports.ts'
import type { Write } from '../../shared/records/segments.ts'
import { streamRecord } from './stream.ts'

export const ZONES = ['example.org', 'example.net'].map(canonicalName)

/** What happens to a name: its A RRset becomes one address, its records go, or its item goes (by hand, or by TTL). */
export type Happening =
  | { readonly kind: 'put'; readonly label: number; readonly address: number }
  | { readonly kind: 'text'; readonly label: number; readonly length: number }
  | { readonly kind: 'delete'; readonly label: number }
  | { readonly kind: 'remove item'; readonly label: number }

export interface World {
  readonly shards: readonly (readonly DynamoDBRecord[])[]
  /** The writes to each name that change its RRsets, in order. */
  readonly writes: ReadonlyMap<Name, readonly Step[]>
}

interface Step {
  readonly version: number
  readonly after: RRsets
}

/** Lets things happen to an empty table. All records of a name are in one shard, in order. */
export function worldOf(happenings: readonly Happening[]): World {
  const table = new Map<Name, NameRecord>()
  const shards: DynamoDBRecord[][] = [[], []]
  const writes = new Map<Name, Step[]>()
  for (const [at, happening] of happenings.entries()) {
    const { name, zone } = nameOf(happening.label)
    const old = table.get(name)
    const now = 1_000_000 + at * 1_000 // far enough apart that no name is written as often in between
    const next = happen(happening, { name, zone, version: old === undefined ? now : old.version + 1, rrsets: {} }, old)
    if (next === old) continue
    if (next === undefined) table.delete(name)
    else table.set(name, next)
    const write: Write = { ...(old && { old }), ...(next && { new: next }) }
    shards[happening.label % 2]?.push(streamRecord(at + 1, write))
    const after = next?.rrsets ?? {}
    if (JSON.stringify(after) === JSON.stringify(old?.rrsets ?? {})) continue // a tombstone's item went
    const steps = writes.get(name) ?? []
    steps.push({ version: next?.version ?? (old?.version ?? 0) + 1, after })
    writes.set(name, steps)
  }
  return { shards, writes }
}

/** Asserts that the log tells every write once, in order, within DynamoDB's limits, and that the zones keep up with it. */
export function checkLog(world: World, segments: readonly Segment[], zones: readonly Zone[]): void {
  const told = new Map<Name, NameChange[]>()
  const serials = new Map(ZONES.map((zone) => [zone, EMPTY_LOG]))
  for (const [i, { seq, changes }] of segments.entries()) {
    assert.equal(seq, EMPTY_LOG + 1 + i, 'the numbers have no gap')
    assert.ok(changes.length > 0, 'no segment is empty')
    assert.equal(new Set(changes.map(({ name }) => name)).size, changes.length, 'a segment holds a name once')
    assert.ok(
      2 + changes.length + new Set(changes.map(({ zone }) => zone)).size <= 100,
      'a transaction has 100 actions',
    )
    assert.ok(itemSize(changes) < 400_000 - 1_000, 'an item has 400 KB')
    for (const change of changes) {
      told.set(change.name, [...(told.get(change.name) ?? []), change])
      serials.set(change.zone, seq)
    }
  }
  assert.deepEqual([...told.keys()].sort(), [...world.writes.keys()].sort())
  for (const [name, steps] of world.writes) checkName(name, steps, told.get(name) ?? [])
  for (const { zone, serial } of zones) assert.equal(serial, serials.get(zone), `the serial of ${zone}`)
}

// ---------------------------------------------------------------------------

function nameOf(label: number): { name: Name; zone: Name } {
  const zone = ZONES[label % 3 === 0 ? 1 : 0] as Name
  return { name: canonicalName(`n${label}.${zone}`), zone }
}

function happen(happening: Happening, fresh: NameRecord, old: NameRecord | undefined): NameRecord | undefined {
  const before = old?.rrsets ?? {}
  const empty = Object.keys(before).length === 0
  switch (happening.kind) {
    case 'put': {
      const rrsets = { ...before, A: { ttl: 60, rdata: [`192.0.2.${happening.address}`] } }
      return JSON.stringify(rrsets) === JSON.stringify(before) ? old : { ...fresh, rrsets }
    }
    case 'text': {
      const rrsets = { ...before, TXT: { ttl: 60, rdata: ['x'.repeat(happening.length)] } }
      return JSON.stringify(rrsets) === JSON.stringify(before) ? old : { ...fresh, rrsets }
    }
    case 'delete':
      return empty ? old : { ...fresh, expires: 1 }
    case 'remove item':
      return undefined
  }
}

/** Each change of a name must sum up the next of its writes, all of them, from the state that the change before left. */
function checkName(name: Name, steps: readonly Step[], changes: readonly NameChange[]): void {
  let at = 0
  let state: RRsets = {}
  let version = 0
  for (const change of changes) {
    const last = steps.findIndex((step) => step.version === change.version)
    assert.ok(last >= at, `${name} ${change.version} is a write that was not told before`)
    assert.equal(change.first, steps[at]?.version, `${name} ${change.version} leaves out no write before it`)
    assert.ok(change.from === version || change.from === 0, `${name} ${change.version} goes on from the change before`)
    assert.deepEqual(change.old, state, `${name} ${change.version} begins where the change before ended`)
    assert.deepEqual(change.new, steps[last]?.after, `${name} ${change.version} ends in the state written`)
    at = last + 1
    state = change.new
    version = change.version
  }
  assert.equal(at, steps.length, `every write to ${name} is told`)
}

/** Octets that DynamoDB counts for a value, by its documentation. */
function itemSize(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (typeof value === 'number') return Math.ceil(String(value).length / 2) + 1
  if (Array.isArray(value)) return 3 + value.reduce((sum, element) => sum + 1 + itemSize(element), 0)
  return Object.entries(value as object).reduce((sum, [key, held]) => sum + 1 + key.length + itemSize(held), 3)
}
