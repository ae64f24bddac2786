import type { Limits } from './probe.ts'

/** How long the lookup asks the responder. */
export const ANSWER_MS = 30_000

/** Within the time-out of the function, and the responder's within that of the lookup. */
export const LIMITS: Limits = {
  prepare: 15_000, // a function in a VPC that starts anew
  register: 15_000,
  responder: ANSWER_MS + 10_000, // to ask over TCP, and for the reply
  route53: 90_000, // most changes are on all name servers within 60 s, as AWS says (API reference, ChangeResourceRecordSets)
}
