import * as v from 'valibot'
import { OptionCode } from '../../shared/dns/codes.ts'
import { defineLink } from '../link.ts'
import { optionIn } from '../option.ts'
import { withOption } from '../reply.ts'

/**
 * Tells a client that asks for it how long its connection may idle (RFC 7828): over TCP with or without TLS, never over
 * UDP (3.3.1), and not over HTTP, which has means of its own.
 */
export const keepalive = defineLink({
  name: 'keepalive',
  settings: v.literal(true),
  usual: true,
  create(_, { idleMs }) {
    if (idleMs === undefined) return (next) => next
    const tenths = Math.min(Math.floor(idleMs / 100), 0xffff)
    const timeout = Uint8Array.of(tenths >> 8, tenths)
    return (next) => (request) => {
      const reply = next(request)
      const { transport } = request.from
      if (transport !== 'tcp' && transport !== 'tls') return reply
      const asked = optionIn(request.query.edns, OptionCode.TCP_KEEPALIVE) !== undefined
      return asked ? withOption(reply, OptionCode.TCP_KEEPALIVE, timeout) : reply
    }
  },
})
