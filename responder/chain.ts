import { Rcode } from '../shared/dns/codes.ts'
import type { Query, Reply } from '../shared/dns/message.ts'
import { any } from './links/any.ts'
import { classes } from './links/classes.ts'
import { edns } from './links/edns.ts'
import { type ErrorReport, errors } from './links/errors.ts'
import { metrics } from './links/metrics.ts'
import { opcodes } from './links/opcodes.ts'
import { questions } from './links/questions.ts'
import { transfers } from './links/transfers.ts'
import { lookup } from './lookup.ts'
import type { Counters } from './metrics/counters.ts'
import type { Transport } from './metrics/families.ts'
import { emptyReply, replyTo } from './reply.ts'
import type { Zones } from './zones/zones.ts'

/**
 * How a request is handled: the first link gets it, each link answers or asks the next one, and may change what comes
 * back. A link feels those below it and knows nothing of those above.
 *
 *     metrics → edns → errors → opcodes → questions → classes → transfers → any → lookup
 */
export function createChain({ zones, counters, report }: ChainParts): Handler {
  const links: readonly Link[] = [
    metrics(counters),
    edns, // so high up that refusals carry an OPT record, too (RFC 6891 6.1.1)
    errors(counters, report),
    opcodes,
    questions,
    classes,
    transfers,
    any,
  ]
  return links.reduceRight((next, link) => link(next), answerFrom(zones))
}

/** One request on its way down the chain. */
export interface Request {
  readonly query: Query
  /** False if the message behind the header could not be read. */
  readonly wellFormed: boolean
  readonly transport: Transport
}

export type Handler = (request: Request) => Reply
export type Link = (next: Handler) => Handler

export interface ChainParts {
  readonly zones: Zones
  readonly counters: Counters
  readonly report: ErrorReport
}

// ---------------------------------------------------------------------------

/** The end of the chain. A name outside every zone is an outcome, too: REFUSED. */
function answerFrom(zones: Zones): Handler {
  return ({ query: { question } }) => {
    if (question === undefined) return emptyReply(Rcode.FORMERR)
    return replyTo(lookup(zones, question.name, question.type), zones)
  }
}
