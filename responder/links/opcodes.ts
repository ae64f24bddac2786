import { Class, InfoCode, Opcode, Rcode, Type } from '../../shared/dns/codes.ts'
import type { Reply } from '../../shared/dns/message.ts'
import { defineLink, type Request } from '../link.ts'
import { emptyReply, refusal } from '../reply.ts'
import type { Zones } from '../zones/zones.ts'

/**
 * What is asked goes on. A NOTIFY is acknowledged, and nothing done: a primary knows of its changes. An UPDATE is refused.
 * Any other opcode is NOTIMP, never silence (RFC 8906 3.1.4).
 */
export const opcodes = defineLink({
  name: 'opcodes',
  create:
    (_, { zones }) =>
    (next) =>
    (request) => {
      switch (request.query.opcode) {
        case Opcode.QUERY:
          return next(request)
        case Opcode.NOTIFY:
          return aboutZone(request, zones, ACKNOWLEDGED)
        case Opcode.UPDATE:
          return aboutZone(request, zones, NO_UPDATES)
        default:
          return NOT_IMPLEMENTED
      }
    },
})

// ---------------------------------------------------------------------------

const ACKNOWLEDGED: Reply = { ...emptyReply(Rcode.NOERROR), aa: true } // as BIND does it
const NO_UPDATES = refusal(Rcode.REFUSED, InfoCode.NOT_SUPPORTED)
const NOT_IMPLEMENTED = emptyReply(Rcode.NOTIMP)
const MALFORMED = emptyReply(Rcode.FORMERR)
const NOT_OURS = emptyReply(Rcode.NOTAUTH)

/** The reply if the request is about a zone of ours, which it names as the question for an SOA (RFC 1996 3.7, RFC 2136 3.1). */
function aboutZone({ query: { question }, wellFormed }: Request, zones: Zones, reply: Reply): Reply {
  if (!wellFormed || question?.type !== Type.SOA) return MALFORMED
  const isOurs = question.class === Class.IN && zones.find(question.name, Type.SOA)?.apex === question.name
  return isOurs ? reply : NOT_OURS
}
