import * as v from 'valibot'
import { OptionCode } from '../../shared/dns/codes.ts'
import { defineLink } from '../link.ts'
import { optionIn } from '../option.ts'

/**
 * Replies to requests that are padded are padded, too, so that their size tells little (RFC 7830). Only what is encrypted
 * may be (RFC 7830 6).
 */
export const padding = defineLink({
  name: 'padding',
  settings: v.strictObject({ block: v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(4096)) }),
  usual: { block: 468 }, // RFC 8467 4.1
  create:
    ({ block }) =>
    (next) =>
    (request) => {
      const reply = next(request)
      const { transport } = request.from
      if (transport !== 'tls' && transport !== 'https') return reply
      return optionIn(request.query.edns, OptionCode.PADDING) === undefined ? reply : { ...reply, block }
    },
})
