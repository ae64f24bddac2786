import { parseAddress4, parseAddress6 } from '../shared/dns/address.ts'
import { parseHex } from '../shared/dns/hex.ts'
import { type SipKey, sipHash, sipKey } from '../shared/dns/siphash.ts'

/** What a COOKIE option is worth, and what answers it. */
export interface Judgement {
  /** Without a server cookie, with one that is none of ours or too old, or with one that proves the client's address. */
  readonly verdict: 'client-only' | 'invalid' | 'valid'
  /** The body of the COOKIE option of the reply. */
  readonly answer: Uint8Array
}

/**
 * Judges the body of a COOKIE option that came from `address` at `now`, in seconds since 1970; undefined if its length
 * is none that is allowed (RFC 7873 5.2.2).
 */
export type Judge = (option: Uint8Array, address: string, now: number) => Judgement | undefined

/** Octets of a secret. */
export const SECRET_SIZE = 16

/**
 * Server cookies in the form on which servers of all makes agree (RFC 9018). The first secret makes them; those by
 * another are accepted, and renewed. One comes back as it is until it is half an hour old.
 */
export function cookieJudge(secrets: readonly Uint8Array[]): Judge {
  const keys = secrets.map(sipKey)
  const [newest] = keys
  if (newest === undefined) throw new Error('cookies need a secret')

  function made(client: Uint8Array, address: string, now: number): Uint8Array {
    const option = new Uint8Array(SIZE)
    for (let i = 0; i < CLIENT_SIZE; i++) option[i] = client[i] as number
    option[CLIENT_SIZE] = VERSION
    for (let i = 0; i < 4; i++) option[TIMESTAMP_AT + i] = now >>> (24 - 8 * i)
    sipHash(newest as SipKey, hashed(option, address), option, HASH_AT)
    return option
  }

  return (option, address, now) => {
    const { length } = option
    if (length === CLIENT_SIZE) return { verdict: 'client-only', answer: made(option, address, now) }
    if (length < CLIENT_SIZE + MIN_SERVER_SIZE || length > CLIENT_SIZE + MAX_SERVER_SIZE) return undefined
    const age = ageOf(option, now)
    const isCurrent = length === SIZE && option[CLIENT_SIZE] === VERSION && age <= MAX_AGE && age >= -MAX_SKEW
    const maker = isCurrent ? makerOf(option, keys, hashed(option, address)) : undefined
    if (maker === undefined) return { verdict: 'invalid', answer: made(option, address, now) }
    const keeps = maker === newest && age <= RENEWAL_AGE
    return { verdict: 'valid', answer: keeps ? option : made(option, address, now) }
  }
}

/** Reads a secret of 32 hexadecimal digits. Throws an Error, which does not show it. */
export function parseSecret(text: string): Uint8Array {
  const octets = parseHex(text)
  if (octets?.length !== SECRET_SIZE) throw new Error('a secret must be 32 hexadecimal digits')
  return octets
}

// ---------------------------------------------------------------------------

/** Client cookie, version, three octets that are 0, time, hash (RFC 9018 4). */
const CLIENT_SIZE = 8
const TIMESTAMP_AT = 12
const HASH_AT = 16
const SIZE = 24
const VERSION = 1

/** Of a server cookie of whatever make (RFC 7873 4.2). */
const MIN_SERVER_SIZE = 8
const MAX_SERVER_SIZE = 32

/** In seconds (RFC 9018 4.3). */
const MAX_AGE = 3600
const RENEWAL_AGE = 1800
const MAX_SKEW = 300

/** Seconds since the cookie was made, in the arithmetic of serial numbers (RFC 1982). */
function ageOf(option: Uint8Array, now: number): number {
  let made = 0
  for (let i = 0; i < 4; i++) made = (made << 8) | (option[TIMESTAMP_AT + i] as number)
  return (now - made) | 0
}

const message6 = new Uint8Array(HASH_AT + 16)
const message4 = message6.subarray(0, HASH_AT + 4)
const UNKNOWN = new Uint8Array(16)

/** What is hashed: the option up to the hash, its reserved octets as they came, and the client's address (RFC 9018 4.4). */
function hashed(option: Uint8Array, address: string): Uint8Array {
  for (let i = 0; i < HASH_AT; i++) message6[i] = option[i] as number
  const quad = parseAddress4(address)
  if (quad !== undefined) {
    for (let i = 0; i < 4; i++) message4[HASH_AT + i] = quad >>> (24 - 8 * i)
    return message4
  }
  const zone = address.indexOf('%') // Node adds it to link-local addresses
  message6.set(parseAddress6(zone === -1 ? address : address.slice(0, zone)) ?? UNKNOWN, HASH_AT)
  return message6
}

const hash = new Uint8Array(SIZE - HASH_AT)

/** The secret that made the option. */
function makerOf(option: Uint8Array, keys: readonly SipKey[], message: Uint8Array): SipKey | undefined {
  for (const key of keys) {
    sipHash(key, message, hash, 0)
    let different = 0
    for (let i = 0; i < hash.length; i++) different |= (hash[i] as number) ^ (option[HASH_AT + i] as number)
    if (different === 0) return key
  }
  return undefined
}
