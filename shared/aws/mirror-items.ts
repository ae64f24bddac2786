/** The stored forms of the mirror's memory. An Error says what is wrong with an item. */
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import * as v from 'valibot'
import type { Name } from '../dns/name.ts'
import type { Inflight, Mark, MirrorRow, MirrorState } from '../mirror/model.ts'
import type { ChangeNote } from '../mirror/ports.ts'
import { byType, count, mnemonic, name, rrset, rrsets, text, withoutUnreadable } from './item-parts.ts'
import { type Item, itemOf } from './items.ts'

export function mirrorStateOf(item: Item): MirrorState {
  const {
    leaseHolder: holder,
    leaseUntil: until,
    ...state
  } = v.parse(mirrorState, withoutUnreadable(unmarshall(item), noted))
  return holder === undefined || until === undefined ? state : { ...state, lease: { holder, until } }
}

export function mirrorRowOf(item: Item): MirrorRow {
  return v.parse(mirrorRow, unmarshall(item))
}

export function markOf(item: Item): Mark {
  const { sk, token, at } = v.parse(mark, unmarshall(item))
  return { name: sk, token, at }
}

export function refusedNameOf(item: Item): Name {
  return v.parse(refusedName, unmarshall(item)).sk
}

export function changeNoteOf(item: Item): ChangeNote {
  return v.parse(changeNote, unmarshall(item))
}

/** Attributes of a batch. A thousand long names written out, and twice, would not fit into an item. */
export function inflightItem({ sentAt, changes, names }: Inflight): Item {
  const all = [...new Set([...names, ...changes].map(({ name }) => name))]
  const numbers = new Map(all.map((name, number) => [name, number]))
  const numbered = <T extends { readonly name: Name }>(list: readonly T[]) =>
    list.map((one) => ({ ...one, name: numbers.get(one.name) }))
  const packed = JSON.stringify({ all, changes: numbered(changes), names: numbered(names) })
  const params = { [constants.BROTLI_PARAM_QUALITY]: 4 }
  return itemOf({ sentAt, batch: brotliCompressSync(packed, { params }) })
}

export function inflightOf(item: Item): Inflight {
  const { sentAt, batch } = v.parse(inflightAttributes, unmarshall(item))
  const { all, changes, names } = v.parse(packedBatch, JSON.parse(brotliDecompressSync(batch).toString()))
  const named = <T extends { readonly name: number }>(list: readonly T[]) =>
    list.map((one) => ({ ...one, name: v.parse(name, all[one.name]) }))
  return { changes: named(changes), names: named(names), sentAt }
}

// ---------------------------------------------------------------------------

/** Milliseconds since the epoch; a slot of the pace need not be a whole one. */
const time = v.pipe(v.number(), v.minValue(0))
/** Milliseconds from one machine's time to that of another, and so below zero where their clocks differ. */
const lag = v.number()

/** Of what a later version counts, an earlier one has stored nothing. */
const counted = v.exactOptional(count, 0)

const counts = {
  sets: counted,
  owned: counted,
  foreign: counted,
  missing: counted,
  changed: counted,
  unmirrored: counted,
  imported: counted,
  conflicts: counted,
  skipped: counted,
  remarks: v.exactOptional(v.array(v.string()), () => []),
}

const finished = v.object({ ...counts, startedAt: time, endedAt: time })

/** What the mirror notes of a hosted zone, and can do without. */
const noted = {
  fault: v.object({ code: v.string(), message: v.string(), since: time, retryAt: time }),
  minimum: count,
  lastBatch: v.object({
    id: v.exactOptional(text),
    at: time,
    names: count,
    values: count,
    characters: count,
    lagMs: lag,
  }),
  walk: v.object({
    kind: v.picklist(['reconcile', 'adopt']),
    overwrite: v.boolean(),
    startedAt: time,
    retryAt: v.exactOptional(time),
    next: v.exactOptional(name),
    counts: v.object(counts),
  }),
  reconciled: finished,
  adopted: finished,
}

const mirrorState = v.object({
  wake: count,
  leaseHolder: v.exactOptional(text),
  leaseUntil: v.exactOptional(time),
  fault: v.exactOptional(noted.fault),
  minimum: v.exactOptional(noted.minimum),
  lastBatch: v.exactOptional(noted.lastBatch),
  walk: v.exactOptional(noted.walk),
  reconciled: v.exactOptional(noted.reconciled),
  adopted: v.exactOptional(noted.adopted),
})

const refusal = v.object({ code: v.picklist(['invalid', 'unsupported', 'foreign']), message: v.string(), at: time })

const mirrorRow = v.object({
  name,
  applied: rrsets,
  refused: byType(refusal, 'a map of refusals expected'),
  version: count,
  change: v.exactOptional(v.object({ id: v.exactOptional(text), at: time, lagMs: lag })),
})

const mark = v.object({ sk: name, token: text, at: time })

const refusedName = v.object({ sk: name })

const changeNote = v.object({ status: v.picklist(['PENDING', 'INSYNC']), askedAt: time })

const inflightAttributes = v.object({ sentAt: time, batch: v.instance(Uint8Array) })

/** A name is its number in `all`. */
const packedBatch = v.object({
  all: v.array(v.string()),
  changes: v.array(
    v.object({ action: v.picklist(['CREATE', 'UPSERT', 'DELETE']), name: count, type: mnemonic, rrset }),
  ),
  names: v.array(v.object({ name: count, version: count, at: time })),
})
