import type { Attempt } from './divide.ts'
import { type Part, splitPart } from './draft.ts'
import type { Session } from './session.ts'

/** Two halves of what was refused: divided between names, or, of a single name, between what can be changed apart. */
export function halves({ report, zone }: Session, parts: readonly Part[]): readonly Attempt[] {
  report({ kind: 'split', zone: zone.zone })
  const half = Math.ceil(parts.length / 2)
  const [one] = parts
  const split = parts.length === 1 && one !== undefined ? splitPart(one) : undefined
  const [first, second] = split?.map((part) => [part]) ?? [parts.slice(0, half), parts.slice(half)]
  const twin: Attempt = { parts: second ?? [] }
  return [{ parts: first ?? [], twin }, twin]
}
