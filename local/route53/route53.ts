import { type Endpoint, formatEndpoint } from '../../responder/listeners/endpoint.ts'
import { Admission } from './admission.ts'
import { type ApiParts, answer } from './api.ts'
import { Counting, type Route53Counts } from './counts.ts'
import { type Fault, Faults } from './faults.ts'
import { memoryJournal, openJournal } from './journal.ts'
import type { RecordSet } from './model.ts'
import { startServer } from './server.ts'

export type { Route53Counts } from './counts.ts'
export type { Fault, FaultCode, FaultEffect, Poison } from './faults.ts'
export type { RecordSet } from './model.ts'

export interface Route53EmulatorOptions {
  /** On loopback; port 0 is any free one. */
  readonly endpoint: Endpoint
  /** Where the hosted zones are kept, made if missing; absent: in memory. */
  readonly file?: string
  /** Milliseconds since the epoch; rates and times of being busy or pending depend on it. */
  readonly now?: () => number
  /** How long changes are PENDING. */
  readonly insyncMs?: number
  /** How long a hosted zone is busy after a change was accepted; 0: until it is answered. */
  readonly busyMs?: number
  readonly requestsPerSecond?: number
  /** Record sets that a hosted zone takes. */
  readonly maxSets?: number
  /** How a refused batch is told: with its messages joined, as AWS does, or listed, as AWS documents. */
  readonly batchErrors?: 'joined' | 'listed'
  /** What went wrong, one line each. */
  readonly log: (line: string) => void
}

export interface Route53Emulator {
  /** With the real port. */
  readonly endpoint: Endpoint
  readonly url: string
  /** Live figures. */
  readonly counts: Route53Counts
  /** Makes coming requests fail; gives the function that takes the fault away. */
  inject(fault: Fault): () => void
  /** The record sets of a hosted zone as they are listed; none if there is no such hosted zone. */
  sets(hostedZoneId: string): readonly RecordSet[]
  /** Requests that hang are dropped without being carried out. */
  stop(): Promise<void>
}

/** Starts an HTTP server that stands where Route 53 stands on AWS, with its limits. Rejects with an Error of one line. */
export async function startRoute53(options: Route53EmulatorOptions): Promise<Route53Emulator> {
  const { endpoint, file, now = Date.now, log } = options
  const journal = file === undefined ? memoryJournal() : openJournal(file)
  const { account } = journal
  const { insyncMs = 1000, busyMs = 0, requestsPerSecond = 5, maxSets = 10_000 } = options
  const counts = new Counting()
  const faults = new Faults()
  const stopping = new AbortController()
  let stopped: Promise<void> | undefined
  const parts: ApiParts = {
    context: { journal, now, insyncMs, maxSets, settled: new Set(account.changes.keys()) },
    admission: new Admission({ now, requestsPerSecond, busyMs }),
    faults,
    counts,
    listedErrors: options.batchErrors === 'listed',
    stopping: stopping.signal,
    log,
  }
  const server = await startServer({ endpoint, log, answer: (received) => answer(received, parts) }).catch((error) => {
    journal.close()
    throw error
  })
  return {
    endpoint: server.endpoint,
    url: `http://${formatEndpoint(server.endpoint)}`,
    counts,
    inject: (fault) => faults.inject(fault),
    sets: (id) => account.zones.get(id.replace(/^\/?hostedzone\//, ''))?.sets.all ?? [],
    stop() {
      stopped ??= stop()
      return stopped
    },
  }

  async function stop(): Promise<void> {
    stopping.abort()
    await server.close()
    journal.close()
  }
}
