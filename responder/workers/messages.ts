import type { LinkSettings } from '../chain.ts'
import type { DatagramSocket } from '../datagrams/socket.ts'
import type { ConnectionLimits } from '../listeners/connections.ts'
import type { Endpoint } from '../listeners/endpoint.ts'
import type { Secure, Spoken } from '../listeners/listen.ts'
import type { Fault } from './consolidation.ts'

/** What a worker is born with. */
export interface WorkerSetup {
  /** Its row of the counters. */
  readonly worker: number
  readonly counters: SharedArrayBuffer
  readonly accountMemory: SharedArrayBuffer
  /** The answer table, of which this worker is the reader of the number after its own. */
  readonly table: SharedArrayBuffer
  readonly reusePort: boolean
  readonly links: LinkSettings
  readonly limits: ConnectionLimits
  /** Needed by who is to listen over TLS or HTTPS. */
  readonly secure?: Secure
  /** What tells this node from others, and octets that nobody else knows: the same for all workers of a process. */
  readonly identity: string
  readonly secret: Uint8Array
}

/** What may change while requests are answered. */
export type Change = Pick<Partial<WorkerSetup>, 'links' | 'secure'>

/** What a worker listens to. */
export interface Work {
  readonly endpoints: readonly WorkerEndpoint[]
  /** Sockets for UDP that it takes over. Who has some has no endpoints, as nobody can wait for both. */
  readonly sockets?: readonly DatagramSocket[]
}

/** An endpoint, and what is spoken there: `tcp` where another thread has `dns` over UDP. */
export interface WorkerEndpoint extends Endpoint {
  readonly speaks: Spoken | 'tcp'
}

export type ToWorker =
  | { readonly kind: 'listen'; readonly work: Work }
  | { readonly kind: 'change'; readonly change: Change }
  /** The lines sent last are written, more may be sent. */
  | { readonly kind: 'log-written' }
  /** Close the listeners, finish what is under way, end. */
  | { readonly kind: 'stop' }

export type FromWorker =
  /** The endpoints with the ports that were bound. */
  | { readonly kind: 'listening'; readonly endpoints: readonly WorkerEndpoint[] }
  | { readonly kind: 'cannot-listen'; readonly reason: string }
  | { readonly kind: 'fault'; readonly fault: Fault }
  /** Whole lines of the query log. */
  | { readonly kind: 'log'; readonly lines: string }
