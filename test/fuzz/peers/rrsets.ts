/** Random RRsets. A name in their data is `{ZONE LABELS}`: labels below the apex of the zone of that number, as `apexes` has them. */
import fc from 'fast-check'

export interface TextRRset {
  readonly type: string
  readonly ttl: number
  readonly rdata: readonly string[]
}

/** Few labels, so that names meet, and among them those that are easily got wrong. */
export const label: fc.Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('a', 'b', 'c', 'sub', 'ns') },
  { weight: 3, arbitrary: fc.constant('*') },
  { weight: 1, arbitrary: fc.constantFrom('A', 'Sub', '_s', '_tcp', 'a*', '*a', '1', 'l'.repeat(63)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('\\042', 'a\\.b', 'x\\032y', '\\000', '\\255\\200', '\\"', '\\092', '\\@', '\\$', '\\;'),
  },
)

export function labels(minLength: number, maxLength: number): fc.Arbitrary<string> {
  return fc.array(label, { minLength, maxLength }).map((list) => list.join('.'))
}

/** A name of one of the zones, most often of the first, or of none. */
export const target: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(0, 0, 0, 0, 1, 2, 3, 9), fc.oneof({ weight: 8, arbitrary: labels(1, 3) }, fc.constant('')))
  .map(([zone, below]) => `{${zone} ${below}}`)

export const ttl = fc.constantFrom(0, 1, 60, 300, 3600, 2147483647)

/** Puts the names of the zones in place. */
export function withNames(text: string, apexes: readonly string[]): string {
  return text.replace(/\{(\d) ([^}]*)\}/g, (_, zone: string, below: string) => {
    const apex = apexes[Number(zone)] ?? 'example.net.'
    return below === '' ? apex : `${below}.${apex}`
  })
}

const small = fc.nat(3)
const addresses = fc.nat(255).map((octet) => `192.0.2.${octet}`)
const addresses6 = fc.nat(0xffff).map((last) => `2001:db8::${last.toString(16)}`)
const text = fc
  .array(fc.constantFrom('a', ' ', '\\"', '\\\\', ';', '\\000', '\\255', '(', 'x'.repeat(40)), { maxLength: 6 })
  .map((parts) => `"${parts.join('')}"`)
const svcb = fc
  .tuple(fc.nat(1), fc.oneof({ weight: 3, arbitrary: target }, fc.constant('.')))
  .map(([priority, host]) => `${priority} ${host}${priority === 0 ? '' : ' alpn=h2'}`)

/** Any RRset that is neither an alias nor of a zone cut. */
export const plainRRset: fc.Arbitrary<TextRRset> = fc.oneof(
  { weight: 6, arbitrary: rrset('A', addresses, 3) },
  { weight: 4, arbitrary: rrset('AAAA', addresses6, 2) },
  { weight: 1, arbitrary: rrset('A', addresses, 90) }, // more than fits into a datagram
  { weight: 1, arbitrary: rrset('TXT', text, 30) },
  { weight: 2, arbitrary: rrset('TXT', text, 2) },
  {
    weight: 3,
    arbitrary: rrset(
      'MX',
      fc.tuple(small, target).map((parts) => parts.join(' ')),
      3,
    ),
  },
  {
    weight: 3,
    arbitrary: rrset(
      'SRV',
      fc.tuple(small, small, small, target).map((parts) => parts.join(' ')),
      3,
    ),
  },
  { weight: 1, arbitrary: rrset('PTR', target, 2) },
  { weight: 2, arbitrary: fc.constantFrom('SVCB', 'HTTPS').chain((type) => rrset(type, svcb, 1)) },
  {
    weight: 1,
    arbitrary: rrset(
      'NAPTR',
      target.map((host) => `1 2 "u" "E2U+sip" "!^.*$!sip:i@example.org!" ${host}`),
      2,
    ),
  },
  {
    weight: 1,
    arbitrary: rrset('CAA', fc.constantFrom('0 issue "ca.example.net"', '128 iodef "mailto:a@example.org"'), 2),
  },
  { weight: 1, arbitrary: rrset('HINFO', fc.constant('"RFC8482" ""'), 1) },
  { weight: 1, arbitrary: rrset('SSHFP', fc.constant('2 1 123456789ABCDEF67890123456789ABCDEF67890'), 1) },
  { weight: 1, arbitrary: rrset('TLSA', fc.constant('3 1 1 00112233445566778899AABBCCDDEEFF'), 1) },
  { weight: 1, arbitrary: rrset('TYPE65400', fc.constantFrom('\\# 3 010203', '\\# 0'), 2) },
)

function rrset(type: string, rdata: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<TextRRset> {
  const list = fc.uniqueArray(rdata, { minLength: 1, maxLength, size: 'max' })
  return fc.record({ type: fc.constant(type), ttl, rdata: list })
}
