/** RFC 8482: ANY gets one RRset over UDP, all of them over TCP. */
import { scenario } from '../scenario.ts'

const zone = `
$TTL 300
@     SOA ns hostmaster 1 3600 600 86400 60
@     NS  ns
@     MX  10 www
ns    A   192.0.2.1
www   AAAA 2001:db8::10
www   TXT  "text"
www   A    192.0.2.10
self  A    192.0.2.11
self  MX   10 self
alias CNAME www
*.w   TXT "wild"
dn    DNAME w
many.w TXT "text"
many.w MX  10 www
many.w A   192.0.2.12
to.w  CNAME many
cut.w NS   ns.cut.w
ns.cut.w A 192.0.2.13
two   DNAME dn
`
const SOA = 'example.org. 300 SOA ns.example.org. hostmaster.example.org. 1 3600 600 86400 60'
const NEGATIVE = SOA.replace(' 300 ', ' 60 ')

scenario('RFC 8482 4.1', { 'example.org.': zone }, [
  { ask: 'www.example.org. ANY', says: 'NOERROR aa', answer: ['www.example.org. 300 A 192.0.2.10'] },
  { ask: 'example.org. ANY', says: 'NOERROR aa', answer: [SOA] },
  { ask: 'alias.example.org. ANY', says: 'NOERROR aa', answer: ['alias.example.org. 300 CNAME www.example.org.'] },
  { ask: 'z.w.example.org. ANY', says: 'NOERROR aa', answer: ['z.w.example.org. 300 TXT "wild"'] },
  { ask: 'w.example.org. ANY', says: 'NOERROR aa', authority: [NEGATIVE] },
  { ask: 'nx.example.org. ANY', says: 'NXDOMAIN aa', authority: [NEGATIVE] },
  { ask: 'example.net. ANY', says: 'REFUSED' },
  {
    ask: 'a.dn.example.org. ANY',
    says: 'NOERROR aa',
    answer: [
      'dn.example.org. 300 DNAME w.example.org.',
      'a.dn.example.org. 300 CNAME a.w.example.org.',
      'a.w.example.org. 300 TXT "wild"',
    ],
  },
  {
    ask: 'many.dn.example.org. ANY', // one of the name that the DNAME leads to
    says: 'NOERROR aa',
    answer: [
      'dn.example.org. 300 DNAME w.example.org.',
      'many.dn.example.org. 300 CNAME many.w.example.org.',
      'many.w.example.org. 300 A 192.0.2.12',
    ],
  },
  {
    ask: 'many.two.example.org. ANY',
    says: 'NOERROR aa',
    answer: [
      'two.example.org. 300 DNAME dn.example.org.',
      'many.two.example.org. 300 CNAME many.dn.example.org.',
      'dn.example.org. 300 DNAME w.example.org.',
      'many.dn.example.org. 300 CNAME many.w.example.org.',
      'many.w.example.org. 300 A 192.0.2.12',
    ],
  },
  {
    ask: 'to.dn.example.org. ANY',
    says: 'NOERROR aa',
    answer: [
      'dn.example.org. 300 DNAME w.example.org.',
      'to.dn.example.org. 300 CNAME to.w.example.org.',
      'to.w.example.org. 300 CNAME many.example.org.',
    ],
  },
  {
    ask: 'cut.dn.example.org. ANY', // a referral with its glue
    says: 'NOERROR aa',
    answer: ['dn.example.org. 300 DNAME w.example.org.', 'cut.dn.example.org. 300 CNAME cut.w.example.org.'],
    authority: ['cut.w.example.org. 300 NS ns.cut.w.example.org.'],
    additional: ['ns.cut.w.example.org. 300 A 192.0.2.13'],
  },
  {
    ask: 'dn.example.org. ANY',
    says: 'NOERROR aa',
    answer: ['dn.example.org. 300 DNAME w.example.org.'],
  },
  {
    ask: 'www.example.org. ANY +tcp',
    says: 'NOERROR aa',
    answer: [
      'www.example.org. 300 A 192.0.2.10',
      'www.example.org. 300 TXT "text"',
      'www.example.org. 300 AAAA 2001:db8::10',
    ],
  },
  {
    ask: 'example.org. ANY +tcp',
    says: 'NOERROR aa',
    answer: [SOA, 'example.org. 300 NS ns.example.org.', 'example.org. 300 MX 10 www.example.org.'],
  },
  {
    ask: 'self.example.org. ANY +tcp', // the address once
    says: 'NOERROR aa',
    answer: ['self.example.org. 300 A 192.0.2.11', 'self.example.org. 300 MX 10 self.example.org.'],
  },
])

scenario(
  'of what is looked up for the name, under whatever name it is told',
  { 'example.org.': zone },
  [{ ask: 'old.example.org. ANY', says: 'NOERROR aa', answer: ['www.example.org. 300 A 192.0.2.10'] }],
  { rewrite: [{ match: 'exact', from: 'old.example.org', to: 'www.example.org', answer: 'none' }] },
)
