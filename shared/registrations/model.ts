import type { Name } from '../dns/name.ts'
import type { RRsets } from '../records/model.ts'

/**
 * RRs that somebody put at a name under an id of their own, so that they can be renewed and withdrawn without touching
 * what others have there: each instance of a service its address, each function that is published its name.
 */
export interface Registration {
  readonly name: Name
  readonly zone: Name
  /** Unique at its name: `web-1`, `function`. */
  readonly id: string
  readonly rrsets: RRsets
  /** Tells this life of the registration from others under the same id; that of a later one is greater, as text. */
  readonly nonce: string
  /** Who registered it, as in NameRecord's `by`. */
  readonly principal: string
  /** Absent: it stays until it is withdrawn. */
  readonly lease?: Lease
  /** The function that the name stands for, if it does. */
  readonly fn?: NamedFunction
  /** Its RRs are being taken away: it cannot be renewed any more. */
  readonly ending?: true
}

export interface Lease {
  readonly seconds: number
  /** Milliseconds since the epoch: unless it is renewed before, it ends then. */
  readonly until: number
}

/** What is known of a function that has a name: enough to invoke it. */
export interface NamedFunction {
  /** With its qualifier, if the name stands for an alias or a version: `arn:aws:lambda:…:function:pay:prod`. */
  readonly arn: string
  /** `token`: whoever calls it by its name must show a token that is allowed to. */
  readonly auth: 'none' | 'token'
  /** Of its function URL, if it has one: `https://….lambda-url.eu-west-1.on.aws/`. */
  readonly url?: string
}

/** Which registration: a timer may be about one that has made room for another of the same id. */
export type RegistrationKey = Pick<Registration, 'name' | 'id' | 'nonce'>

/** The id of a registration that publishes a function. */
export const FUNCTION_ID = 'function'
