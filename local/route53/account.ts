import type { Change, HostedZone, RecordSet } from './model.ts'
import { ZoneSets } from './zone-sets.ts'

/** What a request that was accepted does to the account. It is what the journal keeps, so it must stay plain data. */
export type Mutation =
  | {
      readonly kind: 'create'
      readonly zone: HostedZone
      readonly sets: readonly RecordSet[]
      readonly change?: Change
    }
  | { readonly kind: 'delete'; readonly zone: string; readonly change: Change }
  | {
      readonly kind: 'change'
      readonly zone: string
      readonly removed: readonly RecordSet[]
      readonly put: readonly RecordSet[]
      readonly change?: Change
    }
  | { readonly kind: 'tag'; readonly zone: string; readonly add: Tags; readonly remove: readonly string[] }
  /** Changes of long ago, of which only the fact is kept. */
  | { readonly kind: 'past'; readonly changes: readonly Change[] }

/** Tells a line of a journal from other JSON by its first member; what is in it was written by this program. */
export function isMutation(read: unknown): read is Mutation {
  return typeof read === 'object' && read !== null && 'kind' in read && KINDS.has(String(read.kind))
}

export type Tags = Readonly<Record<string, string>>

export interface ZoneState {
  readonly zone: HostedZone
  readonly sets: ZoneSets
  readonly tags: Map<string, string>
}

/** The hosted zones and changes of the one account there is. Nothing here checks anything. */
export class Account {
  /** In the order of their creation. */
  readonly zones = new Map<string, ZoneState>()
  readonly changes = new Map<string, Change>()

  apply(mutation: Mutation): void {
    switch (mutation.kind) {
      case 'create': {
        const sets = new ZoneSets()
        sets.replace([], mutation.sets)
        this.zones.set(mutation.zone.id, { zone: mutation.zone, sets, tags: new Map() })
        break
      }
      case 'delete':
        this.zones.delete(mutation.zone)
        break
      case 'change':
        this.zones.get(mutation.zone)?.sets.replace(mutation.removed, mutation.put)
        break
      case 'tag': {
        const tags = this.zones.get(mutation.zone)?.tags
        for (const key of mutation.remove) tags?.delete(key)
        for (const [key, value] of Object.entries(mutation.add)) tags?.set(key, value)
        break
      }
      case 'past':
        for (const change of mutation.changes) this.#remember(change)
    }
    if ('change' in mutation) this.#remember(mutation.change)
  }

  /** The shortest list of mutations that leads from nothing to here. */
  *history(): Iterable<Mutation> {
    yield { kind: 'past', changes: [...this.changes.values()] }
    for (const { zone, sets, tags } of this.zones.values()) {
      yield { kind: 'create', zone, sets: [] }
      yield* inParts(zone.id, sets.all)
      if (tags.size > 0) yield { kind: 'tag', zone: zone.id, add: Object.fromEntries(tags), remove: [] }
    }
  }

  #remember(change: Change): void {
    this.changes.set(change.id, change)
    const [oldest] = this.changes.keys()
    if (this.changes.size > MAX_CHANGES && oldest !== undefined) this.changes.delete(oldest)
  }
}

// ---------------------------------------------------------------------------

const KINDS: ReadonlySet<string> = new Set<Mutation['kind']>(['create', 'delete', 'change', 'tag', 'past'])
const MAX_CHANGES = 10_000 // the oldest are forgotten
const PART = 1000

function* inParts(zone: string, sets: readonly RecordSet[]): Iterable<Mutation> {
  for (let at = 0; at < sets.length; at += PART) {
    yield { kind: 'change', zone, removed: [], put: sets.slice(at, at + PART) }
  }
}
