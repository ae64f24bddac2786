import type { LinkSettings } from '../chain.ts'
import type { Endpoint } from '../listeners/endpoint.ts'
import type { TcpLimits } from '../listeners/tcp.ts'
import type { Update } from '../zones/update.ts'

/** What a worker is born with. */
export interface WorkerSetup {
  /** Its row of the counters. */
  readonly worker: number
  readonly counters: SharedArrayBuffer
  readonly reusePort: boolean
  readonly links: LinkSettings
  readonly limits: TcpLimits
  /** What tells this node from others, and octets that nobody else knows: the same for all workers of a process. */
  readonly identity: string
  readonly secret: Uint8Array
}

export type ToWorker =
  | { readonly kind: 'updates'; readonly updates: readonly Update[] }
  | { readonly kind: 'listen'; readonly endpoints: readonly Endpoint[] }
  /** Close the listeners, finish what is under way, end. */
  | { readonly kind: 'stop' }

export type FromWorker =
  /** The endpoints with the ports that were bound. */
  | { readonly kind: 'listening'; readonly endpoints: readonly Endpoint[] }
  | { readonly kind: 'cannot-listen'; readonly reason: string }
  | { readonly kind: 'fault'; readonly text: string }
