/** DNS messages (RFC 1035 4, RFC 6891) as the server and its clients see them. */
import type { WireName } from './name.ts'
import type { RRset } from './rrset.ts'

export interface Question {
  readonly name: WireName
  readonly type: number
  readonly class: number
  /** Name in the letter case it was asked, type and class, as received: a view into the request, echoed byte for byte. */
  readonly wire: Uint8Array
}

export interface EdnsOption {
  readonly code: number
  /** A view into the message it was read from. */
  readonly body: Uint8Array
}

/** An OPT record (RFC 6891 6.1) but for the upper bits of the rcode, which belong to the message. */
export interface Edns {
  readonly version: number
  /** What the sender takes over UDP, in octets, as it said: 0 to 65535. */
  readonly udpSize: number
  readonly dnssecOk: boolean
  readonly options: readonly EdnsOption[]
}

/** A request as far as an authoritative server reads it. */
export interface Query {
  readonly id: number
  readonly opcode: number
  readonly rd: boolean
  readonly cd: boolean
  /** QDCOUNT. `question` is there when it is 1 and the question could be read. */
  readonly questions: number
  readonly question?: Question | undefined
  readonly edns?: Edns | undefined
}

export type Decoded =
  | { readonly kind: 'query'; readonly query: Query }
  /** The header could be read: FORMERR with what else was. */
  | { readonly kind: 'malformed'; readonly query: Query }
  /** Shorter than a header, or a response: no answer. */
  | { readonly kind: 'drop' }

/** What is to be answered. An rcode above 15 needs `edns`, which carries its upper bits. */
export interface Reply {
  readonly rcode: number
  readonly aa: boolean
  readonly answer: readonly RRset[]
  readonly authority: readonly RRset[]
  readonly additional: readonly RRset[]
  readonly edns?: Edns | undefined
  /** So many leading RRsets of `additional` must fit or the answer is truncated: the glue of a referral (RFC 9471 3). */
  readonly requiredAdditional?: number
  /** TC is set whatever fits: the asker is to come again over TCP. */
  readonly truncated?: boolean
  /** Nothing is to be sent. */
  readonly drop?: boolean
  /** Why it failed, beside the rcode: an info code of RFC 8914. */
  readonly infoCode?: number
  /** The name whose records the answer is made from, be it a wildcard or the owner of a DNAME, where that is known. */
  readonly source?: WireName | undefined
  /** The message is to be padded to a multiple of so many octets, if it has an OPT record (RFC 7830). */
  readonly block?: number
  /** A cookie of ours proved that the request came from where it says (RFC 7873 5.2.5). */
  readonly proven?: boolean
  /** To be called with what is sent: this reply or one that had to take its place, and its message, undefined for silence. */
  readonly onSent?: (reply: Reply, message: Uint8Array | undefined) => void
}

/** One RR as it stands in a message; `rdata` is in wire form without compression. */
export interface ResourceRecord {
  readonly owner: WireName
  readonly type: number
  readonly class: number
  readonly ttl: number
  /** May be a view into the message it was read from. */
  readonly rdata: Uint8Array
}

/** A whole message. The OPT record is `edns` and not in `additional`; `rcode` includes its upper bits. */
export interface Message {
  readonly id: number
  readonly opcode: number
  readonly rcode: number
  readonly qr: boolean
  readonly aa: boolean
  readonly tc: boolean
  readonly rd: boolean
  readonly ra: boolean
  readonly ad: boolean
  readonly cd: boolean
  readonly questions: readonly Question[]
  readonly answer: readonly ResourceRecord[]
  readonly authority: readonly ResourceRecord[]
  readonly additional: readonly ResourceRecord[]
  readonly edns?: Edns | undefined
}
