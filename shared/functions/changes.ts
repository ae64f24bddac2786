import type { Name } from '../dns/name.ts'
import { sameRRsets } from '../records/segments.ts'
import type { NamedFunction } from '../registrations/model.ts'
import type { Publication } from './model.ts'

export interface Changes {
  readonly register: readonly Publication[]
  readonly withdraw: readonly Name[]
}

/** What leads from what is registered to what is desired, of each name only once; nothing where they agree. */
export function planChanges(desired: readonly Publication[], registered: readonly Publication[]): Changes {
  const now = new Map(registered.map((one) => [one.name, one]))
  const wanted = new Set(desired.map(({ name }) => name))
  return {
    register: desired.filter((one) => !samePublication(one, now.get(one.name))),
    withdraw: registered.map(({ name }) => name).filter((name) => !wanted.has(name)),
  }
}

// ---------------------------------------------------------------------------

/** True if both put the same at the same name. */
function samePublication(a: Publication, b: Publication | undefined): boolean {
  return b !== undefined && a.name === b.name && sameRRsets(a.rrsets, b.rrsets) && sameFunction(a.fn, b.fn)
}

function sameFunction(a: NamedFunction | undefined, b: NamedFunction | undefined): boolean {
  return a?.arn === b?.arn && a?.auth === b?.auth && a?.url === b?.url
}
