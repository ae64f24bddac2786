import { GRANT, TOKEN } from '../shared/aws/access-items.ts'
import type { NodeFunction } from './node-function.ts'
import type { Tables } from './tables.ts'

/** Allows a function to look up the grants of callers, and not the tokens that are in the same table. */
export function allowGrants(reader: NodeFunction, { access }: Tables): void {
  reader.allow(['dynamodb:Query'], access.tableArn, keysLike(GRANT))
}

/** Allows a function to look up a token, and not the grants. */
export function allowTokens(reader: NodeFunction, { access }: Tables): void {
  reader.allow(['dynamodb:GetItem'], access.tableArn, keysLike(TOKEN))
}

// ---------------------------------------------------------------------------

const KEYS = 'dynamodb:LeadingKeys'

/** `ForAllValues` holds of a request without any key as well, so one must be there. */
function keysLike(start: string) {
  return { 'ForAllValues:StringLike': { [KEYS]: [`${start}*`] }, Null: { [KEYS]: 'false' } }
}
