/** Names for tests of the mirror. */
import { canonicalName, type Name } from '../../shared/dns/name.ts'
import { apex, nameOf } from './records.ts'

/** The apex, wildcards, escapes, a name below another, neighbours with characters around the dot, the longest name. */
export const odd: readonly Name[] = [
  apex,
  ...['*', 'b', '*.b', 'b-', 'b.b', 'b0', 'a\\.b', '\\000\\255\\"\\032', '\\\\', '_x', 'x.b-', '*.\\042'].map(nameOf),
  canonicalName(`${[62, 62, 62, 50].map((length) => '\\200'.repeat(length)).join('.')}.example.org`),
]

export function namesIn(list: readonly { readonly name: Name }[]): Name[] {
  return list.map(({ name }) => name)
}
