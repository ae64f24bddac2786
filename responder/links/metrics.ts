import type { Link } from '../chain.ts'
import type { Counters } from '../metrics/counters.ts'
import * as family from '../metrics/families.ts'

/** Counts requests by type and replies by rcode, and the time between the two. */
export function metrics(counters: Counters): Link {
  return (next) => (request) => {
    const { question, edns } = request.query
    counters.add(family.requests, family.requestSeries(request.transport, question?.type))
    if (edns?.dnssecOk) counters.add(family.dnssecRequests, family.transportSeries(request.transport))
    const start = performance.now()
    const reply = next(request)
    counters.observe(family.duration, 0, (performance.now() - start) / 1000)
    counters.add(family.responses, family.responseSeries(reply.rcode))
    return reply
  }
}
