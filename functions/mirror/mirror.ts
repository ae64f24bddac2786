import { statusOfChange } from '../../shared/mirror/change-status.ts'
import { NO_COUNTS } from '../../shared/mirror/no-counts.ts'
import type { MirrorTask } from '../../shared/mirror/task.ts'
import type { MirrorParts } from './parts.ts'
import { isMirrored, type MirroredZone } from './session.ts'
import { markUnmirrored } from './unmirrored.ts'
import { workOnZone } from './work.ts'

export type Mirror = (task: MirrorTask, deadline: number) => Promise<void>

/**
 * Mirrors zones to their hosted zones, side by side, so that one that is stuck delays no other. Ends at `deadline`
 * (milliseconds since the epoch); what is not done by then is found by the next task. Rejects if a part of the work met
 * a fault that is not Route 53's; the others are done all the same.
 */
export function createMirror(parts: MirrorParts): Mirror {
  const { zones, store, now, report } = parts

  return async ({ task, hostedZones }, deadline) => {
    const mirrored = (await zones.list()).filter(isMirrored)
    const asked = mirrored.filter(({ hostedZone }) => hostedZones?.includes(hostedZone) ?? true)
    await beginReconcile(task === 'reconcile' ? asked : hostedZones === undefined ? await newlyMirrored(asked) : [])
    const ids = asked.map(({ hostedZone }) => hostedZone)
    const busy = new Set(hostedZones === undefined && task === 'drain' ? await store.restless(ids) : ids)
    await all(asked.filter(({ hostedZone }) => busy.has(hostedZone)).map((zone) => workOnZone(parts, zone, deadline)))
    if (hostedZones !== undefined) return
    await all(asked.map(reportBacklog))
    await all(asked.map((zone) => sampleLastChange(zone, deadline)))
  }

  /** Zones that were linked lately: what was registered before has to be told as well. */
  async function newlyMirrored(asked: readonly MirroredZone[]): Promise<readonly MirroredZone[]> {
    const states = await Promise.all(asked.map(({ hostedZone }) => store.state(hostedZone)))
    return asked.filter((_, i) => states[i]?.reconciled === undefined && states[i]?.walk === undefined)
  }

  /** A walk that is under way, of either kind, is brought to its end first. */
  async function beginReconcile(asked: readonly MirroredZone[]): Promise<void> {
    const unmirrored = await markUnmirrored(parts, asked)
    for (const { hostedZone } of asked) {
      if ((await store.state(hostedZone))?.walk !== undefined) continue
      const counts = { ...NO_COUNTS, unmirrored: unmirrored.get(hostedZone) ?? 0 }
      await store.note(hostedZone, { walk: { kind: 'reconcile', overwrite: false, startedAt: now(), counts } })
    }
  }

  async function reportBacklog({ zone, hostedZone }: MirroredZone): Promise<void> {
    const counts = await store.counts(hostedZone)
    const oldest = (await store.marks(hostedZone, undefined, SAMPLE)).map(({ at }) => at)
    report({ kind: 'backlog', zone, ...counts, ms: Math.max(0, now() - Math.min(now(), ...oldest)) })
  }

  /** Now and then one change a zone is followed until all name servers have it. */
  async function sampleLastChange({ zone, hostedZone }: MirroredZone, deadline: number): Promise<void> {
    const last = (await store.state(hostedZone))?.lastBatch
    if (last?.id === undefined || (await store.changeNote(last.id))?.status === 'INSYNC') return
    const status = await statusOfChange(parts, last.id, deadline)
    if (status === 'INSYNC') report({ kind: 'insync', zone, ms: now() - last.at })
  }
}

// ---------------------------------------------------------------------------

const SAMPLE = 1_000

/** Waits for all, and then rejects with the first fault. */
async function all(work: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') throw failed.reason
}
