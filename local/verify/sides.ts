import { setTimeout as pause } from 'node:timers/promises'
import type { Message } from '../../shared/dns/message.ts'
import { formatName, type Name } from '../../shared/dns/name.ts'
import { formatRdata, typeMnemonic } from '../../shared/dns/rdata.ts'
import { storedRdata } from '../../shared/mirror/forms.ts'
import type { HostedZoneId, MirrorRow } from '../../shared/mirror/model.ts'
import { backoff, type Pace } from '../../shared/mirror/pace.ts'
import type { ListedSet, ListFrom, MirrorStore, Route53 } from '../../shared/mirror/ports.ts'
import type { RRsets, StoredRRset } from '../../shared/records/model.ts'
import type { NameStore } from '../../shared/records/ports.ts'

/** What is registered, of each zone and name. */
export async function readRegistered(names: NameStore): Promise<ReadonlyMap<Name, ReadonlyMap<Name, RRsets>>> {
  const zones = new Map<Name, Map<Name, RRsets>>()
  for await (const page of names.scan()) {
    for (const { zone, name, rrsets } of page) {
      const known = zones.get(zone) ?? new Map()
      zones.set(zone, known.set(name, rrsets))
    }
  }
  return zones
}

/** What the mirror knows of each name of a hosted zone. */
export async function readRows(store: MirrorStore, hostedZone: HostedZoneId): Promise<ReadonlyMap<Name, MirrorRow>> {
  const rows = new Map<Name, MirrorRow>()
  for await (const page of store.rowsBetween(hostedZone, undefined, undefined)) {
    for (const row of page) rows.set(row.name, row)
  }
  return rows
}

/** All record sets of a hosted zone, in the pace that is shared with the mirror. Rejects if Route 53 does not tell. */
export async function readListed(
  route53: Route53,
  pace: Pace,
  hostedZone: HostedZoneId,
): Promise<readonly ListedSet[]> {
  const sets: ListedSet[] = []
  let from: ListFrom | undefined
  for (let failures = 0; ; ) {
    if (!(await pace.turn(Date.now() + TURN_MS))) throw new Error('Route 53 wants no requests for a while')
    const outcome = await route53.list(hostedZone, from, PAGE)
    if (outcome.kind === 'listed') {
      sets.push(...outcome.sets)
      if (outcome.next === undefined) return sets
      from = outcome.next
      failures = 0
      continue
    }
    if (outcome.kind === 'fault') throw new Error(`Route 53 refuses: ${outcome.code}: ${outcome.message}`)
    if (++failures === MAX_FAILURES) {
      throw new Error(`Route 53 does not answer: ${outcome.kind === 'unknown' ? outcome.reason : 'too many requests'}`)
    }
    await pause(backoff(0))
  }
}

/** The RRset of this name and type in an answer; at a zone cut, and below one, it stands outside the answer section. */
export function servedIn(message: Message, name: Name, type: string): StoredRRset | undefined {
  const records = [...message.answer, ...message.authority, ...message.additional].filter(
    (record) => typeMnemonic(record.type) === type && formatName(record.owner) === name,
  )
  const [first] = records
  if (first === undefined) return undefined
  return {
    ttl: first.ttl,
    rdata: storedRdata(
      type,
      records.map((record) => formatRdata(record.type, record.rdata)),
    ),
  }
}

// ---------------------------------------------------------------------------

const PAGE = 300
const TURN_MS = 60_000
const MAX_FAILURES = 3
