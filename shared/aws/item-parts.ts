/** Schemas of what several stored forms have in common. */
import * as v from 'valibot'
import { canonicalName, type Name } from '../dns/name.ts'

export const name = v.custom<Name>(isCanonical, 'a name in canonical form expected')
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
export const version = v.pipe(count, v.minValue(1))
export const text = v.pipe(v.string(), v.nonEmpty())
export const mnemonic = v.pipe(v.string(), v.regex(/^[A-Z][A-Z0-9-]*$/, 'a type mnemonic expected'))

const MAX_TTL = 2 ** 31 - 1 // RFC 2181 8

export const rrset = v.object({
  ttl: v.pipe(count, v.maxValue(MAX_TTL)),
  rdata: v.pipe(v.array(text), v.nonEmpty()),
})

export const rrsets = byType(rrset, 'a map of RRsets expected')

/** A map by type mnemonic. */
export function byType<Schema extends v.GenericSchema>(schema: Schema, message: string) {
  return v.pipe(
    v.custom<object>((value) => !Array.isArray(value), message), // a list passes for a record
    v.record(mnemonic, schema),
  )
}

// ---------------------------------------------------------------------------

function isCanonical(value: unknown): boolean {
  try {
    return typeof value === 'string' && canonicalName(value) === value
  } catch {
    return false
  }
}

/**
 * The values without those members that cannot be read, for members that can be done without: what is lost with them is
 * found out anew, while an item that cannot be read at all would be missed.
 */
export function withoutUnreadable(
  values: Readonly<Record<string, unknown>>,
  members: Readonly<Record<string, v.GenericSchema>>,
): Record<string, unknown> {
  const isFine = ([member, value]: [string, unknown]) => {
    const schema = members[member]
    return schema === undefined || v.is(schema, value)
  }
  return Object.fromEntries(Object.entries(values).filter(isFine))
}
