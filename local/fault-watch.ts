import type { MirrorStore } from '../shared/mirror/ports.ts'
import type { ZoneStore } from '../shared/records/ports.ts'

export interface FaultWatchParts {
  readonly zones: ZoneStore
  readonly store: Pick<MirrorStore, 'state'>
  readonly tell: (line: string) => void
}

/** A look at the hosted zones that tells when one begins to take nothing, and when that is over: one line each. */
export function faultWatch({ zones, store, tell }: FaultWatchParts): () => Promise<void> {
  const known = new Map<string, string>()
  return async () => {
    for (const { zone, hostedZone } of await zones.list()) {
      if (hostedZone === undefined) continue
      const fault = (await store.state(hostedZone))?.fault
      const before = known.get(hostedZone)
      if (fault === undefined) known.delete(hostedZone)
      else known.set(hostedZone, fault.code)
      if (fault?.code === before) continue
      const cure = fault?.code === 'NoSuchHostedZone' ? '; another one is made at the next start' : ''
      tell(
        fault === undefined
          ? `${zone}: the hosted zone ${hostedZone} takes changes again`
          : `${zone}: the hosted zone ${hostedZone} takes nothing, which is tried again (${fault.message})${cure}`,
      )
    }
  }
}
