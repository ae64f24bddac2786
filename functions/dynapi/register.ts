import type { Name } from '../../shared/dns/name.ts'
import { NamingError } from '../../shared/records/faults.ts'
import type { RecordRequest, Writable } from '../../shared/records/writable.ts'
import type { Writer } from '../../shared/records/writer.ts'
import { type Body, decodeBody } from './body.ts'
import { parseRecord } from './record.ts'

/** What each verb does to the store. */
export const operations = { POST: 'create', PUT: 'upsert', PATCH: 'update', DELETE: 'delete' } as const

export type Verb = keyof typeof operations

/** What became of a write: zone and owner as far as the body told them, and the error if nothing was stored. */
export interface Outcome {
  zone?: Name
  owner?: Name
  error?: unknown
}

/**
 * Carries out one request, with the checks in the order of the contract: JSON, zone, record, whether this writer may, and
 * what is stored.
 */
export async function register(writable: Writable, writer: Writer, verb: Verb, bytes: Uint8Array): Promise<Outcome> {
  const outcome: Outcome = {}
  try {
    const body = decodeBody(bytes)
    outcome.zone = await findZone(writable, body.zone)
    const record = readRecord(verb, body, outcome.zone)
    outcome.owner = record.name
    await writable[operations[verb]](record, writer)
  } catch (error) {
    outcome.error = error
  }
  return outcome
}

// ---------------------------------------------------------------------------

/** Compares octet by octet: a zone in capitals or without its final dot is not found. */
async function findZone(writable: Writable, sent: string): Promise<Name> {
  const zone = (await writable.getZones(sent)).find((served) => served === sent)
  if (zone === undefined) throw new NamingError('zone_not_found')
  return zone
}

/** PATCH and DELETE are about a record that is there, which one that cannot be read never is. */
function readRecord(verb: Verb, body: Body, zone: Name): RecordRequest {
  try {
    return parseRecord(body, zone)
  } catch (cause) {
    if (verb === 'POST' || verb === 'PUT' || !(cause instanceof NamingError)) throw cause
    throw new NamingError('record_not_found', undefined, { cause })
  }
}
