import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type LinkSettings, viewNames } from './chain.ts'
import { type ControlServer, type Further, startControlServer } from './control/server.ts'
import { SECRET_SIZE } from './cookies.ts'
import { udpInBatches } from './datagrams/choice.ts'
import { Sockets } from './datagrams/sockets.ts'
import { nodeIdentity } from './identity.ts'
import { newTicketKeys } from './listeners/certificate.ts'
import { type ConnectionLimits, LIMITS } from './listeners/connections.ts'
import type { Endpoint } from './listeners/endpoint.ts'
import { probe, type Secure, type Served, type Spoken } from './listeners/listen.ts'
import type { QueryLog } from './log/buffer.ts'
import { Counters, createCounterMemory, sumCounters } from './metrics/counters.ts'
import type { Reading } from './metrics/emf.ts'
import { figuresOf } from './metrics/figures.ts'
import { readNetwork } from './metrics/network.ts'
import { type Figure, formatMetrics } from './metrics/prometheus.ts'
import { Propagation } from './metrics/propagation.ts'
import { startReports } from './metrics/reports.ts'
import { readUsage } from './metrics/usage.ts'
import { createAccountMemory } from './ratelimit/accounts.ts'
import type { Publish, Source } from './sources/source.ts'
import { Table } from './table/table.ts'
import { keepTidy } from './table/upkeep.ts'
import { crewThreads, startCrew } from './workers/crew.ts'
import type { Change } from './workers/messages.ts'
import { applyUpdates, release } from './zones/update.ts'

export interface ResponderOptions {
  readonly source: Source
  /** Where questions are taken, over UDP and TCP; port 0 is any free one. */
  readonly dns: readonly Endpoint[]
  /** Where questions are taken over TLS and HTTPS. */
  readonly secure?: SecureOptions
  /** What clients may take up of each listener, in each worker. */
  readonly limits?: ConnectionLimits
  /** Where `/health`, `/ready` and `/metrics` are; nowhere without. */
  readonly control?: Endpoint
  /** What else is served there. */
  readonly further?: Further
  /** Worker threads that answer. */
  readonly workers?: number
  /** What the links of the chain are to do, where it is not the usual. */
  readonly links?: LinkSettings
  /** What tells this node from others, in answers to those who ask; else the name of the host. */
  readonly identity?: string
  /** How long questions are answered after `stop`, while `/ready` says that no more should come. */
  readonly lameduckMs?: number
  /** Where metrics go from time to time, as lines of CloudWatch's embedded metric format; nowhere without. */
  readonly reports?: { readonly intervalMs: number; readonly write: (line: string) => void }
  /** What `/metrics` is to tell besides. */
  readonly figures?: () => readonly Figure[]
  /** What goes wrong, one line each. */
  readonly log?: (line: string) => void
  /** Where the lines of the query log go; nowhere without. */
  readonly queryLog?: QueryLog
}

export interface SecureOptions extends Secure {
  readonly tls: readonly Endpoint[]
  readonly https: readonly Endpoint[]
}

