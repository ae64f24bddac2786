import { Rcode } from '../../shared/dns/codes.ts'
import { defineLink } from '../link.ts'
import { emptyReply } from '../reply.ts'

/** A request is well formed and asks exactly one question, or it is FORMERR (RFC 9619 4). */
export const questions = defineLink({
  name: 'questions',
  create: () => (next) => (request) =>
    request.wellFormed && request.query.question !== undefined ? next(request) : emptyReply(Rcode.FORMERR),
})
