import { parse } from 'valibot'
import type { Name } from '../../shared/dns/name.ts'
import type { Server } from '../../shared/probe/ask.ts'
import { type LookupEvent, type LookupReply, lookupReply } from '../../shared/probe/lookup.ts'
import type { Place } from './probe.ts'

export interface ResponderParts {
  /** Has probe-lookup do something. */
  readonly invoke: (event: LookupEvent, signal: AbortSignal) => Promise<unknown>
  readonly servers: readonly Server[]
  readonly zone: Name
  /** What is registered. */
  readonly name: Name
  /** Milliseconds for which the responder is asked. */
  readonly withinMs: number
  readonly now: () => number
}

/**
 * The responder, which only a function in its VPC can reach. The lookup tells how long ago it was that all servers
 * answered right, so that counted back from the arrival of its reply. The way of the reply is counted with it, a few
 * milliseconds; the way there and a start of the lookup are not, as long as it asked before the answer changed. So it is
 * started beforehand, and where it was not ready after all, no time is told.
 */
export function responderPlace({ invoke, servers, zone, name, withinMs, now }: ResponderParts): Place {
  let serials: LookupReply['serials']
  return {
    async prepare(signal) {
      serials = undefined
      const reply = await lookup({ task: 'warm', servers: [...servers], name: zone, withinMs: WARM_MS }, signal)
      serials = reply.serials
    },

    async find(address, signal) {
      const sent = now()
      const reply = await lookup({ task: 'find', servers: [...servers], name, address, withinMs }, signal)
      const { cold, tookMs, sinceMs, failure } = reply
      if (sinceMs === undefined) throw new Error(failure ?? 'the lookup found nothing and does not say why')
      const underwayMs = now() - sent - tookMs
      return {
        ...(!cold && { sinceMs }),
        ...(failure !== undefined && { failure }),
        told: { cold, underwayMs: Math.round(underwayMs), ...(serials && { serials }) },
      }
    },
  }

  async function lookup(event: LookupEvent, signal: AbortSignal): Promise<LookupReply> {
    return parse(lookupReply, await invoke(event, signal))
  }
}

// ---------------------------------------------------------------------------

const WARM_MS = 5_000
