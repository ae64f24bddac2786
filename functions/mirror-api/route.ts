import { type HttpEvent, pathOf } from '../../shared/http/event.ts'
import { NamingError } from '../../shared/records/faults.ts'

/** What is at a path: zone and name as they are spelled there. */
export interface Route {
  readonly resource: Resource
  readonly zone: string
  /** Empty where the path has none. */
  readonly name: string
}

export type Resource = keyof typeof methods

/** The one method of each resource. */
export const methods = { zone: 'GET', name: 'GET', reconcile: 'POST', adopt: 'POST' } as const

/** Finds what is at the path of a request; throws NamingError `resource_not_found`. */
export function routeOf(event: HttpEvent): Route {
  const path = pathOf(event)
  for (const [resource, pattern] of patterns) {
    const { zone, name = '' } = pattern.exec(path)?.groups ?? {}
    if (zone !== undefined) return { resource, zone: decoded(zone), name: decoded(name) }
  }
  throw new NamingError('resource_not_found')
}

// ---------------------------------------------------------------------------

const patterns: readonly (readonly [Resource, RegExp])[] = [
  ['zone', /^\/v1\/zones\/(?<zone>[^/]+)\/mirror$/],
  ['name', /^\/v1\/zones\/(?<zone>[^/]+)\/mirror\/names\/(?<name>[^/]+)$/],
  ['reconcile', /^\/v1\/zones\/(?<zone>[^/]+)\/mirror\/reconcile$/],
  ['adopt', /^\/v1\/zones\/(?<zone>[^/]+)\/mirror\/adopt$/],
]

/** An HTTP API has decoded the path, a function URL has not: a `%` that begins no escape is a plain character. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
