import type { Name } from '../dns/name.ts'
import { NamingError } from '../records/faults.ts'
import type { Writer } from '../records/writer.ts'
import { grantsOf, mayInvoke, mayMirror, mayWrite } from './grants.ts'
import type { Grant, Principal } from './model.ts'
import type { AccessStore } from './ports.ts'
import { granteesOf } from './principal.ts'

/** What one caller may do, as of now. */
export interface Permissions extends Writer {
  mayMirror(zone: Name): boolean
  mayInvoke(zone: Name, name: Name): boolean
}

/** Throws NamingError `update_denied` for a caller that is not known or may do nothing at all, and `unavailable`. */
export type PermissionsOf = (caller: Principal | undefined) => Promise<Permissions>

export interface PermissionParts {
  readonly store: Pick<AccessStore, 'grantsOf'>
  /** Principals that may do everything, whatever the store holds; also whole accounts. */
  readonly admins: readonly Principal[]
  /** Grants that hold beside those of the store. */
  readonly configured?: readonly Grant[]
  readonly now: () => number
}

/**
 * Asks the store for the grants of a caller and remembers them for GRANTS_STAY_MS: so long may a grant that was added be
 * unknown here, and one that was removed still count. One that expires ends in time. Without an answer nothing is allowed.
 */
export function createPermissions({ store, admins, configured = [], now }: PermissionParts): PermissionsOf {
  const remembered = new Map<Principal, { readonly grants: readonly Grant[]; readonly at: number }>()

  async function read(caller: Principal): Promise<readonly Grant[]> {
    const known = remembered.get(caller)
    const at = now()
    if (known !== undefined && at - known.at < GRANTS_STAY_MS) return known.grants
    const stored = await Promise.all(granteesOf(caller).map((one) => store.grantsOf(one)))
    const grants = [configured, ...stored].flat()
    if (remembered.size >= MAX_REMEMBERED) remembered.clear()
    remembered.set(caller, { grants, at })
    return grants
  }

  return async (caller) => {
    if (caller === undefined)
      throw new NamingError('update_denied', 'not allowed to write anything: nobody signed this')
    if (granteesOf(caller).some((one) => admins.includes(one))) return everything(caller)
    const grants = await read(caller)
    if (grantsOf(grants, caller, now()).length === 0) {
      throw new NamingError('update_denied', `not allowed to write anything: there is no grant for ${caller}`)
    }
    return {
      principal: caller,
      mayWrite: (target) => mayWrite(grants, caller, target, now()),
      mayMirror: (zone) => mayMirror(grants, caller, zone, now()),
      mayInvoke: (zone, name) => mayInvoke(grants, caller, { zone, name }, now()),
    }
  }
}

// ---------------------------------------------------------------------------

const GRANTS_STAY_MS = 3_000
const MAX_REMEMBERED = 1_000

function everything(principal: Principal): Permissions {
  return { principal, mayWrite: () => true, mayMirror: () => true, mayInvoke: () => true }
}
