import { Rcode } from '../../shared/dns/codes.ts'
import type { Edns, Reply } from '../../shared/dns/message.ts'
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
    const isOther = asked !== undefined && asked.version !== 0
    return withOpt(isOther ? emptyReply(Rcode.BADVERS) : next(request), asked)
  },
})

/** The reply with an OPT record if there was one in the request, and without if there was none (RFC 6891 7). */
export function withOpt(reply: Reply, asked: Edns | undefined): Reply {
  if (asked === undefined) return reply.edns === undefined ? reply : { ...reply, edns: undefined }
  const options = reply.edns?.options ?? []
  return { ...reply, edns: { version: 0, udpSize: UDP_SIZE, dnssecOk: asked.dnssecOk, options } }
}
