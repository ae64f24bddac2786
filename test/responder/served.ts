import { TableReader } from '../../responder/table/reader.ts'
import { Table } from '../../responder/table/table.ts'
import type { OwnedRRset } from '../../responder/zones/packed.ts'
import { applyUpdates, NamesPacker, type Update } from '../../responder/zones/update.ts'
import { Zones } from '../../responder/zones/zones.ts'
import type { WireName } from '../../shared/dns/name.ts'

/** An answer table of one thread, and its zones as a chain sees them. */
export class Served {
  readonly table = new Table()
  readonly zones = new Zones(new TableReader(this.table.memory, 1))

  constructor(...updates: readonly Update[]) {
    this.apply(updates)
  }

  apply(updates: readonly Update[]): void {
    applyUpdates(this.table, updates)
  }
}

/** The update that gives names these RRsets; none removes the name. */
export function namesUpdate(apex: WireName, names: readonly (readonly [WireName, readonly OwnedRRset[]])[]): Update {
  const packer = new NamesPacker()
  for (const [name, rrsets] of names) packer.add(name, rrsets)
  return packer.take(apex)
}
