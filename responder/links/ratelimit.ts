import * as v from 'valibot'
import type { Reply } from '../../shared/dns/message.ts'
import { blocks, clientsIn } from '../clients.ts'
import { defineLink, type Request } from '../link.ts'
import { RATE_DROPPED, RATE_TRUNCATED, rateLimited } from '../metrics/families.ts'
import { Accounts, createAccountMemory } from '../ratelimit/accounts.ts'
import { Hash } from '../ratelimit/hash.ts'
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
  create({ rate, rates, all, slip, prefix4, prefix6, exempt }, parts) {
    const { counters, now, accountMemory = createAccountMemory() } = parts
    const accounts = new Accounts(accountMemory)
    const isExempt = exempt && clientsIn(exempt)
    const hash = new Hash()
    let limited = 0

    /** Takes from the account of all only what is sent: one flood is not to use up what is for other answers. */
    function isWithin({ query, from }: Request, reply: Reply): boolean {
      const { kind, name, type } = subjectOf(query, reply)
      const allowed = rates[kind] ?? rate
      const at = now()
      hash.start(accounts.seed)
      hash.prefix(from.address, prefix4, prefix6)
      const { first, second } = hash
      hash.word(KINDS.indexOf(kind) + 1)
      hash.word(type)
      hash.text(name)
      if (allowed > 0 && !accounts.take(hash.first, hash.second, allowed, at)) return false
      return all === 0 || accounts.take(first, second, all, at)
    }

    function isFree({ from }: Request, reply: Reply): boolean {
      return from.transport !== 'udp' || reply.drop || reply.proven || (isExempt?.(from.address) ?? false)
    }

    return (next) => (request) => {
      const reply = next(request)
      if (isFree(request, reply) || isWithin(request, reply)) return reply
      limited++
      const slips = slip > 0 && limited % slip === 0
      counters.add(rateLimited, slips ? RATE_TRUNCATED : RATE_DROPPED)
      return { ...emptyReply(reply.rcode), aa: reply.aa, edns: reply.edns, truncated: slips, drop: !slips }
    }
  },
})
