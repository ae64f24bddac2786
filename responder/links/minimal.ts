import * as v from 'valibot'
import { defineLink } from '../link.ts'

/**
 * Leaves out what nobody needs who can ask again: addresses of hosts that an answer names, and of name servers that can
 * be found without. Glue that is required stays (RFC 9471 3.1), and so does all of the authority section: what stands
 * there is a referral, or the SOA that says how long a negative answer holds (RFC 2308 5).
 */
export const minimal = defineLink({
  name: 'minimal',
  settings: v.literal(true),
  create: () => (next) => (request) => {
    const reply = next(request)
    const { additional, requiredAdditional = 0 } = reply
    return additional.length === requiredAdditional
      ? reply
      : { ...reply, additional: additional.slice(0, requiredAdditional) }
  },
})
