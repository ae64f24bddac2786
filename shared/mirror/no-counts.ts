import type { WalkCounts } from './model.ts'

/** What a walk has found that is at its beginning. */
export const NO_COUNTS: WalkCounts = {
  sets: 0,
  owned: 0,
  foreign: 0,
  missing: 0,
  changed: 0,
  unmirrored: 0,
  imported: 0,
  conflicts: 0,
  skipped: 0,
  remarks: [],
}
