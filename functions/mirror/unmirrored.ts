import type { Name } from '../../shared/dns/name.ts'
import type { HostedZoneId } from '../../shared/mirror/model.ts'
import { emptyRow, isDue } from '../../shared/mirror/plan.ts'
import type { NameRecord } from '../../shared/records/model.ts'
import type { Faults } from './faults.ts'
import type { MirrorParts } from './parts.ts'
import type { MirroredZone } from './session.ts'

/**
 * Reads all that is registered and marks the names of these zones whose rows do not stand for it, as after a change that
 * the mirror was never told of. Gives how many there were in each hosted zone.
 */
export async function markUnmirrored(
  { names, store, now }: MirrorParts,
  zones: readonly MirroredZone[],
  faults: Faults,
): Promise<ReadonlyMap<HostedZoneId, number>> {
  const found = new Map<HostedZoneId, number>()
  const mirrors = new Map<Name, HostedZoneId>(zones.map(({ zone, hostedZone }) => [zone, hostedZone]))
  if (mirrors.size === 0) return found
  for await (const page of names.scan()) {
    await faults.collect(
      Map.groupBy(page, (record) => record.zone),
      async ([zone, records]) => {
        const hostedZone = mirrors.get(zone)
        if (hostedZone === undefined) return
        const different = await differing(hostedZone, zone, records)
        await store.mark(hostedZone, different)
        found.set(hostedZone, (found.get(hostedZone) ?? 0) + different.length)
      },
    )
  }
  return found

  async function differing(hostedZone: HostedZoneId, zone: Name, records: readonly NameRecord[]) {
    const rows = await store.rows(
      hostedZone,
      records.map(({ name }) => name),
    )
    const at = now()
    return records
      .filter((record) => isDue(zone, record, rows.get(record.name) ?? emptyRow(record.name), at))
      .map(({ name }) => ({ name, at }))
  }
}
