import type { Principal } from './model.ts'
import { parsePrincipal } from './principal.ts'

/** Environment variable with the principals that may do everything, as a JSON array. */
export const ADMINS = 'ACCESS_ADMINS'

/** Those principals; none if nothing is said. Throws an Error that says what is wrong with the variable. */
export function readAdmins(environment: Readonly<Record<string, string | undefined>>): readonly Principal[] {
  const text = environment[ADMINS]
  if (text === undefined) return []
  try {
    const listed: readonly string[] = JSON.parse(text)
    return listed.map((one) => (one === 'local' ? one : parsePrincipal(one)))
  } catch (cause) {
    throw new Error(`the environment variable ${ADMINS} must be a JSON array of principals`, { cause })
  }
}
