import { defineLink } from '../link.ts'
import * as family from '../metrics/families.ts'

/** Counts requests by type and replies by rcode, and the time between the two. */
export const metrics = defineLink({
  name: 'metrics',
  create:
    (_, { counters }) =>
    (next) =>
    (request) => {
      const { question, edns } = request.query
      const { transport } = request.from
      counters.add(family.requests, family.requestSeries(transport, question?.type))
      if (edns?.dnssecOk) counters.add(family.dnssecRequests, family.transportSeries(transport))
      const start = performance.now()
      const reply = next(request)
      counters.observe(family.duration, 0, (performance.now() - start) / 1000)
      if (!reply.drop) counters.add(family.responses, family.responseSeries(reply.rcode))
      return reply
    },
})
