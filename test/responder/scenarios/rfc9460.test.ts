/** RFC 9460 4.1: what goes along with SVCB and HTTPS; 2.4.2: AliasMode; 2.5.2: a target that is the owner. */
import { scenario } from '../scenario.ts'

const zone = `
$TTL 300
@       SOA   ns hostmaster 1 3600 600 86400 60
@       NS    ns
@       HTTPS 0 svc
ns      A     192.0.2.1
svc     HTTPS 1 . alpn=h2
svc     HTTPS 2 host port=8443
svc     A     192.0.2.10
svc     AAAA  2001:db8::10
host    A     192.0.2.11
self    HTTPS 1 . alpn=h3
self    A     192.0.2.12
*.w     HTTPS 1 . alpn=h2
*.w     A     192.0.2.13
to-w    SVCB  0 a.w
a1      HTTPS 0 a2
a2      HTTPS 0 a3
a3      HTTPS 1 host alpn=h2
plain   HTTPS 0 host
loop1   HTTPS 0 loop2
loop2   HTTPS 0 loop1
none    HTTPS 0 .
away    HTTPS 0 svc.example.net.
other   HTTPS 0 svc.sub
alias   CNAME host
to-alias HTTPS 1 alias alpn=h2
`
const sub = '@ 60 SOA ns h 1 3600 600 86400 60\n@ 60 NS ns.example.org.\nsvc 60 HTTPS 1 . alpn=h2\nsvc 60 A 192.0.2.60'
const zones = { 'example.org.': zone, 'sub.example.org.': sub }
const SVC = ['svc.example.org. 300 HTTPS 1 . alpn="h2"', 'svc.example.org. 300 HTTPS 2 host.example.org. port=8443']
const SVC_ADDRESSES = ['svc.example.org. 300 A 192.0.2.10', 'svc.example.org. 300 AAAA 2001:db8::10']
const HOST = 'host.example.org. 300 A 192.0.2.11'

scenario('RFC 9460 2.5.2: a target that is the owner itself', zones, [
  {
    ask: 'self.example.org. HTTPS',
    says: 'NOERROR aa',
    answer: ['self.example.org. 300 HTTPS 1 . alpn="h3"'],
    additional: ['self.example.org. 300 A 192.0.2.12'],
  },
  { ask: 'svc.example.org. HTTPS', says: 'NOERROR aa', answer: SVC, additional: [...SVC_ADDRESSES, HOST] },
  {
    ask: 'x.w.example.org. HTTPS', // the owner is the name that was asked for
    says: 'NOERROR aa',
    answer: ['x.w.example.org. 300 HTTPS 1 . alpn="h2"'],
    additional: ['x.w.example.org. 300 A 192.0.2.13'],
  },
])

scenario('RFC 9460 2.4.2, 4.1: where an alias leads', zones, [
  {
    ask: 'example.org. HTTPS',
    says: 'NOERROR aa',
    answer: ['example.org. 300 HTTPS 0 svc.example.org.'],
    additional: [...SVC, ...SVC_ADDRESSES, HOST],
  },
  {
    ask: 'a1.example.org. HTTPS',
    says: 'NOERROR aa',
    answer: ['a1.example.org. 300 HTTPS 0 a2.example.org.'],
    additional: [
      'a2.example.org. 300 HTTPS 0 a3.example.org.',
      'a3.example.org. 300 HTTPS 1 host.example.org. alpn="h2"',
      HOST,
    ],
  },
  {
    ask: 'plain.example.org. HTTPS',
    says: 'NOERROR aa',
    answer: ['plain.example.org. 300 HTTPS 0 host.example.org.'],
    additional: [HOST],
  },
  {
    ask: 'loop1.example.org. HTTPS',
    says: 'NOERROR aa',
    answer: ['loop1.example.org. 300 HTTPS 0 loop2.example.org.'],
    additional: ['loop2.example.org. 300 HTTPS 0 loop1.example.org.'],
  },
  {
    ask: 'to-w.example.org. SVCB', // another type than what is there
    says: 'NOERROR aa',
    answer: ['to-w.example.org. 300 SVCB 0 a.w.example.org.'],
    additional: ['a.w.example.org. 300 A 192.0.2.13'],
  },
  {
    ask: 'other.example.org. HTTPS',
    says: 'NOERROR aa',
    answer: ['other.example.org. 300 HTTPS 0 svc.sub.example.org.'],
    additional: ['svc.sub.example.org. 60 HTTPS 1 . alpn="h2"', 'svc.sub.example.org. 60 A 192.0.2.60'],
  },
  { ask: 'away.example.org. HTTPS', says: 'NOERROR aa', answer: ['away.example.org. 300 HTTPS 0 svc.example.net.'] },
  { ask: 'none.example.org. HTTPS', says: 'NOERROR aa', answer: ['none.example.org. 300 HTTPS 0 .'] },
  {
    ask: 'to-alias.example.org. HTTPS', // a CNAME is no address
    says: 'NOERROR aa',
    answer: ['to-alias.example.org. 300 HTTPS 1 alias.example.org. alpn="h2"'],
  },
])
