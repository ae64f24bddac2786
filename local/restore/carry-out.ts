import { createEditName } from '../../shared/records/edit-name.ts'
import { onRRsets } from '../../shared/records/edits.ts'
import { NamingError } from '../../shared/records/faults.ts'
import type { NameStore, Now } from '../../shared/records/ports.ts'
import { sameRRsets } from '../../shared/records/segments.ts'
import type { Change } from './plan.ts'

export interface CarryOutParts {
  readonly target: NameStore
  readonly now: Now
  readonly pause: (ms: number) => Promise<void>
  /** Hears how many are done, now and then. */
  readonly progress: (done: number) => void
}

export interface Carried {
  readonly written: number
  /** Why a name was not written, a line each. */
  readonly left: readonly string[]
}

/**
 * Writes the names of a plan as every other write is made, with a version that rises: so the change log, responders and
 * the mirror hear of it. A name that somebody has changed since the plan was made is left to them. Rejects if the store
 * is away; whoever plans again goes on from there.
 */
export async function carryOut(changes: readonly Change[], parts: CarryOutParts): Promise<Carried> {
  const { target, now, pause, progress } = parts
  const edit = createEditName(target, now, pause)
  const left: string[] = []
  let written = 0
  for (let at = 0; at < changes.length; at += SIDE_BY_SIDE) {
    await Promise.all(changes.slice(at, at + SIDE_BY_SIDE).map(write))
    progress(written)
  }
  return { written, left }

  async function write({ zone, name, before, after }: Change): Promise<void> {
    const unlessChanged = onRRsets((rrsets) => {
      if (sameRRsets(rrsets, before) || sameRRsets(rrsets, after)) return after
      throw new NamingError('record_conflict', 'changed since the plan was made')
    })
    try {
      await edit(zone, name, unlessChanged, PRINCIPAL)
      written++
    } catch (error) {
      if (!(error instanceof NamingError) || error.code === 'unavailable') throw error
      left.push(`${name} is left as it is: ${error.message}`)
    }
  }
}

// ---------------------------------------------------------------------------

/** What a record says of who wrote it. */
const PRINCIPAL = 'restore'
const SIDE_BY_SIDE = 16
