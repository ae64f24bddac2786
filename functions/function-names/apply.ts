import { isAtOrBelow, parseName } from '../../shared/dns/name.ts'
import type { Changes } from '../../shared/functions/changes.ts'
import { functionsApex } from '../../shared/functions/records.ts'
import { type FaultCode, NamingError } from '../../shared/records/faults.ts'
import type { Writer } from '../../shared/records/writer.ts'
import { FUNCTION_ID } from '../../shared/registrations/model.ts'
import type { Parts } from './parts.ts'
import { PRINCIPAL } from './registered.ts'

export interface Applied {
  /** Names that somebody else has, or that cannot be stored. */
  readonly refused: number
  /** Names that could not be written this time. */
  readonly failed: number
}

/** Registers and withdraws. What fails is told and does not keep the others; what is new comes first, so that none is missed. */
export async function apply({ register, withdraw }: Changes, parts: Parts): Promise<Applied> {
  const { registry, names, report } = parts
  const { zone } = names
  const writer = functionsWriter(parts)
  const counts = { refused: 0, failed: 0 }
  for (const { name, rrsets, fn } of register) {
    await attempt(
      name,
      async () => {
        await registry.register({ zone, name, id: FUNCTION_ID, rrsets, ...(fn && { fn }) }, writer)
        report({ kind: 'registered', name, arn: fn?.arn })
      },
      fn?.arn,
    )
  }
  for (const name of withdraw) {
    await attempt(name, async () => {
      await registry.withdraw({ zone, name, id: FUNCTION_ID }, writer).catch(unlessGone)
      report({ kind: 'withdrawn', name })
    })
  }
  return counts

  async function attempt(name: string, work: () => Promise<void>, arn = ''): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (error instanceof NamingError && REFUSALS.has(error.code)) {
        counts.refused++
        report({ kind: 'refused', refusal: { code: 'not_registered', arn, sentence: `${name}: ${error.message}` } })
      } else {
        counts.failed++
        report({ kind: 'fault', about: name, error })
      }
    }
  }
}

/** May write names of functions, and nothing else. */
function functionsWriter({ names }: Parts): Writer {
  const apex = parseName(functionsApex(names.zone))
  return {
    principal: PRINCIPAL,
    mayWrite: ({ name }) => isAtOrBelow(parseName(name), apex) && parseName(name) !== apex,
  }
}

// ---------------------------------------------------------------------------

/** What the next attempt will find no other, unless somebody does something about it. */
const REFUSALS: ReadonlySet<FaultCode> = new Set<FaultCode>([
  'registration_conflict',
  'record_conflict',
  'update_denied',
  'name_too_large',
])

function unlessGone(error: unknown): void {
  if (!(error instanceof NamingError && error.code === 'registration_not_found')) throw error
}
