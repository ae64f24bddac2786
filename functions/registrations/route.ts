import type { HttpEvent } from '../../shared/http/event.ts'
import { readName, readNameIn } from '../../shared/http/names.ts'
import { findRoute, type Patterns } from '../../shared/http/route.ts'
import { NamingError } from '../../shared/records/faults.ts'
import type { RegistrationRequest } from '../../shared/registrations/registry.ts'

/** Which registration a request is about. */
export type Target = Pick<RegistrationRequest, 'zone' | 'name' | 'id'>

/** The methods of a registration. */
export const METHODS = ['GET', 'PUT', 'DELETE'] as const
export type Method = (typeof METHODS)[number]

/** Throws NamingError `resource_not_found` and `method_not_allowed`, before anything else of a request is looked at. */
export function methodOf(event: HttpEvent): Method {
  findRoute(event, patterns)
  const method = METHODS.find((one) => one === event.requestContext.http.method)
  if (method === undefined) throw new NamingError('method_not_allowed')
  return method
}

/** Throws NamingError `invalid_name` for a zone, a name or an id that cannot be one. */
export function targetOf(event: HttpEvent): Target {
  const { zone: spelled = '', name = '', id = '' } = findRoute(event, patterns).parts
  const zone = readName(spelled)
  if (!ID.test(id)) {
    throw new NamingError(
      'invalid_name',
      'the id must be 1 to 64 letters, digits, dots, hyphens, colons or underscores',
    )
  }
  return { zone, name: readNameIn(zone, name), id }
}

// ---------------------------------------------------------------------------

const patterns: Patterns<'registration'> = [
  ['registration', /^\/v1\/zones\/(?<zone>[^/]+)\/names\/(?<name>[^/]+)\/registrations\/(?<id>[^/]+)$/],
]

const ID = /^[A-Za-z0-9._:-]{1,64}$/
