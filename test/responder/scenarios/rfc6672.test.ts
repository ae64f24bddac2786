/** RFC 6672: DNAME. */
import { scenario } from '../scenario.ts'

const zone = `
$TTL 300
@        SOA   ns hostmaster 1 3600 600 86400 60
@        NS    ns
ns       A     192.0.2.1
dn  120  DNAME tgt
hidden.dn A    192.0.2.9
host.tgt A     192.0.2.30
*.tgt    TXT   "wild"
far      DNAME example.net.
again    DNAME dn
to-dn    CNAME host.dn
growing  DNAME a.growing
`
const SOA = ['example.org. 60 SOA ns.example.org. hostmaster.example.org. 1 3600 600 86400 60']
const DNAME = 'dn.example.org. 120 DNAME tgt.example.org.'
const HOST = 'host.tgt.example.org. 300 A 192.0.2.30'

scenario('RFC 6672 3.1: a DNAME and the CNAME it makes', { 'example.org.': zone }, [
  {
    ask: 'host.dn.example.org. A',
    says: 'NOERROR aa',
    answer: [DNAME, 'host.dn.example.org. 120 CNAME host.tgt.example.org.', HOST],
  },
  {
    ask: 'nx.dn.example.org. A',
    says: 'NOERROR aa',
    answer: [DNAME, 'nx.dn.example.org. 120 CNAME nx.tgt.example.org.'],
    authority: SOA,
  },
  {
    ask: 'a.host.dn.example.org. A',
    says: 'NXDOMAIN aa',
    answer: [DNAME, 'a.host.dn.example.org. 120 CNAME a.host.tgt.example.org.'],
    authority: SOA,
  },
  {
    ask: 'x.far.example.org. A',
    says: 'NOERROR aa',
    answer: ['far.example.org. 300 DNAME example.net.', 'x.far.example.org. 300 CNAME x.example.net.'],
  },
  {
    ask: 'host.again.example.org. A',
    says: 'NOERROR aa',
    answer: [
      'again.example.org. 300 DNAME dn.example.org.',
      'host.again.example.org. 300 CNAME host.dn.example.org.',
      DNAME,
      'host.dn.example.org. 120 CNAME host.tgt.example.org.',
      HOST,
    ],
  },
  {
    ask: 'to-dn.example.org. A',
    says: 'NOERROR aa',
    answer: [
      'to-dn.example.org. 300 CNAME host.dn.example.org.',
      DNAME,
      'host.dn.example.org. 120 CNAME host.tgt.example.org.',
      HOST,
    ],
  },
  {
    ask: 'nx.dn.example.org. TXT',
    says: 'NOERROR aa',
    answer: [DNAME, 'nx.dn.example.org. 120 CNAME nx.tgt.example.org.', 'nx.tgt.example.org. 300 TXT "wild"'],
  },
])

scenario('RFC 6672 3.2: the CNAME that is made is what is asked for', { 'example.org.': zone }, [
  {
    ask: 'host.dn.example.org. CNAME',
    says: 'NOERROR aa',
    answer: [DNAME, 'host.dn.example.org. 120 CNAME host.tgt.example.org.'],
  },
  {
    ask: 'a.host.dn.example.org. CNAME', // though it leads nowhere
    says: 'NOERROR aa',
    answer: [DNAME, 'a.host.dn.example.org. 120 CNAME a.host.tgt.example.org.'],
  },
])

scenario('RFC 6672 2.3: the owner of a DNAME is not redirected', { 'example.org.': zone }, [
  { ask: 'dn.example.org. A', says: 'NOERROR aa', authority: SOA },
  { ask: 'dn.example.org. DNAME', says: 'NOERROR aa', answer: [DNAME] },
])

scenario('RFC 6672 2.4: what is below a DNAME is not answered from', { 'example.org.': zone }, [
  {
    ask: 'hidden.dn.example.org. A',
    says: 'NOERROR aa',
    answer: [DNAME, 'hidden.dn.example.org. 120 CNAME hidden.tgt.example.org.'],
    authority: SOA,
  },
])

const labels = (...sizes: number[]) => sizes.map((size) => 'a'.repeat(size)).join('.')

scenario('RFC 6672 2.2: the name that a DNAME leads to is too long', { 'example.org.': zone }, [
  { ask: `${labels(63, 63, 63, 46)}.dn.example.org. A`, says: 'YXDOMAIN aa', answer: [DNAME] },
  {
    ask: `${labels(63, 63, 63, 45)}.dn.example.org. A +tcp`, // leads to a name of 255 octets
    says: 'NOERROR aa',
    answer: [DNAME, `${labels(63, 63, 63, 45)}.dn.example.org. 120 CNAME ${labels(63, 63, 63, 45)}.tgt.example.org.`],
    authority: SOA,
  },
])

