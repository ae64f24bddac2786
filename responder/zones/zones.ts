import { Type } from '../../shared/dns/codes.ts'
import { parentName, ROOT, type WireName } from '../../shared/dns/name.ts'
import { ZONES } from '../table/entry.ts'
import { NameLabels } from '../table/labels.ts'
import type { TableReader } from '../table/reader.ts'
import { NUMBER } from '../table/zone-entry.ts'
import { Zone } from './zone.ts'

/** All zones that are served. They may lie within each other; the closest one above a name has it. */
export class Zones {
  readonly #reader: TableReader
  readonly #labels: NameLabels
  /** Zones that were found since `enter`, which an answer is made from to its end: another may take the place of one meanwhile. */
  #found: Zone[] | undefined

  constructor(reader: TableReader) {
    this.#reader = reader
    this.#labels = new NameLabels(reader.seed)
  }

  /** What is found until `leave` stays as it is until then: zones, names and RRsets are to be looked up between the two. */
  enter(): void {
    this.#reader.enter()
    this.#found = []
  }

  leave(): void {
    this.#found = undefined
    this.#reader.leave()
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
    const reader = this.#reader
    const labels = this.#labels.of(name)
    const { starts, count } = labels
    for (let at = 0; at <= count; at++) {
      if (!reader.mayBeApex(count - at)) continue
      const apex = name.slice(starts[at]) as WireName
      const found = this.#found?.find((zone) => zone.apex === apex)
      if (found !== undefined) return found
      const entry = reader.find(ZONES, labels, at, count)
      if (entry === 0) continue
      const data = reader.dataOf(entry)
      const number = reader.memory.words[data + NUMBER] as number
      const zone = new Zone(apex, number, data, reader, labels)
      this.#found?.push(zone)
      return zone
    }
    return undefined
  }
}
