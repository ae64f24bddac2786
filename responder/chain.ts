import { Rcode } from '../shared/dns/codes.ts'
import { risingNow } from './clock.ts'
import { type ChainParts, type Handler, type LinkDefinition, settingsOf } from './link.ts'
import { acl, refusals } from './links/acl.ts'
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
import { loadbalance } from './links/loadbalance.ts'
import { log } from './links/log.ts'
import { metrics } from './links/metrics.ts'
import { minimal } from './links/minimal.ts'
import { nsid } from './links/nsid.ts'
import { opcodes } from './links/opcodes.ts'
import { padding } from './links/padding.ts'
import { questions } from './links/questions.ts'
import { ratelimit } from './links/ratelimit.ts'
import { rewrite } from './links/rewrite.ts'
import { transfers } from './links/transfers.ts'
import { view } from './links/view.ts'
import { lookup } from './lookup.ts'
import { emptyReply, replyTo } from './reply.ts'
import type { Zones } from './zones/zones.ts'

/** The links of which views may say something else. */
const belowViews: readonly LinkDefinition[] = [rewrite, loadbalance, minimal]

const views = view(belowViews)

/** All links there are, in the order in which they get a request: that order is the same whatever is configured. */
export const order: readonly LinkDefinition[] = [
  metrics,
  log,
  acl, // so high up that who gets silence gets it for whatever is sent
  ratelimit,
  bufsize,
  padding, // above all that answer by themselves, for every reply is to be padded (RFC 7830 4)
  edns, // so high up that refusals carry an OPT record, too (RFC 6891 6.1.1)
  nsid, // and tell whose they are
  keepalive,
  cookies,
  extendedErrors,
  errors,
  opcodes,
  questions,
  refusals,
  expire,
  chaos,
  classes,
  transfers,
  any,
  views,
  ...belowViews,
]

/** The views that these settings have, in the order in which they are counted. */
export function viewNames(settings: LinkSettings): readonly string[] {
  return settingsOf(views, settings)?.map(({ name }) => name) ?? []
}

/** What is configured, by the name of the link; what is not there has its usual settings, `false` is without the link. */
export type LinkSettings = Readonly<Record<string, unknown>>

/** The chain with these settings: the first link gets a request, and behind the last one is the lookup. */
export function createChain(
  parts: ChainParts,
  settings: LinkSettings = {},
  links: readonly LinkDefinition[] = order,
): Handler {
  return links.reduceRight((next, link, i) => {
    const chosen = settingsOf(link, settings)
    if (link.settings !== undefined && chosen === undefined) return next
    const below = (changed: LinkSettings) => createChain(parts, { ...settings, ...changed }, links.slice(i + 1))
    return link.create(chosen, { ...usualParts, ...parts, below })(next)
  }, answerFrom(parts.zones))
}

// ---------------------------------------------------------------------------

/** Where nothing else is given. */
const usualParts = { log: () => {}, now: risingNow, random: Math.random }

/** The end of the chain. A name outside every zone is an outcome, too: REFUSED. */
function answerFrom(zones: Zones): Handler {
  return ({ query: { question } }) => {
    if (question === undefined) return emptyReply(Rcode.FORMERR)
    return replyTo(lookup(zones, question.name, question.type), zones)
  }
}
