import { InfoCode, Rcode, Type } from '../../shared/dns/codes.ts'
import { defineLink } from '../link.ts'
import { refusal } from '../reply.ts'

/** Zones are not handed out: REFUSED for AXFR (RFC 5936 2.2.1) and IXFR. */
export const transfers = defineLink({
  name: 'transfers',
  create: () => (next) => (request) => {
    const type = request.query.question?.type
    return type === Type.AXFR || type === Type.IXFR ? PROHIBITED : next(request)
  },
})

// ---------------------------------------------------------------------------

const PROHIBITED = refusal(Rcode.REFUSED, InfoCode.PROHIBITED)
