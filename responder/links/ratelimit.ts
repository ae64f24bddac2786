import * as v from 'valibot'
import type { Reply } from '../../shared/dns/message.ts'
import { blocks, wordsOf } from '../clients.ts'
import { defineLink, type Request } from '../link.ts'
import { RATE_DROPPED, RATE_TRUNCATED, rateLimited } from '../metrics/families.ts'
import { createAccountMemory } from '../ratelimit/accounts.ts'
import { Limiter } from '../ratelimit/limiter.ts'
import { KINDS, subjectOf } from '../ratelimit/subject.ts'
import { emptyReply } from '../reply.ts'

const perSecond = v.pipe(v.number(), v.minValue(0), v.maxValue(1e6))
const prefix = (bits: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(bits))

/**
 * Response rate limiting, against floods of questions whose source is forged so that the answers hit a victim: for the
 * clients of one prefix so many answers a second that are the same, over UDP. Beyond that one in `slip` goes out empty
 * and truncated, which makes a true client come again over TCP, and the others not at all.
 */
export const ratelimit = defineLink({
  name: 'ratelimit',
  settings: v.strictObject({
    rate: perSecond,
    rates: v.optional(v.strictObject(Object.fromEntries(KINDS.map((kind) => [kind, v.optional(perSecond)]))), {}),
    all: v.optional(perSecond, 0),
    slip: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100)), 2),
    prefix4: v.optional(prefix(32), 24),
    prefix6: v.optional(prefix(128), 56),
    exempt: v.optional(blocks),
  }),
  create(settings, { counters, now, accountMemory = createAccountMemory() }) {
    const limiter = new Limiter(settings, accountMemory)

    function isWithin({ query, from }: Request, reply: Reply): boolean {
      const client = wordsOf(from.address)
      if (limiter.isFree(client)) return true
      const { kind, name, type } = subjectOf(query, reply)
      const number = KINDS.indexOf(kind)
      limiter.begin(client, number, type).text(name)
      return limiter.isWithin(number, now())
    }

    return (next) => (request) => {
      const reply = next(request)
      if (request.from.transport !== 'udp' || reply.drop || reply.proven || isWithin(request, reply)) return reply
      const slips = limiter.slips()
      counters.add(rateLimited, slips ? RATE_TRUNCATED : RATE_DROPPED)
      return { ...emptyReply(reply.rcode), aa: reply.aa, edns: reply.edns, truncated: slips, drop: !slips }
    }
  },
})
