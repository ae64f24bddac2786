import type { HttpEvent } from '../../shared/http/event.ts'
import { findRoute, type Patterns } from '../../shared/http/route.ts'

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
  const { resource, parts } = findRoute(event, patterns)
  const { zone = '', name = '' } = parts
  return { resource, zone, name }
}

// ---------------------------------------------------------------------------

const patterns: Patterns<Resource> = [
  ['zone', /^\/v1\/zones\/(?<zone>[^/]+)\/mirror$/],
  ['name', /^\/v1\/zones\/(?<zone>[^/]+)\/mirror\/names\/(?<name>[^/]+)$/],
  ['reconcile', /^\/v1\/zones\/(?<zone>[^/]+)\/mirror\/reconcile$/],
  ['adopt', /^\/v1\/zones\/(?<zone>[^/]+)\/mirror\/adopt$/],
]
