import { InfoCode, Rcode } from '../shared/dns/codes.ts'
import type { Edns, Reply } from '../shared/dns/message.ts'
import type { WireName } from '../shared/dns/name.ts'
import type { RRset } from '../shared/dns/rrset.ts'
import { additionalFor, glueFor } from './additional.ts'
import type { Outcome } from './lookup.ts'
import type { Zones } from './zones/zones.ts'

/** A reply without records. */
export function emptyReply(rcode: number): Reply {
  return { rcode, aa: false, answer: NONE, authority: NONE, additional: NONE }
}

/** A reply that says why, to those who speak EDNS. */
export function refusal(rcode: number, infoCode: number): Reply {
  return { ...emptyReply(rcode), infoCode }
}

/** The reply with one more EDNS option; it goes out if the request had an OPT record. */
export function withOption(reply: Reply, code: number, body: Uint8Array): Reply {
  const edns = reply.edns ?? NO_OPTIONS
  return { ...reply, edns: { ...edns, options: [...edns.options, { code, body }] } }
}

/** Puts the outcome of a lookup into the sections of a reply. */
export function replyTo(outcome: Outcome, zones: Zones): Reply {
  switch (outcome.kind) {
    case 'answer':
      return {
        ...authoritative(
          outcome.chain.length === 0 ? outcome.rrsets : [...outcome.chain, ...outcome.rrsets],
          outcome.source,
        ),
        additional: additionalFor(outcome.rrsets, zones),
      }
    case 'nodata':
      return { ...authoritative(outcome.chain, outcome.source), authority: [outcome.soa] }
    case 'nxdomain':
      return { ...authoritative(outcome.chain, outcome.source), rcode: Rcode.NXDOMAIN, authority: [outcome.soa] } // RFC 6604 3
    case 'delegation': {
      const { required, optional } = glueFor(outcome.ns, outcome.zone)
      return {
        ...authoritative(outcome.chain, outcome.source),
        aa: outcome.chain.length > 0, // AA speaks of the first owner name in the answer (RFC 1035 4.1.1)
        authority: [outcome.ns],
        additional: [...required, ...optional],
        requiredAdditional: required.length,
      }
    }
    case 'chain-ends':
      return authoritative(outcome.chain, outcome.source)
    case 'name-too-long':
      return { ...authoritative(outcome.chain, outcome.source), rcode: Rcode.YXDOMAIN }
    case 'not-served':
      return NOT_SERVED
  }
}

// ---------------------------------------------------------------------------

const NONE: readonly RRset[] = []

const NOT_SERVED = refusal(Rcode.REFUSED, InfoCode.NOT_AUTHORITATIVE)

/** What the link `edns` fills in. */
const NO_OPTIONS: Edns = { version: 0, udpSize: 0, dnssecOk: false, options: [] }

function authoritative(answer: readonly RRset[], source: WireName | undefined): Reply {
  return { rcode: Rcode.NOERROR, aa: true, answer, authority: NONE, additional: NONE, source }
}
