import type { Name } from '../../shared/dns/name.ts'
import type { Now } from '../../shared/records/ports.ts'
import { FUNCTION_ID, type NamedFunction } from '../../shared/registrations/model.ts'
import type { RegistrationStore } from '../../shared/registrations/ports.ts'

/** The function that a name stands for. */
export interface Published extends NamedFunction {
  readonly zone: Name
  readonly name: Name
}

export type FindFunction = (name: Name) => Promise<Published | undefined>

/**
 * Looks up which function a name stands for, and remembers it for NAMES_STAY_MS, also that it stands for none: so long may
 * one that was published be unknown here, and one that was withdrawn still be called. Who asks while it is being looked up
 * waits for the same answer. Rejects if the store cannot be asked, which is not remembered.
 */
export function createFindFunction(registrations: Pick<RegistrationStore, 'read'>, now: Now): FindFunction {
  const remembered = new Map<Name, { readonly found: Promise<Published | undefined>; readonly at: number }>()

  return (name) => {
    const known = remembered.get(name)
    const at = now()
    if (known !== undefined && at - known.at < NAMES_STAY_MS) return known.found
    const found = read(name)
    remembered.delete(name) // so that it comes last
    const [oldest] = remembered.keys()
    if (remembered.size >= MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest)
    remembered.set(name, { found, at })
    found.catch(() => remembered.get(name)?.found === found && remembered.delete(name))
    return found
  }

  async function read(name: Name): Promise<Published | undefined> {
    const found = await registrations.read(name, FUNCTION_ID)
    if (found?.fn === undefined || found.ending) return undefined
    return { ...found.fn, zone: found.zone, name }
  }
}

// ---------------------------------------------------------------------------

const NAMES_STAY_MS = 2_000
const MAX_REMEMBERED = 1_000
