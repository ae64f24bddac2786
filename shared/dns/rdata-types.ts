import { location } from './loc.ts'
import {
  characterString,
  characterStrings,
  compressibleName,
  duration,
  type Field,
  hex,
  ipv4,
  ipv6,
  name,
  tag,
  text,
  unsigned,
} from './rdata-fields.ts'
import { svcParams } from './svc-params.ts'

/** A type and how its rdata is built. */
export interface RdataType {
  readonly mnemonic: string
  readonly type: number
  readonly rfc: string
  /** In the order in which they stand, in both forms. */
  readonly fields: readonly Field[]
}

const svcb = [unsigned(16, 'priority'), name('target'), svcParams]

/** The types whose rdata is understood; every other type is read and written in the form of RFC 3597 5. */
export const rdataTypes: readonly RdataType[] = [
  { mnemonic: 'A', type: 1, rfc: 'RFC 1035 3.4.1', fields: [ipv4] },
  { mnemonic: 'NS', type: 2, rfc: 'RFC 1035 3.3.11', fields: [compressibleName('name server')] },
  { mnemonic: 'CNAME', type: 5, rfc: 'RFC 1035 3.3.1', fields: [compressibleName('target')] },
  {
    mnemonic: 'SOA',
    type: 6,
    rfc: 'RFC 1035 3.3.13',
    fields: [
      compressibleName('primary server'),
      compressibleName('mailbox'),
      unsigned(32, 'serial'),
      duration('refresh time'),
      duration('retry time'),
      duration('expire time'),
      duration('minimum'),
    ],
  },
  { mnemonic: 'PTR', type: 12, rfc: 'RFC 1035 3.3.12', fields: [compressibleName('target')] },
  { mnemonic: 'HINFO', type: 13, rfc: 'RFC 1035 3.3.2', fields: [characterString('CPU'), characterString('OS')] },
  {
    mnemonic: 'MX',
    type: 15,
    rfc: 'RFC 1035 3.3.9',
    fields: [unsigned(16, 'preference'), compressibleName('exchange')],
  },
  { mnemonic: 'TXT', type: 16, rfc: 'RFC 1035 3.3.14', fields: [characterStrings] },
  { mnemonic: 'AAAA', type: 28, rfc: 'RFC 3596 2.2', fields: [ipv6] },
  { mnemonic: 'LOC', type: 29, rfc: 'RFC 1876 2', fields: [location] },
  {
    mnemonic: 'SRV',
    type: 33,
    rfc: 'RFC 2782',
    fields: [unsigned(16, 'priority'), unsigned(16, 'weight'), unsigned(16, 'port'), name('target')],
  },
  {
    mnemonic: 'NAPTR',
    type: 35,
    rfc: 'RFC 3403 4.1',
    fields: [
      unsigned(16, 'order'),
      unsigned(16, 'preference'),
      characterString('flags'),
      characterString('services'),
      characterString('regular expression'),
      name('replacement'),
    ],
  },
  { mnemonic: 'DNAME', type: 39, rfc: 'RFC 6672 2.1', fields: [name('target')] },
  {
    mnemonic: 'DS',
    type: 43,
    rfc: 'RFC 4034 5.1',
    fields: [unsigned(16, 'key tag'), unsigned(8, 'algorithm'), unsigned(8, 'digest type'), hex('digest')],
  },
  {
    mnemonic: 'SSHFP',
    type: 44,
    rfc: 'RFC 4255 3.1',
    fields: [unsigned(8, 'algorithm'), unsigned(8, 'fingerprint type'), hex('fingerprint')],
  },
  {
    mnemonic: 'TLSA',
    type: 52,
    rfc: 'RFC 6698 2.1',
    fields: [unsigned(8, 'usage'), unsigned(8, 'selector'), unsigned(8, 'matching type'), hex('certificate data')],
  },
  { mnemonic: 'SVCB', type: 64, rfc: 'RFC 9460 2', fields: svcb },
  { mnemonic: 'HTTPS', type: 65, rfc: 'RFC 9460 9', fields: svcb },
  { mnemonic: 'SPF', type: 99, rfc: 'RFC 7208 3.1', fields: [characterStrings] },
  {
    mnemonic: 'URI',
    type: 256,
    rfc: 'RFC 7553 4',
    fields: [unsigned(16, 'priority'), unsigned(16, 'weight'), text('target', 1)],
  },
  { mnemonic: 'CAA', type: 257, rfc: 'RFC 8659 4.1', fields: [unsigned(8, 'flags'), tag, text('value')] },
]

/** Types that are asked for or belong to a message but hold no data (RFC 6895 3.1). */
export const metaTypes: Readonly<Record<string, number>> = {
  OPT: 41,
  TKEY: 249,
  TSIG: 250,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
}
