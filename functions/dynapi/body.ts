import { NamingError } from '../../shared/records/faults.ts'
import { readJson, type Value } from './json.ts'

/** The members of a request as sent; one that is missing or null is empty or 0. */
export interface Body {
  zone: string
  name: string
  type: string
  address: string
  TTL: number
}

/**
 * Decodes a body by the rules of the 2018 dialect, those of a Go struct: keys in any case, unknown keys ignored, the
 * last of a repeated key counts, null changes nothing. Throws NamingError `invalid_json` with the text Go would give.
 */
export function decodeBody(bytes: Uint8Array): Body {
  const document = readJson(bytes)
  if (document.kind !== 'object') {
    throw new NamingError(
      'invalid_json',
      `json: cannot unmarshal ${document.kind} into Go value of type dynapi.Request`,
    )
  }
  const body: Body = { zone: '', name: '', type: '', address: '', TTL: 0 }
  for (const [key, value] of document.members) {
    const member = MEMBERS.find(({ spelling }) => spelling.test(key))
    if (member === undefined || value.kind === 'null') continue
    if (member.key === 'TTL') body.TTL = uint32(value)
    else body[member.key] = string(member.key, value)
  }
  return body
}

// ---------------------------------------------------------------------------

// With flags i and u a pattern folds case as Go does, U+017F to s included.
const MEMBERS = [
  { key: 'zone', spelling: /^zone$/iu },
  { key: 'name', spelling: /^name$/iu },
  { key: 'type', spelling: /^type$/iu },
  { key: 'address', spelling: /^address$/iu },
  { key: 'TTL', spelling: /^TTL$/iu },
] as const

function string(key: string, value: Value): string {
  if (value.kind === 'string') return value.text
  return mismatch(key, 'string', value.kind)
}

function uint32(value: Value): number {
  if (value.kind !== 'number') return mismatch('TTL', 'uint32', value.kind)
  if (/^\d+$/.test(value.text) && Number(value.text) <= 0xffffffff) return Number(value.text)
  return mismatch('TTL', 'uint32', `number ${value.text}`)
}

function mismatch(key: string, type: string, found: string): never {
  throw new NamingError(
    'invalid_json',
    `json: cannot unmarshal ${found} into Go struct field Request.${key} of type ${type}`,
  )
}
