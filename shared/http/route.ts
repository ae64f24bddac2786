import { NamingError } from '../records/faults.ts'
import { type HttpEvent, pathOf } from './event.ts'

/** What there is, by the pattern of its path, whose named groups are the parts that vary. The first that fits counts. */
export type Patterns<R extends string> = readonly (readonly [resource: R, pattern: RegExp])[]

export interface Found<R extends string> {
  readonly resource: R
  /** As they are spelled in the path. */
  readonly parts: Readonly<Record<string, string>>
}

/** Finds what is at the path of a request; throws NamingError `resource_not_found`. */
export function findRoute<R extends string>(event: HttpEvent, patterns: Patterns<R>): Found<R> {
  const path = pathOf(event)
  for (const [resource, pattern] of patterns) {
    const groups = pattern.exec(path)?.groups
    if (groups === undefined) continue
    const parts = Object.entries(groups).map(([part, segment]) => [part, decoded(segment)])
    return { resource, parts: Object.fromEntries(parts) }
  }
  throw new NamingError('resource_not_found')
}

// ---------------------------------------------------------------------------

/** An HTTP API has decoded the path, a function URL has not: a `%` that begins no escape is a plain character. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
