import * as v from 'valibot'
import { OptionCode, Type } from '../../shared/dns/codes.ts'
import { defineLink } from '../link.ts'
import { optionIn } from '../option.ts'
import { withOption } from '../reply.ts'

/**
 * Tells those who ask for it how long the zone may be served without a refresh: of a primary, what its SOA says
 * (RFC 7314 2). Only a question for the SOA of a zone or for the zone itself is about that.
 */
export const expire = defineLink({
  name: 'expire',
  settings: v.literal(true),
  usual: true,
  create: () => (next) => (request) => {
    const reply = next(request)
    const { question, edns } = request.query
    if (question === undefined || !ABOUT_ZONES.has(question.type)) return reply
    if (optionIn(edns, OptionCode.EXPIRE) === undefined) return reply
    const [first] = reply.answer
    const soa = first?.type === Type.SOA ? first.rdata[0] : undefined
    // The last field but one, 32 bits (RFC 1035 3.3.13).
    return soa === undefined ? reply : withOption(reply, OptionCode.EXPIRE, soa.subarray(-8, -4))
  },
})

// ---------------------------------------------------------------------------

const ABOUT_ZONES: ReadonlySet<number> = new Set([Type.SOA, Type.AXFR, Type.IXFR])
