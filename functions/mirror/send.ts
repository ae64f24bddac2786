import { costOfAll } from '../../shared/mirror/cost.ts'
import { backoff } from '../../shared/mirror/pace.ts'
import type { ChangeOutcome } from '../../shared/mirror/ports.ts'
import { changesOf, type Part } from './draft.ts'
import { isCarriedOut } from './inflight.ts'
import type { Session } from './session.ts'

export type Sent =
  | { readonly kind: 'accepted'; readonly id: string }
  /** Carried out, though the answer was lost; what it deleted is to be deleted again, to be sure. */
  | { readonly kind: 'found' }
  | Extract<ChangeOutcome, { kind: 'refused' }>

/**
 * Sends a change batch until it is known what became of it. The batch is written down before, at the last moment, so that
 * whoever comes after a crash can find out, too (`inflight.ts`).
 */
export async function send(session: Session, parts: readonly Part[]): Promise<Sent> {
  const { store, route53, hostedZone, now, report } = session
  const { zone } = session.zone
  const changes = changesOf(parts)
  const names = parts.map(({ draft: { plan, mark } }) => ({ name: plan.name, version: plan.version, at: mark.at }))
  for (let losses = 0; ; losses++) {
    const outcome = await session.request(
      () => {
        report({ kind: 'request', zone, operation: 'change' })
        return route53.change(hostedZone, changes)
      },
      () => store.setInflight(hostedZone, { changes, names, sentAt: now() }),
    )
    if (outcome.kind === 'accepted') {
      report({ kind: 'batch', zone, names: parts.length, ...costOfAll(changes) })
      return outcome
    }
    // An earlier try whose answer was lost may be what a refusal such as "already exists" is about.
    if (outcome.kind === 'unknown' || losses > 0) {
      if (await isCarriedOut(session, changes)) return { kind: 'found' }
    }
    if (outcome.kind === 'refused') {
      await store.setInflight(hostedZone, undefined)
      return outcome
    }
    report({ kind: 'unknown', zone, reason: outcome.reason })
    await session.wait(backoff(losses))
  }
}
