import { Rcode } from '../../shared/dns/codes.ts'
import { defineLink } from '../link.ts'
import { panics } from '../metrics/families.ts'
import { emptyReply } from '../reply.ts'

/** A throw below becomes SERVFAIL, counted and reported. */
export const errors = defineLink({
  name: 'errors',
  create:
    (_, { counters, report }) =>
    (next) =>
    (request) => {
      try {
        return next(request)
      } catch (error) {
        counters.add(panics)
        report(error)
        return emptyReply(Rcode.SERVFAIL)
      }
    },
})
