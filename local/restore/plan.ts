import type { Name } from '../../shared/dns/name.ts'
import { inPlaceOfUnclaimed, unclaimed } from '../../shared/records/claims.ts'
import { closestZone } from '../../shared/records/closest-zone.ts'
import type { NameState } from '../../shared/records/edits.ts'
import { NamingError } from '../../shared/records/faults.ts'
import type { NameRecord, RRsets } from '../../shared/records/model.ts'
import type { NameStore } from '../../shared/records/ports.ts'
import { sameRRsets } from '../../shared/records/segments.ts'

export interface PlanParts {
  /** What is to be restored from. */
  readonly source: Pick<NameStore, 'scan' | 'readAll'>
  /** What is registered now. */
  readonly target: Pick<NameStore, 'scan' | 'readAll'>
  /** Zones that are served now. */
  readonly zones: readonly Name[]
  /** When this began, in milliseconds: what was written since is not undone. */
  readonly since: number
}

export interface Scope {
  /** Only these zones, and only these names; undefined: all. */
  readonly zones: readonly Name[] | undefined
  readonly names: readonly Name[] | undefined
  /** Names that the source does not have are to go. */
  readonly prune: boolean
}

/** What one name would become. */
export interface Change {
  readonly zone: Name
  readonly name: Name
  readonly before: RRsets
  readonly after: RRsets
}

export interface Plan {
  readonly changes: readonly Change[]
  /** Names that are as the source has them. */
  readonly same: number
  /** What is left alone and why, a line each. */
  readonly remarks: readonly string[]
}

/** Compares a table of names with what is registered. Throws an Error of one line where there is nothing to go by. */
export async function planRestore(parts: PlanParts, scope: Scope): Promise<Plan> {
  const { source, target, zones, since } = parts
  const isNewer = ({ by }: NameRecord) => by !== undefined && by.at >= since
  const inScope = ({ name }: Pick<NameRecord, 'name'>, zone: Name) =>
    (scope.zones?.includes(zone) ?? true) && (scope.names?.includes(name) ?? true)
  const changes: Change[] = []
  const unserved = new Map<Name, number>()
  const remarks: string[] = []
  const kept = new Set<Name>()
  let same = 0

  for await (const page of source.scan()) {
    const live = page.filter(isLive)
    for (const { name } of live) kept.add(name)
    const present = await target.readAll(live.map(({ name }) => name))
    for (const record of live) {
      const zone = closestZone(record.name, zones)
      if (zone === undefined) unserved.set(record.zone, (unserved.get(record.zone) ?? 0) + 1)
      else if (inScope(record, zone)) compare(zone, record, present.unreadable.has(record.name))
    }

    function compare(zone: Name, { name, ...restored }: NameRecord, isUnreadable: boolean): void {
      const now = present.records.get(name)
      const before = now?.rrsets ?? {}
      const after = beside(now, stateOf(restored), name)
      if (after === undefined)
        remarks.push(`${name} is left alone: what is registered there under an id stands in the way`)
      else if (now !== undefined && isNewer(now)) remarks.push(`${name} is left alone: it was just written`)
      else if (isUnreadable) remarks.push(`${name} is left alone: what is registered cannot be read`)
      else if (sameRRsets(before, after)) same++
      else changes.push({ zone, name, before, after })
    }
  }
  if (kept.size === 0) throw new Error('the table to restore from has no names')
  for (const name of scope.names ?? []) {
    if (!kept.has(name)) remarks.push(`${name} is not in the table to restore from, or cannot be read there`)
  }
  for (const [zone, count] of unserved) remarks.push(`${count} names of ${zone} are left out: the zone is not served`)
  if (scope.prune) changes.push(...(await surplus()))
  return { changes, same, remarks }

  /** What is registered and not in the source; a name whose item there cannot be read is not known to be gone. */
  async function surplus(): Promise<Change[]> {
    const found: Change[] = []
    for await (const page of target.scan()) {
      const beyond = page.filter(
        (record) => isLive(record) && !isNewer(record) && !kept.has(record.name) && inScope(record, record.zone),
      )
      const { unreadable } = await source.readAll(beyond.map(({ name }) => name))
      for (const record of beyond) {
        const { name, zone, rrsets } = record
        if (unreadable.has(name)) remarks.push(`${name} is left alone: what is to be restored cannot be read`)
        else found.push({ zone, name, before: rrsets, after: beside(record, NOTHING, name) ?? {} })
      }
    }
    return found
  }
}

// ---------------------------------------------------------------------------

const NOTHING: NameState = { rrsets: {}, claims: {} }

function stateOf({ rrsets, claims = {} }: Pick<NameRecord, 'rrsets' | 'claims'>): NameState {
  return { rrsets, claims }
}

/** What has been registered under an id is left to those who did: they register it again, or are gone. */
function isLive(record: NameRecord): boolean {
  return Object.keys(unclaimed(stateOf(record))).length > 0
}

/** What is restored, beside what is registered now under ids; undefined if that cannot be. */
function beside(now: NameRecord | undefined, restored: NameState, name: Name): RRsets | undefined {
  try {
    return inPlaceOfUnclaimed(unclaimed(restored))(now === undefined ? NOTHING : stateOf(now), name).rrsets
  } catch (error) {
    if (error instanceof NamingError) return undefined
    throw error
  }
}
