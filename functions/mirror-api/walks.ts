import type { Walk } from '../../shared/mirror/model.ts'
import { NO_COUNTS } from '../../shared/mirror/no-counts.ts'
import type { MirrorTask } from '../../shared/mirror/task.ts'
import { NamingError } from '../../shared/records/faults.ts'
import type { MirrorApiParts, Target } from './parts.ts'

/**
 * Has all that is registered in a zone compared with all that is there, and repaired. A reconcile that is under way is
 * as good as a new one. Throws NamingError `walk_under_way` during an adoption: the worker begins no walk beside it.
 */
export async function beginReconcile({ store, ask }: MirrorApiParts, { hostedZone }: Target): Promise<void> {
  if ((await store.state(hostedZone))?.walk?.kind === 'adopt') throw new NamingError('walk_under_way')
  await reached(ask({ task: 'reconcile', hostedZones: [hostedZone] }))
}

/**
 * Has the record sets of the hosted zone that are not ours imported. The walk is noted before anybody is woken, so that
 * it is carried out even if nobody can be asked now. Throws NamingError `walk_under_way`.
 */
export async function beginAdoption(
  { store, ask, now }: MirrorApiParts,
  { hostedZone }: Target,
  overwrite: boolean,
): Promise<void> {
  const walk: Walk = { kind: 'adopt', overwrite, startedAt: now(), counts: NO_COUNTS }
  if (!(await store.beginWalk(hostedZone, walk))) throw new NamingError('walk_under_way')
  const task: MirrorTask = { task: 'drain', hostedZones: [hostedZone] }
  // Whoever holds the zone now hears of it when giving it back.
  if (await store.wake(hostedZone, now())) await reached(ask(task))
}

// ---------------------------------------------------------------------------

async function reached(asking: Promise<void>): Promise<void> {
  try {
    await asking
  } catch (cause) {
    throw new NamingError('unavailable', 'the mirror could not be asked, try again', { cause })
  }
}
