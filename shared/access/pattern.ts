import { formatName, isAtOrBelow, NameError, parseName, type WireName } from '../dns/name.ts'

/**
 * Which owner names of a zone a grant is about, relative to that zone:
 *
 *     *          the zone itself and everything below it
 *     *.sub      everything below sub, sub itself not
 *     sub        sub alone; `@` is the zone itself
 *     \*.sub     the wildcard below sub alone
 *
 * Names are compared in wire form, label by label, never as text.
 */
export type Pattern =
  | { readonly kind: 'all' }
  /** `labels`: wire form without the root, empty for the zone itself. */
  | { readonly kind: 'below' | 'exact'; readonly labels: string }

/** Throws NameError. */
export function parsePattern(text: string): Pattern {
  if (text === '*') return { kind: 'all' }
  if (text.startsWith('*.')) return { kind: 'below', labels: relative(text.slice(2)) }
  return { kind: 'exact', labels: relative(text) }
}

/** The canonical form: lower case, with as few escapes as there can be. */
export function formatPattern(pattern: Pattern): string {
  if (pattern.kind === 'all') return '*'
  const name = pattern.labels === '' ? '@' : formatName(`${pattern.labels}\0` as WireName).slice(0, -1)
  if (pattern.kind === 'below') return `*.${name}`
  return pattern.labels.startsWith(WILDCARD) ? `\\${name}` : name
}

/** True if the pattern, in this zone, is about that owner name. */
export function matches(pattern: Pattern, zone: WireName, owner: WireName): boolean {
  if (!isAtOrBelow(owner, zone)) return false
  if (pattern.kind === 'all') return true
  const point = (pattern.labels + zone) as WireName
  return pattern.kind === 'exact' ? owner === point : owner !== point && isAtOrBelow(owner, point)
}

// ---------------------------------------------------------------------------

const WILDCARD = '\x01*'
/** A dot at the end that no backslash makes a plain character. */
const FINAL_DOT = /^(?:[^\\]|\\.)*\.$/s

function relative(text: string): string {
  const wire = parseName(text)
  if (FINAL_DOT.test(text)) throw new NameError('a name of a grant is relative to its zones, without a final dot')
  return wire.slice(0, -1)
}
