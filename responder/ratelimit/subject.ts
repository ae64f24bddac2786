import { Rcode, Type } from '../../shared/dns/codes.ts'
import type { Query, Reply } from '../../shared/dns/message.ts'
import { ROOT, type WireName } from '../../shared/dns/name.ts'

export const KINDS = ['answer', 'nodata', 'nxdomain', 'referral', 'error'] as const
export type Kind = (typeof KINDS)[number]

/** What answers are limited together: those of one kind about one name. */
export interface Subject {
  readonly kind: Kind
  readonly name: WireName
  readonly type: number
}

/**
 * As BIND has it: answers count as the same that a forger can draw again and again. Names that do not exist are as many
 * as anybody cares to make up, so these count by zone; those that a wildcard, a DNAME or `rewrite` makes count by what they
 * are made from; errors count whatever they are about.
 */
export function subjectOf({ question }: Query, { rcode, answer, authority, source }: Reply): Subject {
  const name = source ?? question?.name ?? ROOT
  const [first] = authority
  if (rcode === Rcode.NXDOMAIN) return { kind: 'nxdomain', name: first?.owner ?? ROOT, type: 0 }
  if (rcode !== Rcode.NOERROR) return { kind: 'error', name: ROOT, type: 0 }
  if (answer.length > 0) return { kind: 'answer', name, type: question?.type ?? 0 }
  if (first?.type === Type.NS) return { kind: 'referral', name: first.owner, type: 0 }
  return { kind: 'nodata', name, type: 0 }
}