const long = labels(63, 63, 63, 38)

scenario('RFC 2181 5: a DNAME that redirects again stands in the answer once', { 'example.org.': zone }, [
  {
    ask: `${long}.growing.example.org. A +tcp`,
    says: 'YXDOMAIN aa',
    answer: [
      'growing.example.org. 300 DNAME a.growing.example.org.',
      `${long}.growing.example.org. 300 CNAME ${long}.a.growing.example.org.`,
    ],
  },
])

const apexDname =
  '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns.example.net.\n@ 300 DNAME example.net.\n@ 300 A 192.0.2.1'

scenario('RFC 6672 2.3: a DNAME at the apex', { 'example.org.': apexDname }, [
  { ask: 'example.org. A', says: 'NOERROR aa', answer: ['example.org. 300 A 192.0.2.1'] },
  { ask: 'example.org. NS', says: 'NOERROR aa', answer: ['example.org. 300 NS ns.example.net.'] },
  {
    ask: 'www.example.org. A',
    says: 'NOERROR aa',
    answer: ['example.org. 300 DNAME example.net.', 'www.example.org. 300 CNAME www.example.net.'],
  },
])

const within = `
$TTL 300
@        SOA   ns hostmaster 1 3600 600 86400 60
@        NS    ns
ns       A     192.0.2.1
up       DNAME tgt
low.up   DNAME example.net.
*.up     A     192.0.2.7
sub.up   NS    ns
tgt      A     192.0.2.8
*.tgt    A     192.0.2.9
dn.sub   DNAME tgt
sub      NS    ns.example.net.
mx       MX    10 mail.up
*.wild   DNAME tgt
both     DNAME tgt
both     A     192.0.2.10
both     MX    10 ns
`
const UP = 'up.example.org. 300 DNAME tgt.example.org.'
const made = (name: string) => `${name}.up.example.org. 300 CNAME ${name}.tgt.example.org.`

scenario('RFC 6672 2.4: the highest of what hides a name', { 'example.org.': within }, [
  {
    ask: 'a.low.up.example.org. A',
    says: 'NOERROR aa',
    answer: [UP, made('a.low'), 'a.low.tgt.example.org. 300 A 192.0.2.9'],
  },
  {
    ask: 'low.up.example.org. DNAME',
    says: 'NOERROR aa',
    answer: [UP, made('low')],
    authority: SOA,
  },
  {
    ask: 'a.sub.up.example.org. A', // a cut below a DNAME is none
    says: 'NOERROR aa',
    answer: [UP, made('a.sub'), 'a.sub.tgt.example.org. 300 A 192.0.2.9'],
  },
  {
    ask: 'a.dn.sub.example.org. A', // a DNAME below a cut is none
    says: 'NOERROR',
    authority: ['sub.example.org. 300 NS ns.example.net.'],
  },
  {
    ask: '*.up.example.org. A',
    says: 'NOERROR aa',
    answer: [UP, made('*'), '*.tgt.example.org. 300 A 192.0.2.9'],
  },
  { ask: 'mx.example.org. MX', says: 'NOERROR aa', answer: ['mx.example.org. 300 MX 10 mail.up.example.org.'] },
])

scenario('RFC 6672 2.3: what stands beside a DNAME', { 'example.org.': within }, [
  { ask: 'both.example.org. A', says: 'NOERROR aa', answer: ['both.example.org. 300 A 192.0.2.10'] },
  {
    ask: 'both.example.org. MX',
    says: 'NOERROR aa',
    answer: ['both.example.org. 300 MX 10 ns.example.org.'],
    additional: ['ns.example.org. 300 A 192.0.2.1'],
  },
])

scenario('RFC 6672 3.3: a DNAME at a wildcard', { 'example.org.': within }, [
  { ask: 'a.wild.example.org. A', says: 'NOERROR aa', authority: SOA },
  { ask: 'b.a.wild.example.org. A', says: 'NOERROR aa', authority: SOA },
  {
    ask: 'a.wild.example.org. DNAME',
    says: 'NOERROR aa',
    answer: ['a.wild.example.org. 300 DNAME tgt.example.org.'],
  },
  {
    ask: 'a.*.wild.example.org. A', // below the asterisk itself
    says: 'NOERROR aa',
    answer: [
      '*.wild.example.org. 300 DNAME tgt.example.org.',
      'a.*.wild.example.org. 300 CNAME a.tgt.example.org.',
      'a.tgt.example.org. 300 A 192.0.2.9',
    ],
  },
])
