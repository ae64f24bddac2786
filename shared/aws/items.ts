/** The stored forms. Whatever a table or a stream holds is checked here; an Error says what is wrong with it. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import * as v from 'valibot'
import { isAtOrBelow, parseName } from '../dns/name.ts'
import type { NameRecord, Segment, Zone } from '../records/model.ts'
import { count, name, rrset, rrsets, text, version, withoutUnreadable } from './item-parts.ts'

export type Item = Record<string, AttributeValue>

export function nameRecordOf(item: Item): NameRecord {
  return v.parse(nameRecord, unmarshall(item))
}

export function zoneOf(item: Item): Zone {
  return v.parse(zone, withoutUnreadable(unmarshall(item), { hostedZone: text })) // the zone is to be served all the same
}

export function segmentOf(item: Item): Segment {
  const { sk: seq, at, changes } = v.parse(segment, unmarshall(item))
  return { seq, at, changes }
}

/**
 * What can be read of the items of a page. One that cannot, because somebody edited it by hand, is told in a warning of
 * the process, once, and hides none of the others.
 */
export function readable<T>(items: readonly Item[], read: (item: Item) => T): T[] {
  return items.flatMap((item) => {
    try {
      return [read(item)]
    } catch (error) {
      warnOnce(`an item cannot be read: ${JSON.stringify(item).slice(0, 200)}: ${(error as Error).message}`)
      return []
    }
  })
}

/** An item of plain values; members that are undefined are left out. */
export function itemOf(values: object): Item {
  return marshall(values, { removeUndefinedValues: true })
}

// ---------------------------------------------------------------------------

const warned = new Set<string>()

function warnOnce(message: string): void {
  if (warned.has(message)) return
  warned.add(message)
  process.emitWarning(message)
}

const writtenBy = v.object({ principal: text, at: count })

const claims = v.record(text, v.object({ nonce: text, rrsets }))

const nameRecord = v.pipe(
  v.object({
    name,
    zone: name,
    version,
    rrsets,
    expires: v.optional(count),
    by: v.exactOptional(writtenBy),
    claims: v.exactOptional(claims),
  }),
  v.check(({ name, zone }) => isAtOrBelow(parseName(name), parseName(zone)), 'a name in its zone expected'),
  v.transform(({ expires, ...record }) => (expires === undefined ? record : { ...record, expires })),
)

const zone = v.object({
  zone: name,
  serial: version,
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
  hostedZone: v.exactOptional(text),
})

const segment = v.object({
  sk: count,
  at: count,
  changes: v.array(
    v.object({
      name,
      zone: name,
      from: count,
      first: version,
      version,
      old: rrsets,
      new: rrsets,
      by: v.exactOptional(writtenBy),
    }),
  ),
})
