/** The stored forms. Whatever a table or a stream holds is checked here; a ValiError says what is wrong with it. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import * as v from 'valibot'
import type { Name } from '../dns/name.ts'
import type { NameRecord, Segment, Zone } from '../records/model.ts'

export type Item = Record<string, AttributeValue>

export function nameRecordOf(item: Item): NameRecord {
  return v.parse(nameRecord, unmarshall(item))
}

export function zoneOf(item: Item): Zone {
  return v.parse(zone, unmarshall(item))
}

export function segmentOf(item: Item): Segment {
  const { sk: seq, at, changes } = v.parse(segment, unmarshall(item))
  return { seq, at, changes }
}

/** An item of plain values; members that are undefined are left out. */
export function itemOf(values: object): Item {
  return marshall(values, { removeUndefinedValues: true })
}

// ---------------------------------------------------------------------------

const name = v.custom<Name>(
  (value) => typeof value === 'string' && value.endsWith('.'),
  'a name with its final dot expected',
)
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const rrset = v.object({ ttl: count, rdata: v.array(v.string()) })
const rrsets = v.record(v.string(), rrset)

const nameRecord = v.pipe(
  v.object({ name, zone: name, version: count, rrsets, expires: v.optional(count) }),
  v.transform(({ expires, ...record }) => (expires === undefined ? record : { ...record, expires })),
)

const zone = v.object({
  zone: name,
  serial: count,
  soa: v.object({
    ttl: count,
    mname: name,
    rname: name,
    refresh: count,
    retry: count,
    expire: count,
    minimum: count,
  }),
  ns: rrset,
})

const segment = v.object({
  sk: count,
  at: count,
  changes: v.array(v.object({ name, zone: name, from: count, first: count, version: count, old: rrsets, new: rrsets })),
})
