/**
 * What the probe and probe-lookup say to each other. Their clocks differ, so all times in it are spans, in milliseconds.
 */
import * as v from 'valibot'
import { canonicalName } from '../dns/name.ts'

const span = v.pipe(v.number(), v.minValue(0))
const name = v.pipe(v.string(), v.transform(canonicalName))
const text = v.pipe(v.string(), v.nonEmpty())

/** DNS servers; a host is an address, or a name that stands for several. */
export const servers = v.pipe(
  v.array(v.strictObject({ host: text, port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)) })),
  v.nonEmpty(),
)

const asked = { servers, name, withinMs: span }

/** `warm` asks for the serial of a zone, so that nothing need be started any more when it counts. */
export const lookupEvent = v.variant('task', [
  v.strictObject({ task: v.literal('warm'), ...asked }),
  v.strictObject({ task: v.literal('find'), ...asked, address: text }),
])

export type LookupEvent = v.InferInput<typeof lookupEvent>

export const lookupReply = v.strictObject({
  /** True if this was the first thing that an environment of the function was asked, and so may have begun late. */
  cold: v.boolean(),
  /** From the beginning of the work to its end. */
  tookMs: span,
  /** `find`: from when all servers had answered right over UDP to the end; absent if they did not. */
  sinceMs: v.exactOptional(span),
  /** `warm`: of the zone at each server. */
  serials: v.exactOptional(v.array(v.number())),
  /** What went wrong. */
  failure: v.exactOptional(v.string()),
})

export type LookupReply = v.InferOutput<typeof lookupReply>
