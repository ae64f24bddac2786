import { Rcode } from '../../shared/dns/codes.ts'
import type { Link } from '../chain.ts'
import { emptyReply } from '../reply.ts'

/** A request is well formed and asks exactly one question, or it is FORMERR (RFC 9619 4). */
export const questions: Link = (next) => (request) =>
  request.wellFormed && request.query.question !== undefined ? next(request) : emptyReply(Rcode.FORMERR)
