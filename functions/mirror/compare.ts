import type { Name } from '../../shared/dns/name.ts'
import type { MirrorRow } from '../../shared/mirror/model.ts'
import { isDue } from '../../shared/mirror/plan.ts'
import type { ListedSet } from '../../shared/mirror/ports.ts'
import type { RRsets } from '../../shared/records/model.ts'
import { sameRRset } from '../../shared/records/segments.ts'
import type { Finding, Standing } from './walk.ts'

/**
 * Compares the record sets of a name with its row. An RRset of ours that is gone or altered is noted as it is, and the
 * name marked, so that it is put right; record sets that are not ours are counted and left alone.
 */
export function compareName(zone: Name, { sets, row, record, isReadable }: Standing, now: number): Finding {
  const foreign = sets.filter((set) => !isOurs(zone, row, set))
  const counts = { owned: sets.length - foreign.length, foreign: foreign.length }
  if (row === undefined) return { counts }
  const applied = actualRRsets(row, sets)
  const types = Object.keys(row.applied)
  const missing = types.filter((type) => applied[type] === undefined).length
  const changed = types.length - missing - types.filter((type) => sameRRset(applied[type], row.applied[type])).length
  const drifted = missing + changed > 0
  const blocked = Object.keys(row.refused).filter((type) => row.refused[type]?.code === 'foreign')
  const freed = blocked.some((type) => !foreign.some((set) => excludes(type, set.type))) // whoever stood there has left
  const found = { ...row, applied, ...(freed && { version: 0 }) }
  const unmirrored = isReadable && !drifted && !freed && isDue(zone, record, found, now)
  return {
    counts: { ...counts, missing, changed, unmirrored: unmirrored ? 1 : 0 },
    ...((drifted || freed) && { row: found }),
    mark: drifted || freed || unmirrored,
  }
}

/** True for what the hosted zone itself came with. */
export function isOfHostedZone(zone: Name, { name, type }: Pick<ListedSet, 'name' | 'type'>): boolean {
  return name === zone && (type === 'SOA' || type === 'NS')
}

/** True if an RRset of one type cannot be created where one of the other is (RFC 2181 10.1). */
export function excludes(type: string, other: string): boolean {
  return type === other || type === 'CNAME' || other === 'CNAME'
}

// ---------------------------------------------------------------------------

function isOurs(zone: Name, row: MirrorRow | undefined, set: ListedSet): boolean {
  return isOfHostedZone(zone, set) || (set.rrset !== undefined && row?.applied[set.type] !== undefined)
}

/** Of the RRsets that are ours by the row, those that are there, as they are there. What became an alias is not ours now. */
function actualRRsets(row: MirrorRow, sets: readonly ListedSet[]): RRsets {
  const ours = sets.filter(({ type, rrset }) => rrset !== undefined && row.applied[type] !== undefined)
  return Object.fromEntries(ours.flatMap(({ type, rrset }) => (rrset === undefined ? [] : [[type, rrset]])))
}
