import { type BaseIssue, type GenericSchema, getDotPath, safeParse } from 'valibot'
import { NamingError } from '../records/faults.ts'
import { repeatedMember } from './repeated-member.ts'

/**
 * Reads a JSON body of which a schema says what it holds; one that is left out is `{}`. Throws NamingError `invalid_json`,
 * also where an object has a member twice, of which nobody could tell which is meant. Content-Type does not matter.
 */
export function readJsonBody<T>(octets: Uint8Array, schema: GenericSchema<unknown, T>): T {
  const value = octets.length === 0 ? {} : parse(octets)
  // valibot takes an array for an object
  if (Array.isArray(value)) throw new NamingError('invalid_json', 'the body must be an object')
  const result = safeParse(schema, value)
  if (result.success) return result.output
  throw new NamingError('invalid_json', reasonOf(result.issues[0]))
}

// ---------------------------------------------------------------------------

function reasonOf(issue: BaseIssue<unknown>): string {
  const at = getDotPath(issue)
  if (at === null) return issue.message
  const isMember = issue.type === 'strict_object'
  if (isMember && issue.expected === 'never') return `${at}: there is no such member`
  return isMember && issue.received === 'undefined' ? `${at}: it is missing` : `${at}: ${issue.message}`
}

function parse(octets: Uint8Array): unknown {
  const text = decode(octets)
  const repeated = repeatedMember(text)
  if (repeated !== undefined)
    throw new NamingError('invalid_json', `the member ${JSON.stringify(repeated)} is there twice`)
  return JSON.parse(text)
}

/** Text that is JSON. */
function decode(octets: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(octets)
    JSON.parse(text)
    return text
  } catch (cause) {
    throw new NamingError('invalid_json', 'the body is not JSON in UTF-8', { cause })
  }
}
