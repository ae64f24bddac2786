import type { Name } from '../dns/name.ts'
import { RdataError } from '../dns/rdata.ts'
import type { StoredRRset } from '../records/model.ts'
import { BATCH_LIMIT } from './cost.ts'
import { route53Value } from './forms.ts'

/**
 * Why Route 53 can never hold an RRset; undefined if it may. Only what is beyond doubt is here, so that nothing is kept
 * back which AWS would take: all else is for Route 53 to judge.
 */
export function unstorable(zoneApex: Name, name: Name, type: string, rrset: StoredRRset): string | undefined {
  try {
    for (const reasonOf of checks) {
      const reason = reasonOf({ apex: zoneApex, name, type, rrset })
      if (reason !== undefined) return reason
    }
    return undefined
  } catch (error) {
    if (error instanceof RdataError) return error.message // somebody has edited the table by hand
    throw error
  }
}

// ---------------------------------------------------------------------------

interface Candidate {
  readonly apex: Name
  readonly name: Name
  readonly type: string
  readonly rrset: StoredRRset
}

type Check = (candidate: Candidate) => string | undefined

const STORED_TYPES = 'A AAAA CAA CNAME DS HTTPS MX NAPTR NS PTR SOA SPF SRV SSHFP SVCB TLSA TXT'.split(' ')
const MAX_VALUES = 400
const MAX_VALUE = 4_000

/** In this order: the checks of values need a type that has a value form. */
const checks: readonly Check[] = [
  // API model, enum RRType. Last verified 2026-11-25.
  ({ type }) => (STORED_TYPES.includes(type) ? undefined : `Route 53 has no records of type ${type}`),

  // A hosted zone is created with its own SOA and NS at the apex, and no zone has an SOA elsewhere (RFC 1035 5.2).
  // Developer guide, "NS and SOA records that Route 53 creates for a public hosted zone", as of June 2023.
  ({ type }) => (type === 'SOA' ? 'the hosted zone has its own SOA record' : undefined),
  ({ apex, name, type }) =>
    type === 'NS' && name === apex ? 'the hosted zone has its own NS records at the apex' : undefined,

  // API reference, ResourceRecordSet: no wildcard in a record set of type NS. Last verified 2026-11-25.
  ({ name, type }) => (type === 'NS' && name.startsWith('*.') ? 'Route 53 has no NS records at a wildcard' : undefined),

  // "RRSet of type CNAME with DNS name … is not permitted at apex in zone …", as reported by many up to 2026.
  ({ apex, name, type }) =>
    type === 'CNAME' && name === apex ? 'the apex cannot be an alias: it has SOA and NS records' : undefined,

  // Developer guide, "Quotas on records", as of June 2023.
  ({ rrset: { rdata } }) =>
    rdata.length > MAX_VALUES ? `${rdata.length} values, Route 53 holds ${MAX_VALUES} in one RRset` : undefined,

  // API reference, ResourceRecord: 4,000 characters at most. Last verified 2026-11-25.
  ({ type, rrset }) => {
    const longest = Math.max(0, ...lengths(type, rrset))
    return longest > MAX_VALUE ? `a value of ${longest} characters, Route 53 holds ${MAX_VALUE}` : undefined
  },

  // The values of one request, and so of one RRset: see cost.ts.
  ({ type, rrset }) => {
    const sum = lengths(type, rrset).reduce((all, length) => all + length, 0)
    return sum > BATCH_LIMIT.characters
      ? `values of ${sum} characters, Route 53 takes ${BATCH_LIMIT.characters} at once`
      : undefined
  },
]

function lengths(type: string, { rdata }: StoredRRset): number[] {
  return rdata.map((one) => route53Value(type, one).length)
}
