import { Rcode } from '../../shared/dns/codes.ts'
import type { Link } from '../chain.ts'
import { emptyReply } from '../reply.ts'

/** What the server takes and sends over UDP, in octets: it passes every usual path whole (DNS flag day 2020). */
export const UDP_SIZE = 1232

/**
 * EDNS(0), RFC 6891: an OPT record in the reply if the request had one, BADVERS for any other version (6.1.3), the DO
 * bit copied (RFC 3225 3), unknown options and flags left unanswered (6.1.2, 6.1.4).
 */
export const edns: Link = (next) => (request) => {
  const asked = request.query.edns
  if (asked === undefined) return next(request)
  const reply = asked.version === 0 ? next(request) : emptyReply(Rcode.BADVERS)
  return { ...reply, edns: { version: 0, udpSize: UDP_SIZE, dnssecOk: asked.dnssecOk, options: [] } }
}