export interface Responder {
  /** Resolves once everything is loaded and answered, with the ports that were bound; rejects if that cannot be. */
  readonly ready: Promise<readonly Served[]>
  readonly control: Endpoint | undefined
  /** Takes other settings of links, or another certificate, without losing a request. */
  change(change: Change): void
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
    secure,
    limits = LIMITS,
    identity = await nodeIdentity({}),
    lameduckMs = 0,
    reports,
    figures = () => [],
    log = () => {},
    queryLog = (_, written) => written(),
  } = options
  let views = viewNames(links)
  const table = new Table()
  const upkeep = keepTidy(table)
  const udp = dns.length > 0 ? await udpInBatches(process.env) : undefined
  const libc = typeof udp === 'string' ? undefined : udp
  const threads = crewThreads(workers, libc !== undefined)
  const counters = createCounterMemory(threads + 1)
  const propagation = new Propagation(new Counters(counters, threads))
  const endpoints = [served('dns', dns), served('tls', secure?.tls), served('https', secure?.https)].flat()
  const stopped = new AbortController()
  let phase: 'starting' | 'serving' | 'leaving' | 'ending' = 'starting'

  await probe(...endpoints.filter(({ port }) => port !== 0))
  const crew = startCrew({
    size: workers,
    sockets: libc && new Sockets(libc, workers),
    setup: {
      counters,
      accountMemory: createAccountMemory(),
      table: table.memory.buffer,
      reusePort: workers > 1,
      limits,
      links,
      identity,
      secret: randomBytes(SECRET_SIZE),
      ...(secure && { secure }),
    },
    onGone: (thread) => table.forget(thread + 1),
    log,
    queryLog,
  })
  const control = await startControl()
  const endReports = reports && startReports(read, reports)
  const ready = serve()
  ready.catch(() => {}) // whoever waits for it hears of it
  let shown: Secure | undefined = secure
  const ticketRenewal = setInterval(renewTickets, TICKETS_MS).unref()
  return { ready, control: control?.endpoint, change, unready, stop }

  async function serve(): Promise<readonly Served[]> {
    const publish: Publish = (updates, writtenAt = []) => {
      upkeep.due() // in turns that come later: also where the updates find no room
      applyUpdates(table, updates)
      for (const update of updates) release(update)
      propagation.note(writtenAt, Date.now())
    }
    await source.start(publish, stopped.signal)
    const bound = stopped.signal.aborted ? undefined : await crew.listen(endpoints).catch(unlessStopped)
    if (stopped.signal.aborted || bound === undefined) return new Promise(() => {}) // it will never be ready
    if (typeof udp === 'string') log(`${udp}: UDP is served by Node's own sockets`)
    phase = 'serving'
    return bound
  }

  /** Workers that are told to end before they listen have no fault. */
  function unlessStopped(error: Error): void {
    if (!stopped.signal.aborted) throw error
  }

  function read(): Reading {
    return {
      at: Date.now(),
      counted: sumCounters(counters),
      source: source.status(),
      serving: phase === 'serving' || phase === 'leaving',
      crew: crew.status(),
      usage: readUsage(),
      network: readNetwork(),
      propagationMs: propagation.takeLongestMs(),
    }
  }

  function change(changed: Change): void {
    shown = changed.secure ?? shown
    if (changed.links !== undefined) views = viewNames(changed.links)
    crew.change(changed)
  }

  /** What was said in a session is safe from whoever gets hold of later keys (RFC 9325 7.4). */
  function renewTickets(): void {
    if (shown === undefined) return
    change({ secure: { ...shown, certificate: { ...shown.certificate, ticketKeys: newTicketKeys() } } })
  }

  function unready(): string[] {
    const reasons: string[] = []
    const { loading } = source.status()
    if (phase === 'leaving') reasons.push('lameduck: the responder is about to stop')
    if (loading !== undefined) reasons.push(`source: ${loading}`)
    if (crew.status().listening === 0) reasons.push(`workers: none of ${workers} listens`)
    return reasons
  }

  async function stop(): Promise<void> {
    if (phase === 'serving') {
      phase = 'leaving'
      await sleep(lameduckMs)
      phase = 'ending'
    }
    stopped.abort()
    upkeep.end()
    clearInterval(ticketRenewal)
    await crew.stop()
    endReports?.()
    await control?.close()
  }

  async function startControl(): Promise<ControlServer | undefined> {
    if (controlEndpoint === undefined) return undefined
    const metrics = () =>
      formatMetrics(
        sumCounters(counters, views),
        [...figuresOf(source.status(), crew.status(), table.status()), ...figures()],
        views,
      )
    try {
      return await startControlServer(controlEndpoint, { unready, metrics, further: options.further })
    } catch (error) {
      await crew.stop()
      throw error
    }
  }
}

// ---------------------------------------------------------------------------

const TICKETS_MS = 12 * 3600 * 1000

function served(speaks: Spoken, endpoints: readonly Endpoint[] = []): Served[] {
  return endpoints.map((endpoint) => ({ ...endpoint, speaks }))
}
