import { boolean, type GenericSchema, getDotPath, optional, safeParse, strictObject } from 'valibot'
import { NamingError } from '../../shared/records/faults.ts'

/** The body of an adoption. */
export const adoptBody = strictObject({ overwrite: optional(boolean(), false) })

/** A body that has nothing to say. */
export const emptyBody = strictObject({})

/** Reads a JSON body, which may be left out; throws NamingError `invalid_json`. Content-Type does not matter. */
export function readBody<T>(octets: Uint8Array, schema: GenericSchema<unknown, T>): T {
  const value = octets.length === 0 ? {} : parse(octets)
  // valibot takes an array for an object
  if (Array.isArray(value)) throw new NamingError('invalid_json', 'the body must be an object')
  const result = safeParse(schema, value)
  if (result.success) return result.output
  const [issue] = result.issues
  const at = getDotPath(issue)
  throw new NamingError('invalid_json', at === null ? issue.message : `${at}: ${issue.message}`)
}

// ---------------------------------------------------------------------------

function parse(octets: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(octets))
  } catch (cause) {
    throw new NamingError('invalid_json', 'the body is not JSON in UTF-8', { cause })
  }
}
