import { Opcode, Rcode } from '../../shared/dns/codes.ts'
import { defineLink } from '../link.ts'
import { emptyReply } from '../reply.ts'

/** Only QUERY is spoken: NOTIMP for any other opcode, never silence (RFC 8906 3.1). */
export const opcodes = defineLink({
  name: 'opcodes',
  create: () => (next) => (request) =>
    request.query.opcode === Opcode.QUERY ? next(request) : emptyReply(Rcode.NOTIMP),
})
