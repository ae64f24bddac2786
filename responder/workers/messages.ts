import type { LinkSettings } from '../chain.ts'
import type { Endpoint } from '../listeners/endpoint.ts'
import type { TcpLimits } from '../listeners/tcp.ts'
import type { Update } from '../zones/update.ts'
import type { Fault } from './consolidation.ts'

/** What a worker is born with. */
export interface WorkerSetup {
  /** Its row of the counters. */
  readonly worker: number
  readonly counters: SharedArrayBuffer
  readonly accountMemory: SharedArrayBuffer
  readonly reusePort: boolean
  readonly links: LinkSettings
  readonly limits: TcpLimits
}

export type ToWorker =
  | { readonly kind: 'updates'; readonly updates: readonly Update[] }
  | { readonly kind: 'listen'; readonly endpoints: readonly Endpoint[] }
  /** The lines sent last are written, more may be sent. */
  | { readonly kind: 'log-written' }
  /** Close the listeners, finish what is under way, end. */
  | { readonly kind: 'stop' }

export type FromWorker =
  /** The endpoints with the ports that were bound. */
  | { readonly kind: 'listening'; readonly endpoints: readonly Endpoint[] }
  | { readonly kind: 'cannot-listen'; readonly reason: string }
  | { readonly kind: 'fault'; readonly fault: Fault }
  /** Whole lines of the query log. */
  | { readonly kind: 'log'; readonly lines: string }
