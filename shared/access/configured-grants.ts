import * as v from 'valibot'
import { canonicalName } from '../dns/name.ts'
import { ACTIONS, type Grant } from './model.ts'
import { formatPattern, parsePattern } from './pattern.ts'
import { parsePrincipal } from './principal.ts'

/** Environment variable with grants that a deployment makes for its own functions, as a JSON array; it gives them no ids. */
export const GRANTS = 'ACCESS_GRANTS'

/** Those grants; none if nothing is said. Throws an Error that says what is wrong with the variable. */
export function readGrants(environment: Readonly<Record<string, string | undefined>>): readonly Grant[] {
  const text = environment[GRANTS]
  if (text === undefined) return []
  try {
    return v.parse(v.array(grant), JSON.parse(text)).map((one, at) => ({ id: `${GRANTS} ${at}`, ...one }))
  } catch (cause) {
    throw new Error(`the environment variable ${GRANTS} must be a JSON array of grants`, { cause })
  }
}

// ---------------------------------------------------------------------------

/** A list that is not empty, each of its texts as `read` gives it. */
const each = <T>(read: (text: string) => T) =>
  v.pipe(
    v.array(v.string()),
    v.nonEmpty(),
    v.transform((texts) => texts.map((text) => read(text))),
  )

const grant = v.strictObject({
  principal: v.pipe(v.string(), v.transform(parsePrincipal)),
  zones: each(canonicalName),
  names: each((text) => formatPattern(parsePattern(text))),
  types: v.pipe(v.array(v.pipe(v.string(), v.regex(/^(\*|[A-Z][A-Z0-9-]*)$/))), v.nonEmpty()),
  actions: v.pipe(v.array(v.picklist(ACTIONS)), v.nonEmpty()),
})
