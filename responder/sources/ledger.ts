import type { WireName } from '../../shared/dns/name.ts'
import type { OwnedRRset } from '../zones/packed.ts'
import { NamesPacker, type Update } from '../zones/update.ts'
import type { CompiledName } from './compile.ts'

/**
 * What was handed out of each name, and at which version, so that states may arrive in any order and more than once.
 * A removed name is remembered for as long as the log lives: an older state that comes late does not revive it.
 */
export class Ledger {
  readonly #names = new Map<WireName, Known>()
  /** Removed names and when they were, oldest first. */
  readonly #removed = new Map<WireName, number>()

  /** Names with RRsets. */
  get size(): number {
    return this.#names.size - this.#removed.size
  }

  /** True if that state is newer than what is known of its name. */
  isNews({ name, version }: CompiledName): boolean {
    const known = this.#names.get(name)
    return known === undefined || known.version < version
  }

  /** Takes the states that are newer than what is known; gives the updates that bring a replica there. */
  apply(states: readonly CompiledName[], now: number): Update[] {
    const steps = new Steps()
    for (const state of states) {
      if (!this.isNews(state)) continue
      const known = this.#names.get(state.name)
      const isGone = state.rrsets.length === 0
      if (known !== undefined && known.apex !== state.apex) steps.add(known.apex, state.name, [])
      if (known !== undefined || !isGone) steps.add(state.apex, state.name, state.rrsets)
      this.#names.set(state.name, { apex: state.apex, version: state.version })
      this.#removed.delete(state.name)
      if (isGone) this.#removed.set(state.name, now)
    }
    return steps.updates()
  }

  /** Forgets the names that are not in `present`; gives the updates that remove them. */
  keepOnly(present: ReadonlySet<WireName>): Update[] {
    const steps = new Steps()
    for (const [name, { apex }] of this.#names) {
      if (present.has(name)) continue
      if (!this.#removed.has(name)) steps.add(apex, name, [])
      this.#names.delete(name)
      this.#removed.delete(name)
    }
    return steps.updates()
  }

  /** Forgets the names that were removed before `time`. */
  forgetRemoved(time: number): void {
    for (const [name, removed] of this.#removed) {
      if (removed >= time) return
      this.#names.delete(name)
      this.#removed.delete(name)
    }
  }
}

// ---------------------------------------------------------------------------

interface Known {
  readonly apex: WireName
  readonly version: number
}

/** Names gathered by zone. */
class Steps {
  readonly #byApex = new Map<WireName, NamesPacker>()

  add(apex: WireName, name: WireName, rrsets: readonly OwnedRRset[]): void {
    let packer = this.#byApex.get(apex)
    if (packer === undefined) {
      packer = new NamesPacker()
      this.#byApex.set(apex, packer)
    }
    packer.add(name, rrsets)
  }

  updates(): Update[] {
    return Array.from(this.#byApex, ([apex, packer]) => packer.take(apex))
  }
}
