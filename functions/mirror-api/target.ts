import { readName } from '../../shared/http/names.ts'
import { NamingError } from '../../shared/records/faults.ts'
import type { MirrorApiParts, Target } from './parts.ts'

/**
 * The zone of that spelling and its hosted zone. Throws NamingError `invalid_name`, `zone_not_found`,
 * `zone_not_mirrored`.
 */
export async function findTarget({ zones }: Pick<MirrorApiParts, 'zones'>, spelled: string): Promise<Target> {
  const apex = readName(spelled)
  const found = (await zones.list()).find(({ zone }) => zone === apex)
  if (found === undefined) throw new NamingError('zone_not_found')
  if (found.hostedZone === undefined) throw new NamingError('zone_not_mirrored')
  return { zone: apex, hostedZone: found.hostedZone }
}
