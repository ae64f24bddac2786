import type { Name } from '../dns/name.ts'
import type { Edit } from './edits.ts'
import { NamingError } from './faults.ts'
import type { RRsets } from './model.ts'
import { sameRRsets } from './segments.ts'

/** Who writes, and what that may be. */
export interface Writer {
  /** What the record says of who wrote it. */
  readonly principal: string
  mayWrite(target: { readonly zone: Name; readonly name: Name; readonly type: string }): boolean
}

/**
 * The edit as this writer may make it: of the RRsets of a name in `zone`, every one that it would add, alter or remove must
 * be allowed. One address replaces another of either family, so a grant for `A` alone does not take an AAAA away.
 */
export function permitted(edit: Edit, writer: Writer, zone: Name): Edit {
  return (state, owner) => {
    const next = edit(state, owner)
    for (const type of touched(state.rrsets, next.rrsets)) checkWriter(writer, zone, owner, type)
    return next
  }
}

/** Throws NamingError `update_denied` unless the writer may write this RRset. */
export function checkWriter(writer: Writer, zone: Name, name: Name, type: string): void {
  if (writer.mayWrite({ zone, name, type })) return
  throw new NamingError('update_denied', `not allowed to write ${name} ${type}`)
}

// ---------------------------------------------------------------------------

function touched(before: RRsets, after: RRsets): string[] {
  const types = new Set([...Object.keys(before), ...Object.keys(after)])
  const only = (rrsets: RRsets, type: string): RRsets => (rrsets[type] ? { [type]: rrsets[type] } : {})
  return [...types].filter((type) => !sameRRsets(only(before, type), only(after, type)))
}
