import type { WireName } from '../../shared/dns/name.ts'
import { EMPTY, type PackedRRsets } from '../zones/packed.ts'
import { type NameEntry, namesUpdate, type Update } from '../zones/update.ts'
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
      if (known !== undefined && known.apex !== state.apex) steps.add(known.apex, [state.name, EMPTY])
      if (known !== undefined || state.rrsets !== EMPTY) steps.add(state.apex, [state.name, state.rrsets])
      this.#names.set(state.name, { apex: state.apex, version: state.version, rrsets: state.rrsets })
      this.#removed.delete(state.name)
      if (state.rrsets === EMPTY) this.#removed.set(state.name, now)
    }
    return steps.updates()
  }

  /** Forgets the names that are not in `present`; gives the updates that remove them. */
  keepOnly(present: ReadonlySet<WireName>): Update[] {
    const steps = new Steps()
    for (const [name, { apex, rrsets }] of this.#names) {
      if (present.has(name)) continue
      if (rrsets !== EMPTY) steps.add(apex, [name, EMPTY])
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

  /** Every name with its RRsets, in portions. */
  *snapshot(): Generator<Update[]> {
    let steps = new Steps()
    for (const [name, { apex, rrsets }] of this.#names) {
      if (rrsets !== EMPTY) steps.add(apex, [name, rrsets])
      if (steps.size < NAMES_AT_ONCE) continue
      yield steps.updates()
      steps = new Steps()
    }
    yield steps.updates()
  }
}

// ---------------------------------------------------------------------------

const NAMES_AT_ONCE = 10_000

interface Known {
  readonly apex: WireName
  readonly version: number
  readonly rrsets: PackedRRsets
}

/** Name entries gathered by zone. */
class Steps {
  size = 0
  readonly #byApex = new Map<WireName, NameEntry[]>()

  add(apex: WireName, entry: NameEntry): void {
    this.size++
    const entries = this.#byApex.get(apex)
    if (entries === undefined) this.#byApex.set(apex, [entry])
    else entries.push(entry)
  }

  updates(): Update[] {
    return Array.from(this.#byApex, ([apex, entries]) => namesUpdate(apex, entries))
  }
}
