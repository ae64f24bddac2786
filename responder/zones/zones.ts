import { Type } from '../../shared/dns/codes.ts'
import { parentName, ROOT, type WireName } from '../../shared/dns/name.ts'
import { Zone, type ZoneHeader } from './zone.ts'

/** All zones of a replica. Zones may lie within each other; the closest one above a name has it. */
export class Zones {
  readonly #byApex = new Map<WireName, Zone>()
  /** Zones that are being made anew. */
  readonly #renewed = new Map<WireName, Zone>()

  /** The zone of that apex that takes names, made if it is not there. */
  at(apex: WireName): Zone {
    let zone = this.#renewed.get(apex) ?? this.#byApex.get(apex)
    if (zone === undefined) {
      zone = new Zone(apex)
      this.#byApex.set(apex, zone)
    }
    return zone
  }

  /** Begins the zone anew: empty, and seen by nobody until `serve`. */
  renew(apex: WireName): void {
    this.#renewed.set(apex, new Zone(apex))
  }

  /** Serves the zone as it is now, in place of an older one. Without header it is no longer served. */
  serve(apex: WireName, header: ZoneHeader | undefined): void {
    const zone = this.at(apex)
    zone.header = header
    this.#byApex.set(apex, zone)
    this.#renewed.delete(apex)
  }

  /** The served zone that answers for a name; undefined if there is none. */
  find(name: WireName, type: number): Zone | undefined {
    const zone = this.#closest(name)
    if (type !== Type.DS || zone?.apex !== name || name === ROOT) return zone
    // A DS RRset belongs to the parent side of a cut (RFC 4035 3.1.4.1), if that side is ours and knows of the cut.
    const parent = this.#closest(parentName(name))
    return parent?.hiding(name) === name ? parent : zone
  }

  #closest(name: WireName): Zone | undefined {
    for (let at = name; ; at = parentName(at)) {
      const zone = this.#byApex.get(at)
      if (zone?.header !== undefined) return zone
      if (at === ROOT) return undefined
    }
  }
}
