import { isAtOrBelow, type Name, parseName } from '../../shared/dns/name.ts'
import type { Publication } from '../../shared/functions/model.ts'
import { functionsApex } from '../../shared/functions/records.ts'
import { FUNCTION_ID } from '../../shared/registrations/model.ts'
import type { RegistrationStore } from '../../shared/registrations/ports.ts'

/** What is registered of functions below `fn.ZONE`, by whomever: a name that somebody else has is found out in writing it. */
export async function registeredFunctions(
  store: Pick<RegistrationStore, 'scan'>,
  zone: Name,
): Promise<readonly Publication[]> {
  const apex = parseName(functionsApex(zone))
  const found: Publication[] = []
  for await (const page of store.scan()) {
    for (const { name, id, rrsets, fn } of page) {
      if (id === FUNCTION_ID && isAtOrBelow(parseName(name), apex)) found.push({ name, rrsets, ...(fn && { fn }) })
    }
  }
  return found
}
