/** Numbers of the DNS protocol that the project names (IANA "Domain Name System (DNS) Parameters"). */

export const Rcode = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  YXDOMAIN: 6,
  YXRRSET: 7,
  NXRRSET: 8,
  NOTAUTH: 9,
  NOTZONE: 10,
  BADVERS: 16,
  BADCOOKIE: 23,
} as const
export type Rcode = (typeof Rcode)[keyof typeof Rcode]

export const Opcode = { QUERY: 0, NOTIFY: 4, UPDATE: 5 } as const

export const Class = { IN: 1, CH: 3, NONE: 254, ANY: 255 } as const

/** Options of EDNS(0) (IANA "DNS EDNS0 Option Codes"). */
export const OptionCode = {
  NSID: 3,
  EXPIRE: 9,
  COOKIE: 10,
  TCP_KEEPALIVE: 11,
  PADDING: 12,
  EXTENDED_ERROR: 15,
} as const

/** Why a request failed, beside the rcode (IANA "Extended DNS Error Codes", RFC 8914). */
export const InfoCode = { FILTERED: 17, PROHIBITED: 18, NOT_AUTHORITATIVE: 20, NOT_SUPPORTED: 21 } as const

/** RR types and query types by number, for code; mnemonics for people are in `rdata.ts`. */
export const Type = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  DNAME: 39,
  OPT: 41,
  DS: 43,
  DNSKEY: 48,
  HTTPS: 65,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
  CAA: 257,
} as const
