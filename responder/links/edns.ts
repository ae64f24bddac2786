import { Rcode } from '../../shared/dns/codes.ts'
import { defineLink } from '../link.ts'
import { emptyReply } from '../reply.ts'

/** What the server takes and sends over UDP, in octets: it passes every usual path whole (RFC 9715 3.1). */
export const UDP_SIZE = 1232

/**
 * EDNS(0), RFC 6891: an OPT record in the reply if the request had one, BADVERS for any other version (6.1.3), the DO
 * bit copied (RFC 3225 3), unknown options and flags left unanswered (6.1.2, 6.1.4). Options that links below have put
 * into a reply are kept.
 */
export const edns = defineLink({
  name: 'edns',
  create: () => (next) => (request) => {
    const asked = request.query.edns
    if (asked === undefined) return next(request)
    const reply = asked.version === 0 ? next(request) : emptyReply(Rcode.BADVERS)
    const options = reply.edns?.options ?? []
    return { ...reply, edns: { version: 0, udpSize: UDP_SIZE, dnssecOk: asked.dnssecOk, options } }
  },
})
