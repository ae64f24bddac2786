import type { AcceptedChange, Change, Mark, MirrorRow, Refusal } from '../../shared/mirror/model.ts'
import { applyChange, type NamePlan } from '../../shared/mirror/plan.ts'
import type { RRsets } from '../../shared/records/model.ts'

/** A name on its way to Route 53: its plan, and how far that is carried out. */
export class Draft {
  readonly plan: NamePlan
  readonly mark: Mark
  /** What Route 53 holds through us by now. */
  applied: RRsets
  readonly #before: MirrorRow
  readonly #refused: Record<string, Refusal>
  #left: number
  #change: AcceptedChange | undefined

  constructor(plan: NamePlan, mark: Mark, row: MirrorRow) {
    this.plan = plan
    this.mark = mark
    this.applied = row.applied
    this.#before = row
    this.#refused = { ...plan.refused }
    this.#left = plan.changes.length
    this.#change = row.change
  }

  accept(changes: readonly Change[], { id, at }: { readonly id?: string; readonly at: number }): void {
    this.applied = changes.reduce(applyChange, this.applied)
    this.#left -= changes.length
    this.#change = { ...(id && { id }), at, lagMs: Math.max(0, at - this.mark.at) }
  }

  /** The change is not to be had. */
  refuse({ type }: Change, refusal: Refusal): void {
    this.#refused[type] = refusal
    this.#left--
  }

  /** The RRset that was to be deleted is gone already. */
  forget(change: Change): void {
    this.applied = applyChange(this.applied, change)
    this.#left--
  }

  /** True if nothing is left to be done, now or in a later request. */
  get finished(): boolean {
    return this.#left === 0 && this.plan.complete
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
