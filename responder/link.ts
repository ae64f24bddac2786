/** What a link of the chain is, and what it gets and gives. */
import type * as v from 'valibot'
import type { Query, Reply } from '../shared/dns/message.ts'
import type { Counters } from './metrics/counters.ts'
import type { Transport } from './metrics/families.ts'
import type { Zones } from './zones/zones.ts'

/** Where a message came from. */
export interface From {
  readonly transport: Transport
  /** IP address, as Node writes it. */
  readonly address: string
  readonly port: number
}

/** One request on its way down the chain. */
export interface Request {
  readonly query: Query
  /** False if the message behind the header could not be read. */
  readonly wellFormed: boolean
  readonly from: From
  /** Octets of the message. */
  readonly size: number
}

export type Handler = (request: Request) => Reply

/** A link answers or asks the next one, and may change what comes back. It feels those below and knows nothing of those above. */
export type Link = (next: Handler) => Handler

/** Where a fault of ours is told. */
export type ErrorReport = (error: unknown) => void

/** What links work with. */
export interface LinkParts {
  readonly zones: Zones
  readonly counters: Counters
  readonly report: ErrorReport
  /** Seconds since 1970. */
  readonly unixTime?: () => number
  /** What tells this node from others that serve the same. */
  readonly identity?: string
  /** Sixteen octets that all workers know, and nobody else. */
  readonly secret?: Uint8Array
  /** Milliseconds after which a connection without requests is closed. */
  readonly idleMs?: number
}

/** A unit of the chain: its name, what configures it, and how it is made. */
export interface LinkDefinition<S extends v.GenericSchema = v.GenericSchema> {
  /** Its key in the configuration, under `links`. */
  readonly name: string
  /** What the configuration may say; absent: the link is always there and leaves nothing to choose. */
  readonly settings?: S
  /** What holds where the configuration says nothing, or `true`; absent: it is not there then. */
  readonly usual?: v.InferOutput<S>
  create(settings: v.InferOutput<S>, parts: LinkParts): Link
}

/** Gives a definition its type. */
export function defineLink<S extends v.GenericSchema>(definition: LinkDefinition<S>): LinkDefinition<S> {
  return definition
}
