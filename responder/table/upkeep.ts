import type { Table } from './table.ts'

/** Sees to it that what is left to do is done, in turns with everything else. */
export interface Upkeep {
  /** The table was written to. */
  due(): void
  end(): void
}

export function keepTidy(table: Pick<Table, 'tidy'>): Upkeep {
  let timer: NodeJS.Timeout | undefined

  function tidy(): void {
    timer = table.tidy() ? setTimeout(tidy, PAUSE_MS) : undefined
  }

  return {
    due() {
      timer ??= setTimeout(tidy, PAUSE_MS)
    },
    end() {
      clearTimeout(timer)
    },
  }
}

// ---------------------------------------------------------------------------

/** Readers that are in what was put aside leave within a batch of questions. */
const PAUSE_MS = 1
