/** The stored form of registrations. An Error says what is wrong with an item. */
import { unmarshall } from '@aws-sdk/util-dynamodb'
import * as v from 'valibot'
import type { Registration } from '../registrations/model.ts'
import { count, name, rrsets, text, version } from './item-parts.ts'
import { type Item, itemOf } from './items.ts'

/** The end of a lease is an attribute of its own, which a condition can compare. */
export function registrationItem({ lease, ...registration }: Registration): Item {
  return itemOf({ ...registration, ...lease })
}

export function registrationOf(item: Item): Registration {
  const { seconds, until, ...registration } = v.parse(attributes, unmarshall(item))
  return seconds === undefined || until === undefined ? registration : { ...registration, lease: { seconds, until } }
}

// ---------------------------------------------------------------------------

const attributes = v.object({
  name,
  zone: name,
  id: text,
  rrsets,
  nonce: text,
  principal: text,
  seconds: v.exactOptional(version),
  until: v.exactOptional(count),
  fn: v.exactOptional(v.object({ arn: text, auth: v.picklist(['none', 'token']), url: v.exactOptional(text) })),
  ending: v.exactOptional(v.literal(true)),
})
