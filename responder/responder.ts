import { setTimeout as sleep } from 'node:timers/promises'
import { type LinkSettings, views } from './chain.ts'
import { type ControlServer, startControlServer } from './control/server.ts'
import { settingsOf } from './link.ts'
import type { Endpoint } from './listeners/endpoint.ts'
import { probe } from './listeners/listen.ts'
import type { QueryLog } from './log/buffer.ts'
import { createCounterMemory, sumCounters } from './metrics/counters.ts'
import { figuresOf } from './metrics/figures.ts'
import { formatMetrics } from './metrics/prometheus.ts'
import { startReports } from './metrics/reports.ts'
import { createAccountMemory } from './ratelimit/accounts.ts'
import type { Source } from './sources/source.ts'
import { startCrew } from './workers/crew.ts'

export interface ResponderOptions {
  readonly source: Source
  /** Where questions are taken, over UDP and TCP; port 0 is any free one. */
  readonly dns: readonly Endpoint[]
  /** Where `/health`, `/ready` and `/metrics` are; nowhere without. */
  readonly control?: Endpoint
  /** Worker threads that answer. */
  readonly workers?: number
  /** What the links of the chain are to do, where it is not the usual. */
  readonly links?: LinkSettings
  /** How long questions are answered after `stop`, while `/ready` says that no more should come. */
  readonly lameduckMs?: number
  /** Where metrics go from time to time, as lines of CloudWatch's embedded metric format; nowhere without. */
  readonly reports?: { readonly intervalMs: number; readonly write: (line: string) => void }
  /** What goes wrong, one line each. */
  readonly log?: (line: string) => void
  /** Where the lines of the query log go; nowhere without. */
  readonly queryLog?: QueryLog
}

export interface Responder {
  /** Resolves once everything is loaded and answered, with the ports that were bound; rejects if that cannot be. */
  readonly ready: Promise<readonly Endpoint[]>
  readonly control: Endpoint | undefined
  /** The parts that are not ready, each with its reason. */
  unready(): readonly string[]
  stop(): Promise<void>
}

/** Starts the DNS server. Rejects if a port is taken; what takes time goes on behind `ready`. */
export async function startResponder(options: ResponderOptions): Promise<Responder> {
  const {
    source,
    dns,
    control: controlEndpoint,
    workers = 1,
    links = {},
    lameduckMs = 0,
    reports,
    log = () => {},
    queryLog = (_, written) => written(),
  } = options
  const counters = createCounterMemory(workers)
  const stopped = new AbortController()
  let phase: 'starting' | 'serving' | 'leaving' = 'starting'

  for (const endpoint of dns) if (endpoint.port !== 0) await probe(endpoint)
  const crew = startCrew({
    size: workers,
    setup: { counters, accountMemory: createAccountMemory(), reusePort: workers > 1, limits: TCP_LIMITS, links },
    snapshot: () => source.snapshot(),
    log,
    queryLog,
  })
  const control = await startControl()
  const endReports = reports && startReports(() => ({ counted: sumCounters(counters), ...source.status() }), reports)
  const ready = serve()
  ready.catch(() => {}) // whoever waits for it hears of it
  return { ready, control: control?.endpoint, unready, stop }

  async function serve(): Promise<readonly Endpoint[]> {
    await source.start((updates) => crew.publish(updates), stopped.signal)
    if (stopped.signal.aborted) return new Promise(() => {}) // it will never be ready
    const bound = await crew.listen(dns)
    phase = 'serving'
    return bound
  }

  function unready(): string[] {
    const reasons: string[] = []
    const { loading } = source.status()
    if (phase === 'leaving') reasons.push('lameduck: the responder is about to stop')
    if (loading !== undefined) reasons.push(`source: ${loading}`)
    if (crew.listening() === 0) reasons.push(`workers: none of ${workers} listens`)
    return reasons
  }

  async function stop(): Promise<void> {
    if (phase === 'serving') {
      phase = 'leaving'
      await sleep(lameduckMs)
    }
    stopped.abort()
    await crew.stop()
    endReports?.()
    await control?.close()
  }

  async function startControl(): Promise<ControlServer | undefined> {
    if (controlEndpoint === undefined) return undefined
    const crewStatus = () => ({ listening: crew.listening(), deaths: crew.deaths() })
    const viewNames = settingsOf(views, links)?.map(({ name }) => name)
    const metrics = () => formatMetrics(sumCounters(counters), figuresOf(source.status(), crewStatus()), viewNames)
    try {
      return await startControlServer(controlEndpoint, { unready, metrics })
    } catch (error) {
      await crew.stop()
      throw error
    }
  }
}

// ---------------------------------------------------------------------------

/** For each worker. The connections of a client are many because a load balancer may stand for all clients. */
const TCP_LIMITS = { connections: 1000, perClient: 250, idleMs: 10_000 }
