import { Rcode } from '../../shared/dns/codes.ts'
import type { Link } from '../chain.ts'
import type { Counters } from '../metrics/counters.ts'
import { panics } from '../metrics/families.ts'
import { emptyReply } from '../reply.ts'

/** Where a fault of ours is told, with the request that met it in words. */
export type ErrorReport = (error: unknown) => void

/** A throw below becomes SERVFAIL, counted and reported. */
export function errors(counters: Counters, report: ErrorReport): Link {
  return (next) => (request) => {
    try {
      return next(request)
    } catch (error) {
      counters.add(panics)
      report(error)
      return emptyReply(Rcode.SERVFAIL)
    }
  }
}
