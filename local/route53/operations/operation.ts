import { randomBytes } from 'node:crypto'
import type { ZoneState } from '../account.ts'
import { ApiError } from '../api-error.ts'
import type { Journal } from '../journal.ts'
import type { Batch, Change } from '../model.ts'
import type { Element } from '../xml.ts'

/** What operations work on. */
export interface Context {
  readonly journal: Journal
  readonly now: () => number
  readonly insyncMs: number
  readonly maxSets: number
  /** Ids of the changes that were known at the start: they have reached all name servers long ago. */
  readonly settled: ReadonlySet<string>
}

/** A request whose path is that of an operation. */
export interface ApiRequest {
  /** The variable parts of the path, decoded, ids without prefix. */
  readonly parts: readonly string[]
  readonly query: URLSearchParams
  readonly body: string
  /** The body as a change batch. Throws ApiError. */
  readonly batch: () => Batch
}

export interface Answer {
  /** 200 if absent. */
  readonly status?: number
  readonly location?: string
  readonly root: Element
}

/** An operation of the API. Throws ApiError where it answers with an error. */
export interface Operation {
  readonly name: string
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Behind `/2013-04-01`, with the variable parts in braces. */
  readonly path: string
  /** True if it changes the hosted zone that is its first part, which does one such thing at a time. */
  readonly changesZone?: boolean
  /** True if it is about the hosted zone that is its first part. */
  readonly ofZone?: boolean
  run(request: ApiRequest, context: Context): Answer
}

export function zoneState({ journal }: Context, id = ''): ZoneState {
  const state = journal.account.zones.get(id)
  if (state === undefined) throw new ApiError('NoSuchHostedZone', `No hosted zone found with ID: ${id}`)
  return state
}

/** A change that is accepted now. */
export function newChange({ now }: Context, comment?: string): Change {
  return { id: newId('C'), submittedAt: now(), ...(comment ? { comment } : {}) }
}

/** An id as Route 53 makes them: a letter that tells the kind, then capitals and digits. */
export function newId(kind: 'Z' | 'C'): string {
  return `${kind}0${Array.from(randomBytes(18), (octet) => ID_CHARACTERS[octet % ID_CHARACTERS.length]).join('')}`
}

/** A page size out of the query; what is above the most is cut down to it. */
export function maxItems(query: URLSearchParams, standard: number, most: number): number {
  const asked = query.get('maxitems')
  if (asked === null || asked === '') return standard
  if (/^[1-9]\d{0,8}$/.test(asked)) return Math.min(Number(asked), most)
  throw new ApiError('InvalidInput', `The value '${asked}' of maxitems must be a number from 1 on`)
}

// ---------------------------------------------------------------------------

const ID_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
