import { Rcode } from '../shared/dns/codes.ts'
import type { Handler, LinkDefinition, LinkParts } from './link.ts'
import { any } from './links/any.ts'
import { bufsize } from './links/bufsize.ts'
import { chaos } from './links/chaos.ts'
import { classes } from './links/classes.ts'
import { cookies } from './links/cookies.ts'
import { edns } from './links/edns.ts'
import { errors } from './links/errors.ts'
import { expire } from './links/expire.ts'
import { extendedErrors } from './links/extended-errors.ts'
import { keepalive } from './links/keepalive.ts'
import { metrics } from './links/metrics.ts'
import { minimal } from './links/minimal.ts'
import { nsid } from './links/nsid.ts'
import { opcodes } from './links/opcodes.ts'
import { padding } from './links/padding.ts'
import { questions } from './links/questions.ts'
import { transfers } from './links/transfers.ts'
import { lookup } from './lookup.ts'
import { emptyReply, replyTo } from './reply.ts'
import type { Zones } from './zones/zones.ts'

/** All links there are, in the order in which they get a request: that order is the same whatever is configured. */
export const order: readonly LinkDefinition[] = [
  metrics,
  bufsize,
  edns, // so high up that refusals carry an OPT record, too (RFC 6891 6.1.1)
  cookies,
  padding,
  keepalive,
  extendedErrors,
  errors,
  opcodes,
  questions,
  nsid,
  expire,
  chaos,
  classes,
  transfers,
  any,
  minimal,
]

/** What is configured, by the name of the link; what is not there has its usual settings, `false` is without the link. */
export type LinkSettings = Readonly<Record<string, unknown>>

/** The chain with these settings: the first link gets a request, and behind the last one is the lookup. */
export function createChain(parts: LinkParts, settings: LinkSettings = {}): Handler {
  const links = order.flatMap(({ name, settings: schema, usual, create }) => {
    const chosen = settings[name] ?? usual
    return schema !== undefined && (chosen === undefined || chosen === false) ? [] : [create(chosen, parts)]
  })
  return links.reduceRight((next, link) => link(next), answerFrom(parts.zones))
}

// ---------------------------------------------------------------------------

/** The end of the chain. A name outside every zone is an outcome, too: REFUSED. */
function answerFrom(zones: Zones): Handler {
  return ({ query: { question } }) => {
    if (question === undefined) return emptyReply(Rcode.FORMERR)
    return replyTo(lookup(zones, question.name, question.type), zones)
  }
}
