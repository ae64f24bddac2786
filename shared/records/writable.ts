import type { Name } from '../dns/name.ts'
import { closestZone } from './closest-zone.ts'
import { createEditName } from './edit-name.ts'
import {
  type AddressRecord,
  createAddress,
  deleteAddress,
  type Edit,
  hasAddress,
  holdsAddress,
  updateAddress,
  upsertAddress,
} from './edits.ts'
import { NamingError } from './faults.ts'
import type { NameStore, Now, ZoneStore } from './ports.ts'
import { servedZones } from './served-zones.ts'
import { checkWriter, permitted, type Writer } from './writer.ts'

/** One record to write: `name` is the full owner name, at or below `zone`. */
export interface RecordRequest extends AddressRecord {
  readonly zone: Name
  readonly name: Name
}

/**
 * The seven operations of dynapi's Writable interface, the four that write as one atomic step each with their check.
 * A written record is durable when the promise resolves, and names its writer. All throw NamingError: `zone_not_found`
 * where the zone is not served, `update_denied` where the writer may not, what is named below, `busy` and `unavailable`.
 */
export interface Writable {
  /** The zones served, as of a second ago at most; if `wanted` is not among those, as of now. */
  getZones(wanted?: string): Promise<readonly Name[]>
  /** Adds the first address of a name: `record_exists`, `record_conflict`. */
  create(request: RecordRequest, writer: Writer): Promise<void>
  /** Makes this the only address of a name: `record_conflict`. */
  upsert(request: RecordRequest, writer: Writer): Promise<void>
  /** As `upsert` where the name has an address: `record_not_found`. */
  update(request: RecordRequest, writer: Writer): Promise<void>
  /** Removes the identical record: `record_not_found`. */
  delete(request: RecordRequest, writer: Writer): Promise<void>
  exists(request: RecordRequest): Promise<boolean>
  /** True if the name has any address. */
  existsByName(request: Pick<RecordRequest, 'zone' | 'name'>): Promise<boolean>
}

export interface WritableParts {
  readonly names: NameStore
  readonly zones: ZoneStore
  readonly now: Now
  readonly pause: (ms: number) => Promise<void>
}

export function createWritable({ names, zones, now, pause }: WritableParts): Writable {
  const editName = createEditName(names, now, pause)
  const served = servedZones(zones, now)

  async function zonesWith(zone: Name): Promise<readonly Name[]> {
    const all = await served(zone)
    if (!all.includes(zone)) throw new NamingError('zone_not_found')
    return all
  }
  /** What was asked for is checked before the store is: it tells nobody what it holds who may not write it. */
  async function write({ zone, name, type }: RecordRequest, writer: Writer, edit: Edit): Promise<void> {
    const closest = closestZone(name, await zonesWith(zone)) ?? zone
    checkWriter(writer, closest, name, type)
    await editName(closest, name, permitted(edit, writer, closest), writer.principal)
  }
  return {
    getZones: served,
    create: (request, writer) => write(request, writer, createAddress(request)),
    upsert: (request, writer) => write(request, writer, upsertAddress(request)),
    update: (request, writer) => write(request, writer, updateAddress(request)),
    delete: (request, writer) => write(request, writer, deleteAddress(request)),
    async exists(request) {
      await zonesWith(request.zone)
      return holdsAddress((await names.read(request.name))?.rrsets ?? {}, request)
    },
    async existsByName({ zone, name }) {
      await zonesWith(zone)
      return hasAddress((await names.read(name))?.rrsets ?? {})
    },
  }
}
