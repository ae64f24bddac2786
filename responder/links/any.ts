import * as v from 'valibot'
import { Type } from '../../shared/dns/codes.ts'
import type { RRset } from '../../shared/dns/rrset.ts'
import { defineLink } from '../link.ts'

/**
 * ANY gets one RRset of the name, so that a forged source draws no large answer (RFC 8482 4.1): over UDP only, or over
 * every transport.
 */
export const any = defineLink({
  name: 'any',
  settings: v.strictObject({ over: v.picklist(['udp', 'all']) }),
  usual: { over: 'udp' },
  create:
    ({ over }) =>
    (next) =>
    (request) => {
      const reply = next(request)
      if (request.query.question?.type !== Type.ANY || (over === 'udp' && request.from.transport !== 'udp'))
        return reply
      const { answer, additional, requiredAdditional = 0 } = reply
      return { ...reply, answer: withOneOfLast(answer), additional: additional.slice(0, requiredAdditional) }
    },
})

// ---------------------------------------------------------------------------

/** Of the RRsets at the end that have the same owner the first. Those of a DNAME that leads there stand before them, and stay. */
function withOneOfLast(rrsets: readonly RRset[]): readonly RRset[] {
  let end = rrsets.length
  while (end > 1 && rrsets[end - 1]?.owner === rrsets[end - 2]?.owner) end--
  return rrsets.slice(0, end)
}
