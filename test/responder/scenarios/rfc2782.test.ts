/** Additional addresses: RFC 2782 for SRV, RFC 1035 3.3.9 for MX, RFC 9460 4.1 for HTTPS. */
import { scenario } from '../scenario.ts'

const zone = `
$TTL 300
@       SOA ns hostmaster 1 3600 600 86400 60
@       NS  ns
ns      A   192.0.2.1
www     A   192.0.2.10
www     AAAA 2001:db8::10
_s._tcp SRV 10 100 443 www
_s._tcp SRV 20 100 8443 www
_s._tcp SRV 20 100 443 www.example.net.
svc     HTTPS 1 www alpn=h2
here    SVCB 0 www
none    SRV 0 0 0 .
text    TXT "www"
`
const ADDRESSES = ['www.example.org. 300 A 192.0.2.10', 'www.example.org. 300 AAAA 2001:db8::10']

scenario('RFC 2782, RFC 9460 4.1: addresses of the hosts that an answer names', { 'example.org.': zone }, [
  {
    ask: '_s._tcp.example.org. SRV +tcp',
    says: 'NOERROR aa',
    answer: [
      '_s._tcp.example.org. 300 SRV 10 100 443 www.example.org.',
      '_s._tcp.example.org. 300 SRV 20 100 8443 www.example.org.',
      '_s._tcp.example.org. 300 SRV 20 100 443 www.example.net.',
    ],
    additional: ADDRESSES,
  },
  {
    ask: 'svc.example.org. HTTPS',
    says: 'NOERROR aa',
    answer: ['svc.example.org. 300 HTTPS 1 www.example.org. alpn="h2"'],
    additional: ADDRESSES,
  },
  {
    ask: 'here.example.org. SVCB',
    says: 'NOERROR aa',
    answer: ['here.example.org. 300 SVCB 0 www.example.org.'],
    additional: ADDRESSES,
  },
  { ask: 'none.example.org. SRV', says: 'NOERROR aa', answer: ['none.example.org. 300 SRV 0 0 0 .'] },
  { ask: 'text.example.org. TXT', says: 'NOERROR aa', answer: ['text.example.org. 300 TXT "www"'] },
])

const hosts = `
$TTL 300
@       SOA  ns hostmaster 1 3600 600 86400 60
@       NS   ns
@       NS   ns.sub
ns      A    192.0.2.1
*.w     A    192.0.2.20
x.y.w   TXT  "exists"
sub     NS   ns.sub
ns.sub  A    192.0.2.40
dn      DNAME w
alias   CNAME ns
self    MX   10 self
self    A    192.0.2.11
mx      MX   10 host.w
mx      MX   20 a.y.w
mx      MX   30 host.dn
mx      MX   40 alias
mx      MX   50 ns.sub
mx      MX   60 www.example.net.
mx      MX   70 host.w
`
const net = '@ 60 SOA ns h 1 3600 600 86400 60\n@ 60 NS ns\nns 60 A 198.51.100.1\nwww 60 A 198.51.100.2'

scenario('RFC 1034 4.3.2 step 6: as an answer to the next question', { 'example.org.': hosts, 'example.net.': net }, [
  {
    // by a wildcard; not where one is held off, below a DNAME, at an alias, or as glue; from another zone; each once
    ask: 'mx.example.org. MX',
    says: 'NOERROR aa',
    answer: [
      'mx.example.org. 300 MX 10 host.w.example.org.',
      'mx.example.org. 300 MX 20 a.y.w.example.org.',
      'mx.example.org. 300 MX 30 host.dn.example.org.',
      'mx.example.org. 300 MX 40 alias.example.org.',
      'mx.example.org. 300 MX 50 ns.sub.example.org.',
      'mx.example.org. 300 MX 60 www.example.net.',
      'mx.example.org. 300 MX 70 host.w.example.org.',
    ],
    additional: ['host.w.example.org. 300 A 192.0.2.20', 'www.example.net. 60 A 198.51.100.2'],
  },
  {
    ask: 'self.example.org. MX',
    says: 'NOERROR aa',
    answer: ['self.example.org. 300 MX 10 self.example.org.'],
    additional: ['self.example.org. 300 A 192.0.2.11'],
  },
  {
    ask: 'example.org. NS', // of name servers also what is glue
    says: 'NOERROR aa',
    answer: ['example.org. 300 NS ns.example.org.', 'example.org. 300 NS ns.sub.example.org.'],
    additional: ['ns.example.org. 300 A 192.0.2.1', 'ns.sub.example.org. 300 A 192.0.2.40'],
  },
])
