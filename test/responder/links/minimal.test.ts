import { scenario } from '../scenario.ts'

const zones = {
  'example.org.': `
$TTL 300
@     SOA ns1 h 1 3600 600 86400 60
@     NS  ns1
@     MX  10 www
ns1   A   192.0.2.1
www   A   192.0.2.10
sub   NS  ns.sub
sub   NS  ns.other
ns.sub A  192.0.2.40
ns.other A 192.0.2.41
`,
}
const MX = { says: 'NOERROR aa', answer: ['example.org. 300 MX 10 www.example.org.'] }
const NEGATIVE = ['example.org. 60 SOA ns1.example.org. h.example.org. 1 3600 600 86400 60']
const REFERRAL = {
  says: 'NOERROR',
  authority: ['sub.example.org. 300 NS ns.sub.example.org.', 'sub.example.org. 300 NS ns.other.example.org.'],
}
const REQUIRED = 'ns.sub.example.org. 300 A 192.0.2.40'
const SIBLING = 'ns.other.example.org. 300 A 192.0.2.41'

scenario('usually', zones, [
  { ask: 'example.org. MX', ...MX, additional: ['www.example.org. 300 A 192.0.2.10'] },
  { ask: 'a.sub.example.org. A', ...REFERRAL, additional: [REQUIRED, SIBLING] },
])

scenario(
  'minimal',
  zones,
  [
    { ask: 'example.org. MX', ...MX },
    { ask: 'a.sub.example.org. A', ...REFERRAL, additional: [REQUIRED] }, // RFC 9471 3.1
    { ask: 'nx.example.org. A', says: 'NXDOMAIN aa', authority: NEGATIVE }, // RFC 2308 5
    { ask: 'www.example.org. TXT', says: 'NOERROR aa', authority: NEGATIVE },
    { ask: 'www.example.org. A', says: 'NOERROR aa', answer: ['www.example.org. 300 A 192.0.2.10'] },
  ],
  { minimal: true },
)
