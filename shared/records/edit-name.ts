import type { Name } from '../dns/name.ts'
import { claimsOn, sameClaims } from './claims.ts'
import type { Edit } from './edits.ts'
import { NamingError } from './faults.ts'
import type { Claims, NameRecord, RRsets } from './model.ts'
import type { NameStore, Now } from './ports.ts'
import { sameRRsets } from './segments.ts'

/** Most RRs that one RRset may hold, the bound that Route 53 has as well. */
const MAX_RDATA = 400
/** Most registrations that one name may have. */
const MAX_CLAIMS = 400
/**
 * Most octets that the RRsets of one name may take as JSON: two such states are one change of the log, which must fit an
 * item. As many may its claims take, which are in the item of the name.
 */
const MAX_NAME_SIZE = 100_000
/** How long a tombstone stays, in seconds: longer than any change of the name can still be on its way. */
export const TOMBSTONE_SECONDS = 72 * 3600

export interface Edited {
  /** False if the name was as asked for already; nothing was written then. */
  readonly changed: boolean
  readonly record: NameRecord | undefined
}

/** `principal` is who the record says has written it. */
export type EditName = (zone: Name, name: Name, edit: Edit, principal: string) => Promise<Edited>

/**
 * Edits one name atomically: reads it, edits, and writes if nobody else wrote meanwhile, else edits what that writer
 * left. Throws what the edit throws, `name_too_large`, and `busy` if it loses to other writers for too long.
 */
export function createEditName(store: NameStore, now: Now, pause: (ms: number) => Promise<void>): EditName {
  return async (zone, name, edit, principal) => {
    let current = await store.read(name)
    for (let losses = 0; losses < MAX_LOSSES; losses++) {
      const before = { rrsets: current?.rrsets ?? {}, claims: current?.claims ?? {} }
      const edited = edit(before, name)
      const { rrsets } = edited
      const claims = claimsOn(rrsets, edited.claims)
      if (sameRRsets(before.rrsets, rrsets) && sameClaims(before.claims, claims))
        return { changed: false, record: current }
      checkSize(rrsets)
      checkClaims(claims)
      const version = current === undefined ? now() : current.version + 1
      const tombstone = Object.keys(rrsets).length === 0
      const expires = tombstone ? { expires: Math.floor(now() / 1000) + TOMBSTONE_SECONDS } : {}
      const by = { principal, at: now() }
      const record = { name, zone, version, rrsets, ...expires, by, ...(Object.keys(claims).length > 0 && { claims }) }
      const outcome = await store.write(record, current?.version ?? 0)
      if (outcome.written) return { changed: true, record }
      current = outcome.current
      await pause(Math.random() * Math.min(MAX_PAUSE_MS, 2 ** losses))
    }
    throw new NamingError('busy')
  }
}

// ---------------------------------------------------------------------------

const MAX_LOSSES = 100
const MAX_PAUSE_MS = 50
const utf8 = new TextEncoder()

function checkSize(rrsets: RRsets): void {
  for (const [type, { rdata }] of Object.entries(rrsets)) {
    if (rdata.length <= MAX_RDATA) continue
    throw new NamingError('name_too_large', `${rdata.length} ${type} records, at most ${MAX_RDATA} are allowed`)
  }
  checkOctets('records', rrsets)
}

function checkClaims(claims: Claims): void {
  const count = Object.keys(claims).length
  if (count > MAX_CLAIMS)
    throw new NamingError('name_too_large', `${count} registrations, at most ${MAX_CLAIMS} are allowed`)
  checkOctets('registrations', claims)
}

function checkOctets(what: string, value: object): void {
  const size = utf8.encode(JSON.stringify(value)).length
  if (size <= MAX_NAME_SIZE) return
  throw new NamingError(
    'name_too_large',
    `the ${what} of the name take ${size} octets, at most ${MAX_NAME_SIZE} are allowed`,
  )
}
