import { Class, Rcode } from '../../shared/dns/codes.ts'
import type { Link } from '../chain.ts'
import { emptyReply } from '../reply.ts'

/** All that is served is of class IN: REFUSED for any other. */
export const classes: Link = (next) => (request) =>
  request.query.question?.class === Class.IN ? next(request) : emptyReply(Rcode.REFUSED)
