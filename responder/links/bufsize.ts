import * as v from 'valibot'
import { defineLink } from '../link.ts'

/** What is offered and kept to over UDP, in octets, where it is not what the link `edns` says. */
export const bufsize = defineLink({
  name: 'bufsize',
  settings: v.pipe(
    v.number(),
    v.integer(),
    v.minValue(512), // RFC 6891 6.2.3
    v.maxValue(4096), // RFC 6891 6.2.5
  ),
  create: (udpSize) => (next) => (request) => {
    const reply = next(request)
    return reply.edns === undefined ? reply : { ...reply, edns: { ...reply.edns, udpSize } }
  },
})
