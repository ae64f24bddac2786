import * as v from 'valibot'
import { OptionCode } from '../../shared/dns/codes.ts'
import { defineLink } from '../link.ts'
import { withOption } from '../reply.ts'

/** Says why a request failed, where a link below knows more than the rcode tells (RFC 8914): unasked, as 3 has it. */
export const extendedErrors = defineLink({
  name: 'extendedErrors',
  settings: v.literal(true),
  usual: true,
  create: () => (next) => (request) => {
    const reply = next(request)
    const { infoCode } = reply
    if (infoCode === undefined || request.query.edns === undefined) return reply
    return withOption(reply, OptionCode.EXTENDED_ERROR, Uint8Array.of(infoCode >> 8, infoCode))
  },
})
