/**
 * The part of Lambda's event filter patterns that lists values: an object names members, an array the values of which a
 * member must have one. Of a member that is a list itself, one element is enough.
 */
export interface Pattern {
  readonly [member: string]: Pattern | readonly Literal[]
}

export type Literal = string | number | boolean | null

/** True if all that the pattern names is in the record like this; what it does not name may be anything. */
export function matches(pattern: Pattern, record: unknown): boolean {
  const members = typeof record === 'object' && record !== null ? (record as Record<string, unknown>) : {}
  return Object.entries(pattern).every(([name, wanted]) => {
    const found = members[name]
    return isList(wanted) ? [found].flat().some((one) => wanted.includes(one as Literal)) : matches(wanted, found)
  })
}

// ---------------------------------------------------------------------------

function isList(wanted: Pattern | readonly Literal[]): wanted is readonly Literal[] {
  return Array.isArray(wanted)
}
