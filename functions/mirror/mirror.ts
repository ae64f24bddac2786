import { statusOfChange } from '../../shared/mirror/change-status.ts'
import { NO_COUNTS } from '../../shared/mirror/no-counts.ts'
import type { MirrorTask } from '../../shared/mirror/task.ts'
import { Faults } from './faults.ts'
import type { MirrorParts } from './parts.ts'
import { isMirrored, type MirroredZone, REQUEST_MS } from './session.ts'
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
    const chosen = hostedZones !== undefined
    const faults = new Faults()
    if (task === 'reconcile') await beginReconcile(asked, faults)
    else if (!chosen) await beginReconcile(await overdue(asked, faults), faults)
    const ids = asked.map(({ hostedZone }) => hostedZone)
    const busy = new Set(!chosen && task === 'drain' ? await store.restless(ids) : ids)
    const work = asked.filter(({ hostedZone }) => busy.has(hostedZone))
    await faults.collect(work, (zone) => workOnZone(parts, zone, deadline))
    if (!chosen) await faults.collect(asked, (zone) => look(zone, deadline - REQUEST_MS))
    faults.throwFirst()
  }

  /** Zones that were linked lately, or that the schedule has missed: what was registered before has to be told as well. */
  async function overdue(asked: readonly MirroredZone[], faults: Faults): Promise<readonly MirroredZone[]> {
    const found: MirroredZone[] = []
    await faults.collect(asked, async (zone) => {
      const { reconciled, walk } = (await store.state(zone.hostedZone)) ?? {}
      if (walk === undefined && now() - (reconciled?.endedAt ?? 0) > OVERDUE_MS) found.push(zone)
    })
    return found
  }

  /** A walk that is under way, of either kind, is brought to its end first. */
  async function beginReconcile(asked: readonly MirroredZone[], faults: Faults): Promise<void> {
    const unmirrored = await markUnmirrored(parts, asked, faults)
    await faults.collect(asked, async ({ hostedZone }) => {
      const counts = { ...NO_COUNTS, unmirrored: unmirrored.get(hostedZone) ?? 0 }
      await store.beginWalk(hostedZone, { kind: 'reconcile', overwrite: false, startedAt: now(), counts })
    })
  }

  async function look(zone: MirroredZone, latest: number): Promise<void> {
    await reportBacklog(zone)
    await sampleLastChange(zone, latest)
  }

  async function reportBacklog({ zone, hostedZone }: MirroredZone): Promise<void> {
    const counts = await store.counts(hostedZone)
    const oldest = (await store.marks(hostedZone, undefined, SAMPLE)).map(({ at }) => at)
    report({ kind: 'backlog', zone, ...counts, ms: Math.max(0, now() - Math.min(now(), ...oldest)) })
  }

  /** Now and then one change a zone is followed until all name servers have it, which is a matter of a minute. */
  async function sampleLastChange({ zone, hostedZone }: MirroredZone, latest: number): Promise<void> {
    const last = (await store.state(hostedZone))?.lastBatch
    if (last?.id === undefined || now() - last.at > FOLLOWED_MS) return
    if ((await store.changeNote(last.id))?.status === 'INSYNC') return
    const status = await statusOfChange(parts, last.id, latest)
    if (status === 'INSYNC') report({ kind: 'insync', zone, ms: now() - last.at })
  }
}

// ---------------------------------------------------------------------------

const SAMPLE = 1_000
const FOLLOWED_MS = 10 * 60_000
/** Twice the time between two reconciles. */
const OVERDUE_MS = 2 * 3600_000
