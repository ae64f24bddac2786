import type { Name } from '../../shared/dns/name.ts'
import type { ListOutcome } from '../../shared/mirror/ports.ts'
import { type Ask, ask as askOnce, type Server } from '../../shared/probe/ask.ts'
import { holdsAddress } from '../../shared/probe/message.ts'
import { resolved } from '../../shared/probe/servers.ts'
import { untilRight } from '../../shared/probe/until-right.ts'
import type { Place } from './probe.ts'

export interface Route53Parts {
  /** What is registered. */
  readonly name: Name
  /** The name servers of the hosted zone; none where they cannot be asked from here. */
  readonly nameServers: () => Promise<readonly Server[]>
  /** The first record set of the hosted zone from that name on. */
  readonly list: () => Promise<ListOutcome>
  /** Rejects when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
  readonly ask?: Ask
}

/**
 * Route 53: all its name servers have the address. Where these cannot be asked, as those of a private hosted zone, it is
 * what the API lists, which is so as soon as Route 53 has accepted the change.
 */
export function route53Place({ nameServers, list, ...parts }: Route53Parts): Place {
  let known: Promise<readonly Server[]> | undefined // they do not change
  return {
    async prepare() {
      if ((await remembered()).length === 0) await list() // the way there is open then
    },
    async find(address, signal) {
      const servers = await remembered()
      if (servers.length > 0) await untilAnswered({ ...parts, servers, address, signal })
      else await untilListed({ ...parts, list, address, signal })
      return { sinceMs: 0 }
    },
  }

  function remembered(): Promise<readonly Server[]> {
    known ??= nameServers().catch((error) => {
      known = undefined
      throw error
    })
    return known
  }
}

// ---------------------------------------------------------------------------

type Sought = Pick<Route53Parts, 'name' | 'ask'> & { readonly address: string; readonly signal: AbortSignal }

const ASK_EVERY_MS = 1_000

async function untilAnswered({
  servers,
  name,
  address,
  signal,
  ask = askOnce,
}: Sought & { servers: readonly Server[] }) {
  await untilRight({
    servers: await resolved(servers),
    ask: (server, over) => ask(server, { name, type: 'A' }, over),
    isRight: (answer) => holdsAddress(answer, address),
    everyMs: ASK_EVERY_MS,
    signal,
  })
}

/** The mirror needs the better part of a second, so a look at once would be in vain. */
const FIRST_LIST_MS = 1_000
/** An account has 5 requests a second, for everything. */
const LIST_EVERY_MS = 2_000

async function untilListed({ name, list, pause, address, signal }: Sought & Pick<Route53Parts, 'list' | 'pause'>) {
  let last = 'nothing yet'
  for (let ms = FIRST_LIST_MS; ; ms = LIST_EVERY_MS) {
    await pause(ms, signal).catch(() => {})
    if (signal.aborted) throw new Error(`Route 53 lists ${last}`)
    const outcome = await list()
    if (outcome.kind === 'fault') throw new Error(`Route 53 refuses: ${outcome.code}: ${outcome.message}`)
    if (outcome.kind === 'listed') {
      const [set] = outcome.sets
      const values = set?.name === name && set.type === 'A' ? (set.rrset?.rdata ?? []) : []
      if (values.length === 1 && values[0] === address) return
      last = values.join(' ') || 'no such record set'
    } else last = outcome.kind === 'unknown' ? `nothing: ${outcome.reason}` : `nothing: ${outcome.kind}`
  }
}
