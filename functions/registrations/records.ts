import { Type } from '../../shared/dns/codes.ts'
import type { Name } from '../../shared/dns/name.ts'
import { canonicalRdata, isDataType, RdataError, typeMnemonic, typeNumber } from '../../shared/dns/rdata.ts'
import { NamingError } from '../../shared/records/faults.ts'
import type { RRsets, StoredRRset } from '../../shared/records/model.ts'
import type { RegistrationBody } from './body.ts'

/**
 * The RRsets that a body asks for, in canonical form. Throws NamingError `unsupported_type` for a type that records cannot
 * have, or that nobody may register there, and `invalid_record`.
 */
export function readRecords({ records, lease }: RegistrationBody, zone: Name, name: Name): RRsets {
  const rrsets: Record<string, StoredRRset> = {}
  for (const { type: spelled, rdata, ttl = Math.min(DEFAULT_TTL, lease ?? DEFAULT_TTL) } of records) {
    const type = readType(spelled, name === zone)
    const mnemonic = typeMnemonic(type)
    if (rrsets[mnemonic] !== undefined) throw invalid(`${mnemonic} is there twice`)
    if (lease !== undefined && ttl > lease) {
      throw invalid(`the TTL of ${mnemonic} is ${ttl}, longer than the lease: answers would outlive it`)
    }
    const canonical = new Set(rdata.map((text) => readRdata(type, text)))
    if (SINGLE.has(type) && canonical.size > 1) throw invalid(`a name has one ${mnemonic} only`)
    rrsets[mnemonic] = { ttl, rdata: [...canonical].sort() }
  }
  if (rrsets.CNAME !== undefined && Object.keys(rrsets).length > 1) {
    throw invalid('a CNAME stands alone: no other record may be with it') // RFC 2181 10.1
  }
  return rrsets
}

// ---------------------------------------------------------------------------

const DEFAULT_TTL = 10

/** RFC 2181 10.1, RFC 6672 2.4. */
const SINGLE: ReadonlySet<number> = new Set([Type.CNAME, Type.DNAME])

function readType(spelled: string, isApex: boolean): number {
  const type = typeNumber(spelled)
  if (type === undefined) throw unsupported(`${JSON.stringify(spelled)} is no record type`)
  if (!isDataType(type)) throw unsupported(`no records can have the type ${typeMnemonic(type)}`)
  if (type === Type.SOA) throw unsupported('an SOA record cannot be registered: each zone has its own')
  if (type === Type.NS && isApex) throw unsupported('the NS records of a zone itself cannot be registered')
  if (type === Type.CNAME && isApex) throw unsupported('a zone itself cannot be an alias')
  return type
}

function readRdata(type: number, text: string): string {
  try {
    return canonicalRdata(type, text)
  } catch (cause) {
    if (!(cause instanceof RdataError)) throw cause
    throw new NamingError('invalid_record', `${typeMnemonic(type)} ${JSON.stringify(text)}: ${cause.message}`, {
      cause,
    })
  }
}

function invalid(reason: string): NamingError {
  return new NamingError('invalid_record', reason)
}

function unsupported(reason: string): NamingError {
  return new NamingError('unsupported_type', reason)
}
