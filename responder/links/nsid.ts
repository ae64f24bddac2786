import * as v from 'valibot'
import { OptionCode } from '../../shared/dns/codes.ts'
import { shortText } from '../config/short-text.ts'
import { defineLink } from '../link.ts'
import { optionIn } from '../option.ts'
import { withOption } from '../reply.ts'

/** Tells those who ask for it which node answers (RFC 5001). */
export const nsid = defineLink({
  name: 'nsid',
  settings: v.strictObject({ id: v.optional(shortText) }),
  usual: {},
  create({ id }, { identity }) {
    const text = id ?? identity
    if (text === undefined) return (next) => next
    const octets = Buffer.from(text)
    return (next) => (request) => {
      const reply = next(request)
      const asked = optionIn(request.query.edns, OptionCode.NSID) !== undefined
      return asked ? withOption(reply, OptionCode.NSID, octets) : reply
    }
  },
})
