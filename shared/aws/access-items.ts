/** The stored forms of grants and tokens. An Error says what is wrong with an item. */
import { unmarshall } from '@aws-sdk/util-dynamodb'
import * as v from 'valibot'
import { ACTIONS, type Grant, type Principal, type Token } from '../access/model.ts'
import { formatPattern, parsePattern } from '../access/pattern.ts'
import { parsePrincipal } from '../access/principal.ts'
import { count, mnemonic, name, text, version } from './item-parts.ts'
import { type Item, itemOf } from './items.ts'

/** `until` is when a grant ends, `expires` when DynamoDB may remove what is left of it. */
export function grantItem({ expires: until, ...grant }: Grant): Item {
  return itemOf({ ...grantKey(grant), ...grant, until, expires: until === undefined ? undefined : removal(until) })
}

export function grantOf(item: Item): Grant {
  const { until, ...grant } = v.parse(grantAttributes, unmarshall(item))
  return until === undefined ? grant : { ...grant, expires: until }
}

export function tokenItem(token: Token): Item {
  const last = token.revoked ?? Math.max(token.created, ...token.secrets.map(({ expires }) => expires))
  return itemOf({ ...tokenKey(token.id), ...token, expires: removal(last) })
}

export function tokenOf(item: Item): Token {
  return v.parse(tokenAttributes, unmarshall(item))
}

/** How the partition keys of grants, and those of tokens, begin. */
export const GRANT = 'grant#'
export const TOKEN = 'token#'

export const grantKey = ({ id, principal }: Pick<Grant, 'id' | 'principal'>) => ({ pk: GRANT + principal, sk: id })
export const tokenKey = (id: string) => ({ pk: TOKEN + id, sk: 'token' })

// ---------------------------------------------------------------------------

/** So that a list tells for a while what has ended. */
const REMEMBERED_SECONDS = 30 * 86_400

function removal(ended: number): number {
  return Math.floor(ended / 1000) + REMEMBERED_SECONDS
}

const principal = v.custom<Principal>((value) => isCanonical(value, parsePrincipal), 'a principal expected')
const pattern = v.custom<string>(
  (value) => isCanonical(value, (given) => formatPattern(parsePattern(given))),
  'a pattern of names in canonical form expected',
)

const list = <Schema extends v.GenericSchema>(schema: Schema) => v.pipe(v.array(schema), v.nonEmpty())

const grantAttributes = v.object({
  id: text,
  principal,
  zones: list(name),
  names: list(pattern),
  types: list(v.union([v.literal('*'), mnemonic])),
  actions: list(v.picklist(ACTIONS)),
  until: v.exactOptional(count),
})

const tokenAttributes = v.object({
  id: text,
  label: text,
  created: count,
  version,
  secrets: v.pipe(
    v.array(v.object({ hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)), expires: count })),
    v.maxLength(2),
  ),
  revoked: v.exactOptional(count),
})

function isCanonical(value: unknown, canonical: (text: string) => string): boolean {
  try {
    return typeof value === 'string' && canonical(value) === value
  } catch {
    return false
  }
}
