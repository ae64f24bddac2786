import * as v from 'valibot'
import { Rcode } from '../../shared/dns/codes.ts'
import type { LinkSettings } from '../chain.ts'
import { defineLink, settingsOf } from '../link.ts'
import { panics } from '../metrics/families.ts'
import { emptyReply } from '../reply.ts'

const USUAL = { window: 60, debug: false }

/** A throw below becomes SERVFAIL, counted and reported. The settings say how it is told, see `workers/consolidation.ts`. */
export const errors = defineLink({
  name: 'errors',
  settings: v.strictObject({
    /** Seconds. */
    window: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(3600)), USUAL.window),
    debug: v.optional(v.boolean(), USUAL.debug),
  }),
  usual: USUAL,
  always: true,
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

/** How faults are told. */
export function telling(links: LinkSettings): typeof USUAL {
  return settingsOf(errors, links) ?? USUAL
}
