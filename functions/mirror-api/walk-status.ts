import type { MirrorState, Walk, WalkCounts } from '../../shared/mirror/model.ts'
import { time } from './forms.ts'

/** How far a walk is, or what the last one that came to its end has found. */
export type WalkStatus = {
  readonly running: boolean
  readonly startedAt?: string
  readonly endedAt?: string
} & Partial<WalkCounts & Pick<Walk, 'overwrite'>>

export function walkStatus(state: MirrorState, kind: Walk['kind']): WalkStatus {
  const { walk } = state
  if (walk?.kind === kind) {
    const overwrite = kind === 'adopt' ? { overwrite: walk.overwrite } : {}
    return { running: true, startedAt: time(walk.startedAt), ...overwrite, ...countsOf(kind, walk.counts) }
  }
  const last = kind === 'adopt' ? state.adopted : state.reconciled
  if (last === undefined) return { running: false }
  const times = { startedAt: time(last.startedAt), endedAt: time(last.endedAt) }
  return { running: false, ...times, ...countsOf(kind, last) }
}

// ---------------------------------------------------------------------------

/** What each kind of walk counts. */
function countsOf(kind: Walk['kind'], counts: WalkCounts): Partial<WalkCounts> {
  const { sets, owned, foreign } = counts
  if (kind === 'adopt') {
    const { imported, conflicts, skipped, remarks } = counts
    return { sets, owned, foreign, imported, conflicts, skipped, remarks }
  }
  const { missing, changed, unmirrored } = counts
  return { sets, owned, foreign, missing, changed, unmirrored }
}
