import type { AcceptedChange, Change, Mark, MirrorRow, Refusal } from '../../shared/mirror/model.ts'
import { applyChange, type NamePlan } from '../../shared/mirror/plan.ts'
import type { RRsets, StoredRRset } from '../../shared/records/model.ts'

/** A name on its way to Route 53: its plan, and how far that is carried out. */
export class Draft {
  readonly plan: NamePlan
  readonly mark: Mark
  /** What Route 53 holds through us by now. */
  applied: RRsets
  readonly #before: MirrorRow
  readonly #refused: Record<string, Refusal>
  /** What is still to be done. */
  readonly #open: Set<string>
  #change: AcceptedChange | undefined

  constructor(plan: NamePlan, mark: Mark, row: MirrorRow) {
    this.plan = plan
    this.mark = mark
    this.applied = row.applied
    this.#before = row
    this.#refused = { ...plan.refused }
    this.#open = new Set(plan.changes.map(keyOf))
    this.#change = row.change
  }

  accept(changes: readonly Change[], { id, at }: { readonly id?: string; readonly at: number }): void {
    this.applied = changes.reduce(applyChange, this.applied)
    for (const change of changes) this.#open.delete(keyOf(change))
    this.#change = { ...(id && { id }), at, lagMs: Math.max(0, at - this.mark.at) }
  }

  /** The change is not to be had. */
  refuse(change: Change, refusal: Refusal): void {
    this.#refused[change.type] = refusal
    this.#open.delete(keyOf(change))
  }

  /** What was to be done is left undone, and the RRset as it is. */
  forgo(change: Change): void {
    this.#open.delete(keyOf(change))
  }

  /** An RRset turned out to be ours, as it is. */
  own(type: string, rrset: StoredRRset): void {
    this.applied = { ...this.applied, [type]: rrset }
  }

  /** True for a deletion that is done. */
  isDone({ action, type }: Change): boolean {
    return action === 'DELETE' && this.applied[type] === undefined
  }

  isRefused({ type }: Change): boolean {
    return this.#refused[type] !== undefined
  }

  /** The RRset that was to be deleted is gone already. */
  forget(change: Change): void {
    this.applied = applyChange(this.applied, change)
    this.#open.delete(keyOf(change))
  }

  /** True if nothing is left to be done, now or in a later request. */
  get finished(): boolean {
    return this.#open.size === 0 && this.plan.complete
  }

  /** True if the row says something that the stored one does not. */
  get isNews(): boolean {
    const { applied, refused, version, change } = this.row
    const before = this.#before
    const sameRefusals = JSON.stringify(refused) === JSON.stringify(before.refused)
    return !(applied === before.applied && sameRefusals && version === before.version && change === before.change)
  }

  get row(): MirrorRow {
    return {
      name: this.plan.name,
      applied: this.applied,
      refused: this.#refused,
      version: this.plan.version,
      ...(this.#change && { change: this.#change }),
    }
  }
}

/** The changes of a name that go into one request. */
export interface Part {
  readonly draft: Draft
  readonly changes: readonly Change[]
}

export function changesOf(parts: readonly Part[]): readonly Change[] {
  return parts.flatMap(({ changes }) => changes)
}

/** True if one change is a deletion that the other one needs: a CNAME stands alone (RFC 2181 10.1). */
export function makesRoomFor(deletion: Change, other: Change): boolean {
  if (deletion.action !== 'DELETE' || other.action !== 'CREATE' || deletion.name !== other.name) return false
  return deletion.type === other.type || deletion.type === 'CNAME' || other.type === 'CNAME'
}

/**
 * The changes of a name in two parts that can be made apart, each with what it needs; undefined if there are none. An
 * RRset in place of another one of its type goes with the deletion of that, and whatever follows a CNAME with that of it.
 */
export function splitPart({ draft, changes }: Part): readonly [Part, Part] | undefined {
  const alias = changes.find(({ type }) => type === 'CNAME')
  if (alias?.action === 'CREATE') return undefined
  const types = [...new Set(changes.filter((change) => change !== alias).map(({ type }) => type))]
  if (types.length < 2) return undefined
  const first = new Set(types.slice(0, Math.ceil(types.length / 2)))
  const part = (isIn: (type: string) => boolean): Part => ({
    draft,
    changes: changes.filter((change) => change === alias || isIn(change.type)),
  })
  return [part((type) => first.has(type)), part((type) => !first.has(type))]
}

export function isDivisible(parts: readonly Part[]): boolean {
  return parts.length > 1 || parts.some((part) => splitPart(part) !== undefined)
}

/** True if the hosted zone has more record sets afterwards. */
export function grows({ changes }: Part): boolean {
  const count = (action: Change['action']) => changes.filter((change) => change.action === action).length
  return count('CREATE') > count('DELETE')
}

// ---------------------------------------------------------------------------

/** An RRset may be deleted and created in one plan, but not created in two ways. */
function keyOf({ action, type }: Change): string {
  return `${action === 'DELETE' ? 'delete' : 'put'} ${type}`
}
