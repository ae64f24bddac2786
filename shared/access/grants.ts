import { type Name, parseName } from '../dns/name.ts'
import type { Grant, Principal } from './model.ts'
import { matches, parsePattern } from './pattern.ts'
import { granteesOf } from './principal.ts'

/** One RRset that somebody wants to write: `zone` is the closest zone above the owner name. */
export interface WriteTarget {
  readonly zone: Name
  readonly name: Name
  readonly type: string
}

/** True if one of the grants lets the caller write this RRset at this time. */
export function mayWrite(grants: readonly Grant[], caller: Principal, target: WriteTarget, now: number): boolean {
  const { zone, name, type } = target
  const [apex, owner] = [parseName(zone), parseName(name)]
  return grantsOf(grants, caller, now).some(
    ({ zones, names, types, actions }) =>
      actions.includes('write') &&
      zones.includes(zone) &&
      (types.includes('*') || types.includes(type)) &&
      names.some((pattern) => matches(parsePattern(pattern), apex, owner)),
  )
}

/** True if one of the grants lets the caller reconcile and adopt this zone, which is about all its names and types. */
export function mayMirror(grants: readonly Grant[], caller: Principal, zone: Name, now: number): boolean {
  return grantsOf(grants, caller, now).some(({ zones, actions }) => actions.includes('mirror') && zones.includes(zone))
}

/** True if one of the grants lets the caller call the function that has this name. */
export function mayInvoke(
  grants: readonly Grant[],
  caller: Principal,
  { zone, name }: Pick<WriteTarget, 'zone' | 'name'>,
  now: number,
): boolean {
  const [apex, owner] = [parseName(zone), parseName(name)]
  return grantsOf(grants, caller, now).some(
    ({ zones, names, actions }) =>
      actions.includes('invoke') &&
      zones.includes(zone) &&
      names.some((pattern) => matches(parsePattern(pattern), apex, owner)),
  )
}

/** Those of the grants that are the caller's and hold now. */
export function grantsOf(grants: readonly Grant[], caller: Principal, now: number): readonly Grant[] {
  const names = granteesOf(caller)
  return grants.filter(({ principal, expires = now + 1 }) => names.includes(principal) && now < expires)
}
