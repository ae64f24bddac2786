import type { Name } from '../dns/name.ts'
import { route53Labels } from './forms.ts'

/**
 * A key that sorts names as ListResourceRecordSets does: in ASCII order, "first by DNS name with the labels reversed",
 * each with its dot, since a `-` comes before it (API reference, ListResourceRecordSets). `com.example.www.`; no two
 * names have the same one.
 */
export function orderKey(name: Name): string {
  return `${route53Labels(name).reverse().join('.')}.`
}

/**
 * True if the order of this name is beyond doubt. Of a name with escapes AWS does not say whether `\052` or the octet it
 * stands for is compared.
 */
export function isPlain(name: Name): boolean {
  return /^[a-z0-9_.-]+$/.test(name)
}
