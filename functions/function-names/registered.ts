import { isAtOrBelow, type Name, parseName } from '../../shared/dns/name.ts'
import type { Publication } from '../../shared/functions/model.ts'
import { functionsApex } from '../../shared/functions/records.ts'
import type { NameStore } from '../../shared/records/ports.ts'
import { sameRRsets } from '../../shared/records/segments.ts'
import { FUNCTION_ID, type Registration } from '../../shared/registrations/model.ts'
import type { RegistrationStore } from '../../shared/registrations/ports.ts'

/** Who registers names of functions; what others have registered is none of ours. */
export const PRINCIPAL = 'function names'

export interface Stores {
  readonly registrations: Pick<RegistrationStore, 'scan'>
  readonly names: Pick<NameStore, 'readAll'>
}

/**
 * What is registered of functions below `fn.ZONE`. One whose records somebody has altered or taken away is told without
 * records, so that they are put right.
 */
export async function registeredFunctions(
  { registrations, names }: Stores,
  zone: Name,
): Promise<readonly Publication[]> {
  const apex = parseName(functionsApex(zone))
  const ours: Registration[] = []
  for await (const page of registrations.scan()) {
    ours.push(...page.filter((one) => isOurs(one) && isAtOrBelow(parseName(one.name), apex)))
  }
  const { records } = await names.readAll(ours.map(({ name }) => name))
  return ours.map(({ name, nonce, rrsets, fn }) => {
    const claimed = records.get(name)?.claims?.[FUNCTION_ID]
    const isThere = claimed?.nonce === nonce && sameRRsets(claimed.rrsets, rrsets)
    return { name, rrsets: isThere ? rrsets : {}, ...(fn && { fn }) }
  })
}

// ---------------------------------------------------------------------------

function isOurs({ id, principal, ending }: Registration): boolean {
  return id === FUNCTION_ID && principal === PRINCIPAL && !ending
}
