import { createHash, timingSafeEqual } from 'node:crypto'
import type { Token } from './model.ts'

/** What a bearer shows: which token it is, and the secret that proves it. */
export interface ShownToken {
  readonly id: string
  readonly secret: string
}

/** Random octets, so many. */
export type Random = (octets: number) => Uint8Array

/** A token together with its text, which is shown once and kept nowhere. */
export interface Issued {
  readonly token: Token
  readonly text: string
}

/** Makes a token that is valid for so many milliseconds. */
export function newToken(label: string, lifetime: number, now: number, random: Random): Issued {
  const id = Buffer.from(random(ID_OCTETS)).toString('hex')
  const secret = newSecret(random)
  const secrets = [{ hash: hashOf(secret), expires: now + lifetime }]
  return { token: { id, label, created: now, version: 1, secrets }, text: formatToken({ id, secret }) }
}

/**
 * Gives a token a new secret, valid for `lifetime`. The newest of those it has stays valid for `grace` more, as long as it
 * had at the most; an older one ends now. A token that has expired comes back to life.
 */
export function rotate(token: Token, lifetime: number, grace: number, now: number, random: Random): Issued {
  const secret = newSecret(random)
  const earlier = token.secrets.slice(0, 1).map((one) => ({ ...one, expires: Math.min(one.expires, now + grace) }))
  const secrets = [{ hash: hashOf(secret), expires: now + lifetime }, ...earlier.filter(({ expires }) => expires > now)]
  const next = { ...token, version: token.version + 1, secrets }
  return { token: next, text: formatToken({ id: token.id, secret }) }
}

/** Takes all its secrets from a token, for good. */
export function revoke(token: Token, now: number): Token {
  return { ...token, version: token.version + 1, secrets: [], revoked: now }
}

/** Reads the text of a token; undefined for any other text. */
export function parseToken(text: string): ShownToken | undefined {
  const { id, secret } = TOKEN.exec(text)?.groups ?? {}
  return id === undefined || secret === undefined ? undefined : { id, secret }
}

/**
 * True if the secret is one of the token's and its time is not over. The time it takes tells nothing of how close a guess
 * was, nor whether there is such a token: as many secrets as a token can have are compared.
 */
export function isValid(token: Token | undefined, secret: string, now: number): boolean {
  const shown = Buffer.from(hashOf(secret), 'hex')
  let valid = false
  for (let slot = 0; slot < MAX_SECRETS; slot++) {
    const { hash, expires } = token?.secrets[slot] ?? NO_SECRET
    const same = timingSafeEqual(shown, Buffer.from(hash, 'hex'))
    valid = (same && now < expires) || valid
  }
  return valid && token?.revoked === undefined
}

// ---------------------------------------------------------------------------

const ID_OCTETS = 8
const SECRET_OCTETS = 32
const MAX_SECRETS = 2
const NO_SECRET = { hash: '0'.repeat(64), expires: 0 }
/** The last character of 32 octets in base64url has two bits to spare, which are 0. */
const TOKEN = /^ns_(?<id>[0-9a-f]{16})_(?<secret>[\w-]{42}[AEIMQUYcgkosw048])$/

function formatToken({ id, secret }: ShownToken): string {
  return `ns_${id}_${secret}`
}

function newSecret(random: Random): string {
  return Buffer.from(random(SECRET_OCTETS)).toString('base64url')
}

/** A plain hash will do: 256 random bits cannot be guessed, however fast it is. */
function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
