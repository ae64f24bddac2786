import { Class, InfoCode, Rcode } from '../../shared/dns/codes.ts'
import { defineLink } from '../link.ts'
import { refusal } from '../reply.ts'

/** All that is served is of class IN: REFUSED for any other. */
export const classes = defineLink({
  name: 'classes',
  create: () => (next) => (request) => (request.query.question?.class === Class.IN ? next(request) : NOT_SERVED),
})

// ---------------------------------------------------------------------------

const NOT_SERVED = refusal(Rcode.REFUSED, InfoCode.NOT_AUTHORITATIVE)
