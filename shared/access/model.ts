import type { Name } from '../dns/name.ts'

/**
 * Who asks: an IAM user or role by ARN (a session counts as its role), a token by its id, or whoever uses a local stack that
 * asks nobody who they are.
 */
export type Principal = `iam:${string}` | `token:${string}` | 'local'

/** `write` registers names; `mirror` has a zone's mirror reconcile and adopt; `invoke` calls functions by their names. */
export type Action = (typeof ACTIONS)[number]

export const ACTIONS = ['write', 'mirror', 'invoke'] as const

/** What somebody may do. What no grant allows is denied; there is no grant that denies. */
export interface Grant {
  readonly id: string
  /** Also `iam:arn:aws:iam::ACCOUNT:*`, everybody of that account. */
  readonly principal: Principal
  /** Each as itself: a zone below one of them that is served, too, is another zone. */
  readonly zones: readonly Name[]
  /** Patterns of `pattern.ts`, in canonical form. */
  readonly names: readonly string[]
  /** Type mnemonics, or `*` for all types. */
  readonly types: readonly string[]
  readonly actions: readonly Action[]
  /** Milliseconds since the epoch; absent: it holds until it is removed. */
  readonly expires?: number
}

/** A credential. Its secrets are known to their bearer only; what is kept cannot be turned back into them. */
export interface Token {
  readonly id: string
  /** Who bears it, in the words of whoever made it. */
  readonly label: string
  /** Milliseconds since the epoch, as all times here. */
  readonly created: number
  /** The optimistic lock: it rises by one with every write. */
  readonly version: number
  /** The newest first. A second one is there after a rotation, until its time is over. */
  readonly secrets: readonly TokenSecret[]
  readonly revoked?: number
}

export interface TokenSecret {
  /** SHA-256 of the secret, in hexadecimal. */
  readonly hash: string
  readonly expires: number
}
